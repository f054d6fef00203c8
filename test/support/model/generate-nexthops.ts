import { familyOf } from "../../../provider/cidr.ts";
import type { Dice } from "./dice.ts";
import { linkAt } from "./flat.ts";
import { flatten } from "./flatten.ts";
import type { Lab, NexthopThing, RouteThing } from "./lab.ts";
import type { HopRef } from "./lab-refs.ts";
import { namesIn } from "./names.ts";
import { hopFamily, hopPlace } from "./nexthops.ts";
import { aLink, aPlace, placeOf } from "./parts.ts";
import { ofKind } from "./things.ts";

/** Where a next hop leads. */
export type HopTarget = Pick<NexthopThing, "place" | "on" | "via" | "blackhole" | "members">;

export const aHopNumber = (dice: Dice): number => dice.of(10, 11, 12, 20, 21);

export const aHopRef = (dice: Dice, { key }: { readonly key: number }): HopRef => ({
  key,
  by: dice.of("nexthop", "nexthop", "nexthop", "number", "output"),
});

/** Returns where a next hop of a part of a lab may lead; undefined if the lab has nothing for it. */
export function hopTargetOf(dice: Dice, lab: Lab): HopTarget | undefined {
  if (dice.chance(0.35)) return groupOf(dice, lab) ?? pathOf(dice, lab);
  return dice.chance(0.1) ? { place: aPlace(dice, lab), blackhole: true } : pathOf(dice, lab);
}

/** Returns a way over a link, most often with a gateway in the network of one of the link's addresses. */
export function pathOf(dice: Dice, lab: Lab): HopTarget | undefined {
  const on = aLink(dice, lab);
  if (on === undefined) return undefined;
  const [names, flat, place] = [namesIn(lab), flatten(lab), placeOf(lab, on)];
  const [at, link] = [names.placeOf(on), names.link(on)];
  const own = [
    ...(linkAt(flat, { at, name: link })?.addresses ?? []),
    ...flat.addresses.filter((one) => one.at === at && one.link === link).map(({ address }) => address),
  ];
  const via = dice.chance(0.8) ? dice.pick(own)?.replace(/\d+\/\d+$/, String(10 + dice.below(2))) : undefined;
  const isOfLink = on.by === "object" && dice.chance(0.3);
  return { on, ...(place && !isOfLink && { place }), ...(via !== undefined && { via }) };
}

/** Returns a group of next hops of one place. */
function groupOf(dice: Dice, lab: Lab): HopTarget | undefined {
  const single = dice.shuffle(ofKind(lab, "nexthop").filter(({ members }) => members === undefined));
  const [first] = single;
  if (first === undefined) return undefined;
  const names = namesIn(lab);
  const beside = single.filter((one) => hopPlace(names, one) === hopPlace(names, first));
  const members = beside.slice(0, 1 + dice.below(3)).map((one) => aMember(dice, one));
  return { ...(placeOfHop(lab, first) && { place: placeOfHop(lab, first) }), members };
}

export const aMember = (dice: Dice, hop: NexthopThing): HopRef & { readonly weight: number } => ({
  ...aHopRef(dice, hop),
  weight: dice.of(1, 1, 2, 3),
});

/** Returns the place of a next hop, as a route that uses it refers to it. */
export const placeOfHop = (lab: Lab, { place, on }: NexthopThing) => place ?? (on && placeOf(lab, on));

/** Returns a route through one of the next hops of a part of a lab; undefined if there is none. */
export function hopRouteOf(
  dice: Dice,
  lab: Lab,
): Pick<RouteThing, "place" | "hop" | "destination" | "metric"> | undefined {
  const hop = dice.pick(ofKind(lab, "nexthop"));
  if (hop === undefined) return undefined;
  const place = placeOfHop(lab, hop);
  const isInet6 = hopFamily(flatten(lab), { at: hopPlace(namesIn(lab), hop), nhid: hop.nhid }) === "inet6";
  const number = dice.below(3);
  // A route to a network of IPv4 may lead through a gateway of IPv6.
  const [all, some] =
    isInet6 && dice.chance(0.8) ? ["::/0", `fd09:${1 + number}::/64`] : ["default", `10.9.${number}.0/24`];
  return {
    ...{ ...(place && { place }), hop: aHopRef(dice, hop), destination: dice.chance(0.3) ? all : some },
    ...(dice.chance(0.2) && { metric: 100 }),
  };
}

/** Returns the arguments of a route that leads where a next hop does; undefined for a blackhole or a group. */
export function wayOf({ on, via, place }: NexthopThing, destination: string): Partial<RouteThing> | undefined {
  if (on === undefined || (via !== undefined && familyOf(via) !== familyOf(destination))) return undefined;
  return { on, ...(via !== undefined && { via }), ...(place && { place }) };
}
