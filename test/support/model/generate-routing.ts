import { familyOf } from "../../../provider/cidr.ts";
import type { Dice } from "./dice.ts";
import { linkAt, linksOf, partsOf } from "./flat.ts";
import { flatten } from "./flatten.ts";
import type { Lab, Thing, ThingOf } from "./lab.ts";
import { namesIn } from "./names.ts";
import { aLink, placeOf } from "./parts.ts";
import { aNeighborMac } from "./values.ts";

/** Returns a neighbour in the network of an address of a link; undefined if the lab has no such address. */
export function neighborOf(dice: Dice, lab: Lab): Pick<ThingOf<"neighbor">, "on" | "address" | "lladdr"> | undefined {
  const on = aLink(dice, lab);
  if (on === undefined) return undefined;
  const [names, flat] = [namesIn(lab), flatten(lab)];
  const [at, link] = [names.placeOf(on), names.link(on)];
  const own = [
    ...(linkAt(flat, { at, name: link })?.addresses ?? []),
    ...flat.addresses.filter((one) => one.at === at && one.link === link).map(({ address }) => address),
  ];
  const address = dice.pick(own)?.replace(/\d+\/\d+$/, String(50 + dice.below(3)));
  return address === undefined ? undefined : { on, address, lladdr: aNeighborMac(dice) };
}

/** Returns a route through a gateway in the network of some address, at a link of a part of a lab. */
export function routeOf(
  dice: Dice,
  part: Lab,
  all: Lab,
): Omit<Extract<Thing, { kind: "route" }>, "key" | "kind" | "id"> | undefined {
  const link = aLink(dice, part);
  if (link === undefined) return undefined;
  const place = placeOf(part, link);
  const { lab } = partsOf(namesIn(part).placeOf(link));
  // A link between lab hosts is in one part, with one of its nodes.
  const flat = flatten(all);
  const own = [
    ...flat.addresses,
    ...linksOf(flat).flatMap(({ at, addresses }) => addresses.map((address) => ({ at, address }))),
  ].filter(({ at }) => partsOf(at).lab === lab);
  const address = dice.pick(own)?.address;
  const metric = dice.chance(0.1) ? { metric: 100 } : {};
  const at = place && { place };
  if (address === undefined || dice.chance(0.2))
    return { ...at, on: link, destination: `10.9.${dice.below(3)}.0/24`, ...metric };
  const via = address.replace(/\d+\/\d+$/, String(10 + dice.below(2)));
  const destination = dice.chance(0.5)
    ? "default"
    : familyOf(via) === "inet6"
      ? `fd09:${1 + dice.below(3)}::/64`
      : `10.9.${dice.below(3)}.0/24`;
  return {
    ...{ ...at, destination, via, ...metric },
    ...(dice.chance(0.3) && { on: link }),
    ...(dice.chance(0.1) && { mtu: 1300 }),
  };
}
