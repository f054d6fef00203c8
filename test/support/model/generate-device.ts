import type { DeviceKind } from "./devices.ts";
import type { Dice } from "./dice.ts";
import type { DeviceThing, Lab } from "./lab.ts";
import { aLink, anEnd } from "./parts.ts";

/** Returns a link of a kind with values of its own; undefined if the lab has no parent for it. */
export function deviceOf(
  dice: Dice,
  lab: Lab,
  kind: DeviceKind,
): Omit<DeviceThing, "key" | "id" | "options"> | undefined {
  const { place, master, mac, mtu, ...fields } = anEnd(dice, lab);
  const parent = kind.isChild ? aLink(dice, lab) : undefined;
  if (kind.isChild && parent === undefined) return undefined;
  return {
    ...{ kind: "device", type: kind.type, ...fields, ...(kind.hasMac && mac !== undefined && { mac }) },
    ...(parent === undefined
      ? { ...(place && { place }), ...(master && { master }), ...(mtu !== undefined && { mtu }) }
      : { parent, ...(dice.chance(0.3) && place && { place }) }),
    ...ownOf(dice, lab, kind),
  };
}

/** Returns values and references for the own arguments of a kind. */
export function ownOf(dice: Dice, lab: Lab, { own, refs }: DeviceKind): Pick<DeviceThing, "own" | "refs"> {
  const referring = refs.flatMap((name) => {
    const ref = dice.chance(0.5) ? aLink(dice, lab) : undefined;
    return ref === undefined ? [] : [[name, ref] as const];
  });
  return { own: own(dice), ...(referring.length > 0 && { refs: Object.fromEntries(referring) }) };
}
