import { familyOf } from "../../../provider/cidr.ts";
import { wayTo } from "./facts-routes.ts";
import { type At, type Flat, type FlatRef, linkAt, linksOf } from "./flat.ts";
import { flatten } from "./flatten.ts";
import type { Lab, NexthopThing, RouteThing } from "./lab.ts";
import { namesIn } from "./names.ts";
import { hopAt, hopFamily, hopPlace } from "./nexthops.ts";
import { find } from "./things.ts";

/** Checks that the kernel accepts each next hop, and each route that uses one. */
export function nexthopFault(lab: Lab, flat: Flat): string | undefined {
  for (const [index, thing] of lab.entries()) {
    const why =
      thing.kind === "nexthop"
        ? (formFault(thing, lab) ?? pathFault(thing, lab, index, flat))
        : thing.kind === "route"
          ? userFault(thing, lab, flat)
          : undefined;
    if (why !== undefined) return `${thing.id} ${why}`;
  }
  return undefined;
}

function formFault(hop: NexthopThing, lab: Lab): string | undefined {
  const { on, via, blackhole = false, members } = hop;
  if ([on !== undefined, blackhole, members !== undefined].filter(Boolean).length !== 1) return "leads to no one place";
  if (via !== undefined && on === undefined) return "has a gateway on no link";
  if (members === undefined) return undefined;
  const hops = members.flatMap(({ key }) => find(lab, key) ?? []).filter((one) => one.kind === "nexthop");
  if (hops.length === 0 || new Set(hops).size < members.length) return "has no members, or one twice";
  if (hops.some((one) => one.members !== undefined)) return "is a group of groups";
  if (hops.length > 1 && hops.some((one) => one.blackhole)) return "has a blackhole among its members";
  const names = namesIn(lab);
  return hops.some((one) => hopPlace(names, one) !== hopPlace(names, hop)) ? "has members elsewhere" : undefined;
}

function pathFault(hop: NexthopThing, lab: Lab, index: number, flat: Flat): string | undefined {
  const { on, via } = hop;
  if (on === undefined) return undefined;
  const names = namesIn(lab);
  const [at, link] = [hopPlace(names, hop), names.link(on)];
  if (names.placeOf(on) !== at) return "is on a link of another place";
  if (!hasCarrier(flat, { at, name: link })) return "is on a link without a carrier";
  if (via === undefined) return undefined;
  if (wayTo(flatten(lab.slice(0, index)), at, via) !== link) return "does not reach its gateway";
  return isOwn(flat, at, via) ? "has an address of its own as gateway" : undefined;
}

/** Returns whether the kernel regards a link as connected before the program has created others: a bridge needs a port. */
function hasCarrier(flat: Flat, ref: FlatRef): boolean {
  if (!linkAt(flat, ref)?.up) return false;
  const isIt = ({ at, name }: FlatRef): boolean => at === ref.at && name === ref.name;
  const cable = flat.cables.find(({ a, b }) => isIt(a) || isIt(b));
  if (cable !== undefined) return cable.a.up && cable.b.up;
  const device = flat.devices.find(isIt);
  if (device?.parent !== undefined) return hasCarrier(flat, device.parent);
  return device !== undefined && ALWAYS.includes(device.type);
}

/** The kinds whose links are connected while they are up. */
const ALWAYS = ["Dummy", "Geneve", "Vxlan"];

const isOwn = (flat: Flat, place: At, via: string): boolean =>
  [
    ...linksOf(flat).flatMap(({ at, addresses }) => addresses.map((address) => ({ at, address }))),
    ...flat.addresses,
  ].some(({ at, address }) => at === place && address.startsWith(`${via}/`));

/** Checks a route that uses a next hop. */
function userFault({ place, on, via, hop, destination }: RouteThing, lab: Lab, flat: Flat): string | undefined {
  if (hop === undefined) return undefined;
  if (on !== undefined || via !== undefined) return "has a next hop of its own";
  const names = namesIn(lab);
  const used = { at: names.place(place), nhid: names.nhid(hop) };
  if (hopAt(flat, used) === undefined) return "uses a next hop of another place";
  return familyOf(destination) === "inet6" && hopFamily(flat, used) === "inet" ? "uses one of IPv4" : undefined;
}
