import { type Check, describe } from "./check.ts";

/** A link that is to be up while its parent is declared down, where the kernel refuses this. */
export const parentDown: Check = ({ links }) =>
  [...links.values()].flatMap(({ resource, key, traits, args, up, parent = "" }) => {
    const under = links.get(parent);
    if (up !== true || under?.up !== false || traits.needsParentUp?.(args) !== true) return [];
    return [
      {
        about: resource,
        message: `${key} cannot be up: its parent ${parent} (${describe(under.resource)}) has up: false, and the kernel refuses this ("Network is down")`,
        help: `set up: true on ${parent}, or up: false or looseBinding: true on ${key}`,
      },
    ];
  });
