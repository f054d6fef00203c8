/** Returns the type token of a kind, by which Pulumi identifies its class and which previews show. */
export const tokenOf = (kind: string): string => `${DYNAMIC}${kind}`;

/** Returns the type token of a kind in programs that use the plugin, such as those in YAML. */
export const pluginTokenOf = (kind: string): string => `${PLUGIN}${kind}`;

/** Returns the kind of either type token; undefined for a class of another package. */
export const kindOfToken = (token: string): string | undefined => {
  const prefix = [DYNAMIC, PLUGIN].find((one) => token.startsWith(one));
  return prefix === undefined ? undefined : token.slice(prefix.length);
};

const DYNAMIC = "pulumi-nodejs:dynamic/netns:";
const PLUGIN = "netns:index:";

/** The parts of a resource's URN: `urn:pulumi:STACK::PROJECT::TYPES::NAME`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The type token of the resource itself, without those of its parent components. */
  readonly type: string;
  /** The name of the resource in the program, which may contain `::` itself. */
  readonly name: string;
}

export function parseUrn(urn: string): Urn {
  const [, stack = "", project = "", types = "", name = ""] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn) ?? [];
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name };
}
