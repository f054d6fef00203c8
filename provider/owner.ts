import { createHash } from "node:crypto";

/** Who a resource is, as far as the kernel is to know: its stack, its name, and its URN to tell namesakes apart. */
export interface Identity {
  readonly project: string;
  readonly stack: string;
  readonly name: string;
  readonly urn: string;
}

/**
 * Our mark on a kernel object: `pulumi-netns:project/stack:name@hash`. It is what a link's alias or an nft rule's comment
 * shows to whoever looks, and what tells our objects from everybody else's.
 */
export function markOf({ project, stack, name, urn }: Identity): string {
  const owner = fit(`${plain(project)}/${plain(stack)}`, 64);
  return `${PREFIX}${owner}:${fit(plain(name), 32)}@${digest(urn)}`;
}

/** The `project/stack` that a mark names; undefined for text that is not a mark. */
export function stackOf(mark: string | undefined): string | undefined {
  return mark === undefined ? undefined : /^pulumi-netns:([^:]+):[^:]*@[0-9a-f]{8}$/.exec(mark)?.[1];
}

/** A short text that stands for a longer one. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

const PREFIX = "pulumi-netns:";

// nft keeps at most 127 bytes of a comment, and takes only these characters in the name of a table.
const fit = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 9)}-${digest(text)}`;

const plain = (text: string): string => text.replaceAll(/[^\w./-]/g, "_");
