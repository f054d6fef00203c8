import { createHash } from "node:crypto";

/** What tells one resource from all others: its stack, its name, and its URN, which tells namesakes apart. */
export interface ResourceIdentity {
  readonly project: string;
  readonly stack: string;
  /** The identity of the place where the stack's state lies; see {@link currentBackend}. Absent where that is not known. */
  readonly backend?: string | undefined;
  readonly name: string;
  readonly urn: string;
}

/**
 * Our mark on a kernel object: `pulumi-netns:project/stack@backend:name@hash`. A link's alias or an nft rule's comment shows
 * it, and it tells our objects from all others. Two stacks of one name whose states lie in different places have different
 * marks.
 */
export function markOf({ project, stack, backend, name, urn }: ResourceIdentity): string {
  const owner = shorten(`${sanitize(project)}/${sanitize(stack)}`, 48) + (backend === undefined ? "" : `@${backend}`);
  return `${PREFIX}${owner}:${shorten(sanitize(name), 32)}@${digest(urn)}`;
}

/** The stack that a mark names, as `project/stack@backend`; undefined for text that is not a mark. */
export function stackOf(mark: string | undefined): string | undefined {
  return mark === undefined ? undefined : /^pulumi-netns:([^:]+):[^:]*@[0-9a-f]{8}$/.exec(mark)?.[1];
}

/** The `project/stack` that a mark names, without the place of its state. */
export const stackNameOf = (mark: string | undefined): string | undefined => stackOf(mark)?.split("@")[0];

/** The identity of the place where the state of a mark's stack lies; undefined for a mark that does not tell it. */
export const backendOf = (mark: string | undefined): string | undefined => stackOf(mark)?.split("@")[1];

/**
 * Whether a mark that was found is of the same stack as a resource's own. Where one of them does not say where the state lies,
 * as those of version 0.1.0, the name of the stack decides.
 */
export function isOfStack(found: string | undefined, own: string): boolean {
  const [backend, ours] = [backendOf(found), backendOf(own)];
  const isSame = backend === undefined || ours === undefined || backend === ours;
  return isSame && stackOf(found) !== undefined && stackNameOf(found) === stackNameOf(own);
}

/** Whether a mark that was found is that of another resource of the same stack. */
export const isSibling = (found: string | undefined, own: string): boolean => found !== own && isOfStack(found, own);

/** The name of the resource that a mark names, as far as the mark has room for it; undefined for text that is not a mark. */
export function resourceOf(mark: string): string | undefined {
  return /^pulumi-netns:[^:]+:([^:]*)@[0-9a-f]{8}$/.exec(mark)?.[1];
}

/** A short text that stands for a longer one. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

const PREFIX = "pulumi-netns:";

// nft keeps at most 127 bytes of a comment, and a NAT rule's comment also has the hash of the rule before it.
const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 9)}-${digest(text)}`;

const sanitize = (text: string): string => text.replaceAll(/[^\w./-]/g, "_");
