/** The type token of a kind, by which Pulumi knows its class and which previews show. */
export const tokenOf = (kind: string): string => `${PREFIX}${kind}`;

/** The kind of a type token; undefined for a class of another package. */
export const kindOfToken = (token: string): string | undefined =>
  token.startsWith(PREFIX) ? token.slice(PREFIX.length) : undefined;

const PREFIX = "pulumi-nodejs:dynamic/netns:";

/** A resource's URN taken apart: `urn:pulumi:STACK::PROJECT::TYPES::NAME`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The type token of the resource itself, without those of the components that it is in. */
  readonly type: string;
  /** The name of the resource in the program, which may contain `::` itself. */
  readonly name: string;
}

export function parseUrn(urn: string): Urn {
  const [, stack = "", project = "", types = "", name = ""] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn) ?? [];
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name };
}
