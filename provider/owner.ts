import { createHash } from "node:crypto";

/** The identity of a resource: its stack, its name, and its URN, which distinguishes resources with the same name. */
export interface ResourceIdentity {
  readonly project: string;
  readonly stack: string;
  /** The id of the backend that stores the stack's state; see {@link currentBackend}. Absent if it is not known. */
  readonly backend?: string | undefined;
  /** The name of the lab host; absent for this machine. */
  readonly host?: string | undefined;
  readonly name: string;
  readonly urn: string;
}

/** A resource that claims names in the kernel. */
export interface Claimant {
  readonly mark: string;
  /** The name of its kind. */
  readonly type: string;
}

/**
 * Returns our mark for a kernel object: `pulumi-netns:project/stack@backend:name@hash`, or `project/stack/host` for a lab host other
 * than this machine. It is stored in a link's alias or an nft rule's comment, and distinguishes our objects from all others. Two
 * stacks with the same name in different backends have different marks, and so has one stack on different hosts.
 */
export function markOf({ project, stack, backend, host, name, urn }: ResourceIdentity): string {
  const named = `${sanitize(project)}/${sanitize(stack)}`;
  const placed = host === undefined ? shorten(named, 48) : `${shorten(named, 28)}/${shorten(sanitize(host), 19)}`;
  const owner = placed + (backend === undefined ? "" : `@${backend}`);
  return `${PREFIX}${owner}:${nameInMark(name)}@${digest(urn)}`;
}

/** Returns the name of a resource as its mark contains it; see {@link resourceOf}. */
export const nameInMark = (name: string): string => shorten(sanitize(name), 32);

/** Returns the stack in a mark, as `project/stack@backend` or `project/stack/host@backend`; undefined for text that is not a mark. */
export function stackOf(mark: string | undefined): string | undefined {
  return mark === undefined ? undefined : /^pulumi-netns:([^:]+):[^:]*@[0-9a-f]{8}$/.exec(mark)?.[1];
}

/** Returns the `project/stack` or `project/stack/host` in a mark, without the backend. */
export const stackNameOf = (mark: string | undefined): string | undefined => stackOf(mark)?.split("@")[0];

/** Returns the id of the backend in a mark; undefined for a mark without one. */
export const backendOf = (mark: string | undefined): string | undefined => stackOf(mark)?.split("@")[1];

/**
 * Returns whether a mark that was found belongs to the same stack as a resource's own mark. If one of them has no backend, as
 * in version 0.1.0, only the names of the stacks are compared.
 */
export function isOfStack(found: string | undefined, own: string): boolean {
  const [backend, ours] = [backendOf(found), backendOf(own)];
  const isSame = backend === undefined || ours === undefined || backend === ours;
  return isSame && stackOf(found) !== undefined && stackNameOf(found) === stackNameOf(own);
}

/** Returns whether a mark that was found belongs to another resource of the same stack. */
export const isSibling = (found: string | undefined, own: string): boolean => found !== own && isOfStack(found, own);

/** Returns the (possibly shortened) name of the resource in a mark; undefined for text that is not a mark. */
export function resourceOf(mark: string): string | undefined {
  return /^pulumi-netns:[^:]+:([^:]*)@[0-9a-f]{8}$/.exec(mark)?.[1];
}

/** Returns a short hash of a text. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

const PREFIX = "pulumi-netns:";

// nft limits a comment to 127 bytes, and a NAT rule's comment also contains the hash of the rule before it.
const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 9)}-${digest(text)}`;

const sanitize = (text: string): string => text.replaceAll(/[^\w./-]/g, "_");

/**
 * Returns whether a resource owns an object, by the mark that the object has. The name of an object is no proof: another one may have taken it.
 *
 * @param ownership Whether the mark of the resource itself proves that it owns the object, or its state with any mark of its stack.
 */
export function owns(ownership: "mark" | "state", seen: string | undefined, mark: string): boolean {
  // The empty mark is that of an object that was imported without one.
  if (ownership === "mark") return (seen ?? "") === mark;
  return stackOf(seen) === undefined || isOfStack(seen, mark);
}

/** Returns whether an observed object is that of a resource with a mark. An equal one of others, in a kind without marks, is not. */
export const isOwned = (
  { ownership }: { readonly ownership: "mark" | "state" },
  seen: { readonly mark: string | undefined; readonly ofOthers?: string | undefined },
  mark: string,
): boolean => seen.ofOthers === undefined && owns(ownership, seen.mark, mark);
