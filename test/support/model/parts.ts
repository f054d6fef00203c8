import type { Dice } from "./dice.ts";
import { OUTSIDE } from "./fact-names.ts";
import type { EndFields, Lab } from "./lab.ts";
import type { LinkRef, Place } from "./lab-refs.ts";
import { ofKind } from "./things.ts";
import { aLinkName, aMac, anAltname, anMtu, aRef, someAddresses, someGateways } from "./values.ts";

/* Parts of objects, which refer to the objects that a lab already has. */

export function aPlace(dice: Dice, lab: Lab): Place | undefined {
  const keys = ofKind(lab, "namespace", "namespace", "host", "router").map(({ key }) => key);
  const key = dice.pick(keys);
  if (key === undefined || dice.chance(0.25)) {
    const labHost = dice.pick(ofKind(lab, "labHost"));
    if (labHost !== undefined) return { key: labHost.key, by: "object" };
    return dice.chance(0.1) ? { outside: OUTSIDE } : undefined;
  }
  return aRef(dice, key);
}

export function aLink(dice: Dice, lab: Lab): LinkRef | undefined {
  const thing = dice.pick(ofKind(lab, "veth", "bridge", "device"));
  if (thing === undefined) return undefined;
  const ref = aLinkRef(dice, thing.key);
  return thing.kind !== "veth" ? ref : { ...ref, end: dice.of("a", "b") };
}

const aLinkRef = (dice: Dice, key: number): LinkRef => ({
  ...aRef(dice, key),
  ...(dice.chance(0.5) && { isOutput: true }),
});

/** Returns an end of a veth pair: a bridge port, or an interface with addresses. */
export function anEnd(dice: Dice, lab: Lab): EndFields {
  const bridge = dice.pick(ofKind(lab, "bridge"));
  const fields = {
    name: aLinkName(dice),
    ...(dice.chance(0.15) && { mtu: anMtu(dice) }),
    ...(dice.chance(0.1) && { altname: anAltname(dice) }),
    ...(dice.chance(0.1) && { mac: aMac(dice) }),
    ...(dice.chance(0.07) && { up: false }),
  };
  if (bridge !== undefined && dice.chance(0.5))
    return { ...fields, ...(bridge.place && { place: bridge.place }), master: aLinkRef(dice, bridge.key) };
  const place = aPlace(dice, lab);
  const addresses = dice.chance(0.6) ? someAddresses(dice) : [];
  const gateways = someGateways(dice, addresses);
  return {
    ...{ ...fields, ...(place && { place }) },
    ...(addresses.length > 0 && { addresses }),
    ...(gateways.length > 0 && { gateways }),
  };
}

/** Returns the place of a link, as another resource refers to it. */
export function placeOf(lab: Lab, { key, end }: LinkRef): Place | undefined {
  const thing = lab.find((one) => one.key === key);
  if (thing?.kind === "device" && thing.place === undefined && thing.parent) return placeOf(lab, thing.parent);
  if (thing?.kind === "bridge" || thing?.kind === "device") return thing.place;
  return thing?.kind === "veth" ? thing[end ?? "a"].place : undefined;
}
