import type { KernelClient } from "../kernel/kernel.ts";
import { type RouteEntry, showLink } from "../kernel/tools/ip.ts";
import { addNote, removeNote } from "../notes.ts";
import { digest, isOfStack, stackOf } from "../owner.ts";
import type { Step } from "../plan.ts";
import { changes, type Schema } from "../schema.ts";
import { linkMark } from "./link.ts";

/*
 * The stack that has created a route or a neighbour. These can only store a protocol, which is the same for all stacks. In a namespace that
 * the stack has created, the stack owns the route; elsewhere a note names the owner.
 */

/** A route, or another entry with a protocol on a link. */
type OnLink = Pick<RouteEntry, "dev" | "protocol">;

/** The stack that owns a route, and the note that names it. */
interface RouteOwner {
  readonly mark: string;
  /** Undefined if there is none. */
  readonly note: string | undefined;
}

/**
 * Returns the owner of a route; undefined if there is no route and no note of our own stack. If a route was deleted with its link or
 * address, its note remains.
 */
export async function observeOwner(
  kernel: KernelClient,
  namespace: string | undefined,
  id: string,
  found: OnLink | undefined,
  mark: string,
): Promise<RouteOwner | undefined> {
  const loopback = await showLink(kernel, namespace, "lo");
  const notes = (loopback?.altnames ?? []).filter((text) => text.startsWith(notePrefix(id)));
  const own = notes.find((text) => isOfStack(noteOwner(text), mark));
  if (own !== undefined) return { note: own, mark: noteOwner(own) };
  if (found === undefined) return undefined;
  const [note] = notes;
  const owner =
    note === undefined ? await markOfPlace(kernel, namespace, found, mark, loopback?.ifalias) : noteOwner(note);
  return { note, mark: owner };
}

/**
 * Returns an object of others in terms of arguments: with its protocol, if it is otherwise what a resource declares. Only the protocol then
 * shows a refresh that the object is not the resource's, whose delete would leave it.
 */
export function stateOfOthers<Args extends { readonly protocol?: string | undefined }>(
  schema: Schema<Args>,
  state: Args,
  wanted: Args,
  { protocol = "unspec" }: Pick<OnLink, "protocol">,
): Args {
  const isEqual = changes(schema, state, { ...wanted, protocol: undefined }).length === 0;
  return isEqual ? { ...state, protocol } : state;
}

/** Returns the steps after which the note of a route names its stack. */
export function noteSteps(
  namespace: string | undefined,
  id: string,
  known: string | undefined,
  { mark, ownsPlace = false }: { readonly mark: string; readonly ownsPlace?: boolean | undefined },
): Step[] {
  const text = routeNote(id, mark);
  return [
    ...(ownsPlace || known === text ? [] : [addNote(namespace, text)]),
    // A stack that was renamed, or whose state was moved, has added a note with another text.
    ...(known === undefined || known === text ? [] : [removeRouteNote(namespace, known)]),
  ];
}

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

/** Returns whether a note names the stack that has created a route. */
export const isRouteNote = (text: string): boolean => text.startsWith(PREFIX);

/** Returns whether a note belongs to the object that claims a name. */
export const isNoteOfClaim = (text: string, claim: string): boolean =>
  text.startsWith(notePrefix(claim.replace(/^(?:route|next hop|routing rule) /, "")));

/** Returns the mark of the stack that, according to a note, has created a route. */
export function noteOwner(text: string): string {
  const [, id = "", stack = ""] = /^pulumi-netns:route:([0-9a-f]{8}):(.*)$/.exec(text) ?? [];
  return `pulumi-netns:${stack.replaceAll("!", "/")}:route@${id}`;
}

/** Returns the prefix of a route's notes, which is the same for all stacks. */
const notePrefix = (id: string): string => `${PREFIX}${digest(id)}:`;

const PREFIX = "pulumi-netns:route:";
