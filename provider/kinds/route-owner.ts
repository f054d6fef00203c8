import type { KernelClient } from "../kernel/kernel.ts";
import { type RouteEntry, showLink } from "../kernel/tools/ip.ts";
import { addNote, removeNote } from "../notes.ts";
import { digest, isOfStack, stackOf } from "../owner.ts";
import type { Step } from "../plan.ts";
import { linkMark } from "./link.ts";

/*
 * The stack that has made a route. A route has room for a protocol only, which is the same for all stacks. In a namespace that
 * the stack has made, the route is the stack's; elsewhere a note says whose it is.
 */

/** The mark of the link that a route leads over. The kernel's own routes, of a link's networks, are no stack's. */
export async function markOfLink(
  kernel: KernelClient,
  namespace: string | undefined,
  { dev, protocol }: RouteEntry,
  mark: string,
): Promise<string | undefined> {
  const link = dev === undefined || protocol === "kernel" ? undefined : await showLink(kernel, namespace, dev);
  return link && linkMark({ namespace, name: link.ifname }, link, mark);
}

/** The mark of a route without a note: that of another stack whose namespace or link it is in or leads over, else our own. */
export async function markOfPlace(
  kernel: KernelClient,
  namespace: string | undefined,
  found: RouteEntry,
  mark: string,
  loopback: string | undefined,
): Promise<string> {
  const place = namespace === undefined ? undefined : loopback;
  if (isOfStack(place, mark)) return mark;
  const marks = [await markOfLink(kernel, namespace, found, mark), place];
  return marks.find((other) => stackOf(other) !== undefined && !isOfStack(other, mark)) ?? mark;
}

/** The note that says which stack has made a route, where that does not follow from the route's place. */
export const routeNote = (id: string, mark: string): string =>
  `${notePrefix(id)}${stackOf(mark)?.replaceAll("/", "!")}`;

/** Erases the note of a route. */
export const removeRouteNote = (namespace: string | undefined, text: string): Step => ({
  ...removeNote(namespace, text),
  undo: addNote(namespace, text).run,
});

/** The mark of the stack that a note names as the maker of a route. */
export function noteOwner(text: string): string {
  const [, id = "", stack = ""] = /^pulumi-netns:route:([0-9a-f]{8}):(.*)$/.exec(text) ?? [];
  return `pulumi-netns:${stack.replaceAll("!", "/")}:route@${id}`;
}

/** What begins the notes of a route, whichever stack has made it. */
export const notePrefix = (id: string): string => `pulumi-netns:route:${digest(id)}:`;
