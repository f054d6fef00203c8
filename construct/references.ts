import { withHelp } from "../provider/message.ts";
import { WHOLE_COMPONENT } from "../sdk/components/component-args.ts";
import { Host, Lan, Router, Trunk } from "../sdk/components/index.ts";

/**
 * Checks the references to components among the arguments of a component, of which the package's schema does not give the types.
 *
 * @param path The argument that contains the values; empty for all arguments.
 */
export function checkReferences(value: unknown, path = ""): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkReferences(item, `${path}[${index}]`);
    return;
  }
  if (typeof value !== "object" || value === null || isComponent(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const inside = path === "" ? key : `${path}.${key}`;
    const classes = REFERENCES.get(key);
    if (classes !== undefined && !classes.some((one) => inner instanceof one)) {
      const names = classes.map(({ name }) => name).join(" or ");
      throw new Error(withHelp(`${inside}: the value is not a component of type ${names}`, WHOLE_COMPONENT));
    }
    checkReferences(inner, inside);
  }
}

const isComponent = (value: object): boolean => CLASSES.some((one) => value instanceof one);

const CLASSES = [Host, Lan, Router, Trunk];

const REFERENCES = new Map([
  ["node", [Host, Router]],
  ["trunk", [Trunk]],
  ["bridge", [Lan]],
]);
