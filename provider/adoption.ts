import { formatValue } from "./format-value.ts";
import type { Kind } from "./kind.ts";
import type { Properties } from "./properties.ts";
import { valueAtPath } from "./property-path.ts";
import { type Change, changes, secretArguments } from "./schema.ts";

/**
 * Returns the text about an existing object that a resource with `adopt` takes over, such as
 * `the existing Bridge br0 is adopted, with changes: mtu 1500 → 1400`. The preview itself shows a create.
 */
export function adoptionText<Args extends object>(
  { type, schema, id }: Pick<Kind<Args>, "type" | "schema" | "id">,
  state: Args,
  wanted: Args,
  { __mark: mark, __secret: secret = [] }: Properties,
): string {
  const hidden = [...secret, ...secretArguments(schema, wanted), ...secretArguments(schema, state)];
  const isHidden = (property: string) => hidden.some((one) => one === property || one.startsWith(`${property}.`));
  const text = ({ property }: Change): string => {
    const [is, now] = [valueAtPath(state, property), valueAtPath(wanted, property)];
    return isHidden(property) || !isPlain(is) || !isPlain(now) ? property : `${property} ${shown(is)} → ${shown(now)}`;
  };
  const differing = changes(schema, state, wanted).map(text);
  const how = differing.length === 0 ? " without changes" : `, with changes: ${differing.join(", ")}`;
  return `the existing ${type} ${id(wanted, mark)} is adopted${how}`;
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

const shown = (value: unknown): string => (value === undefined ? "unset" : formatValue(value));
