import type { KernelClient } from "../kernel/kernel.ts";
import { type RouteEntry, showLink } from "../kernel/tools/ip.ts";
import { addNote, removeNote } from "../notes.ts";
import { digest, isOfStack, stackOf } from "../owner.ts";
import type { Step } from "../plan.ts";
import { linkMark } from "./link.ts";

/*
 * The stack that has created a route or a neighbour. These can only store a protocol, which is the same for all stacks. In a namespace that
 * the stack has created, the stack owns the route; elsewhere a note names the owner.
 */

/** A route, or another entry with a protocol on a link. */
type OnLink = Pick<RouteEntry, "dev" | "protocol">;

/** Returns the mark of a route's link. The kernel's own routes, to a link's networks, belong to no stack. */
export async function markOfLink(
  kernel: KernelClient,
  namespace: string | undefined,
  { dev, protocol }: OnLink,
  mark: string,
): Promise<string | undefined> {
  const link = dev === undefined || protocol === "kernel" ? undefined : await showLink(kernel, namespace, dev);
  return link && linkMark({ namespace, name: link.ifname }, link, mark);
}

/** Returns the mark of a route without a note: that of another stack which owns its namespace or link, else our own. */
export async function markOfPlace(
  kernel: KernelClient,
  namespace: string | undefined,
  found: OnLink,
  mark: string,
  loopback: string | undefined,
): Promise<string> {
  const place = namespace === undefined ? undefined : loopback;
  if (isOfStack(place, mark)) return mark;
  const marks = [await markOfLink(kernel, namespace, found, mark), place];
  return marks.find((other) => stackOf(other) !== undefined && !isOfStack(other, mark)) ?? mark;
}

/** Returns the note with the stack that has created a route, for places that do not determine the stack. */
export const routeNote = (id: string, mark: string): string =>
  `${notePrefix(id)}${stackOf(mark)?.replaceAll("/", "!")}`;

/** Returns the step that removes the note of a route. */
export const removeRouteNote = (namespace: string | undefined, text: string): Step => ({
  ...removeNote(namespace, text),
  undo: addNote(namespace, text).run,
});

/** Returns the mark of the stack that, according to a note, has created a route. */
export function noteOwner(text: string): string {
  const [, id = "", stack = ""] = /^pulumi-netns:route:([0-9a-f]{8}):(.*)$/.exec(text) ?? [];
  return `pulumi-netns:${stack.replaceAll("!", "/")}:route@${id}`;
}

/** Returns the prefix of a route's notes, which is the same for all stacks. */
export const notePrefix = (id: string): string => `pulumi-netns:route:${digest(id)}:`;
