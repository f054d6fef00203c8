import type { Kind, Observed } from "../../provider/kind.ts";
import { bridge } from "../../provider/kinds/bridge.ts";
import { initialGroup } from "../../provider/kinds/link.ts";
import { check, type Fields, fieldsOf } from "../../provider/schema.ts";

/** The mark of the resource in tests. */
export const MARK = "pulumi-netns:lab/dev:it@0123abcd";

/** Returns arguments as a plan gets them: checked and with defaults. */
export function ready<Args extends object, Seen extends Observed<Args>>(kind: Kind<Args, Seen>, args: object): Args {
  const checked = check(kind.schema, args);
  if ("failures" in checked) throw new Error(JSON.stringify(checked.failures));
  return kind.applyDefaults?.(checked.args, MARK) ?? checked.args;
}

/** Returns the value at a dotted path. */
export function valueAt(args: object, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], args);
}

/** Returns arguments with another value at a dotted path. */
export function withValue(args: object, path: string, value: unknown): Record<string, unknown> {
  const [key = "", ...rest] = path.split(".");
  const inner = (args as Record<string, unknown>)[key];
  return { ...args, [key]: rest.length === 0 ? value : withValue(inner as object, rest.join("."), value) };
}

/** Returns the dotted paths of all arguments, groups before their members. */
export function pathsOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([key, entry]) => [
    key,
    ...pathsOf(fieldsOf(entry) ?? {}).map((inner) => `${key}.${inner}`),
  ]);
}

/** Returns the arguments of a bridge with all defaults, as a plan gets them. */
export const bridgeArgs = (more: object = {}) => ready(bridge, { name: "br0", mac: "02:00:00:00:00:01", ...more });

/** Returns the commands that create the bridge br0 and mark it, in a namespace or on the lab host. */
export function bridgeCommands({ namespace, mark = MARK }: { namespace?: string | undefined; mark?: string } = {}) {
  const ip = namespace === undefined ? "ip" : `ip -n ${namespace}`;
  const group = initialGroup({ name: "br0", namespace }, mark);
  return {
    add: `${ip} link add name br0 group ${group} address 02:00:00:00:00:01 type bridge`,
    set: `${ip} link set dev br0 up alias ${mark} group default`,
  };
}
