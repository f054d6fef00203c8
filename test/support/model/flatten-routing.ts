import type { FlatNeighbor, FlatNexthop, FlatRoute } from "./flat.ts";
import type { NeighborThing, NexthopThing, RouteThing } from "./lab.ts";
import type { Names } from "./names.ts";
import { hopPlace } from "./nexthops.ts";

export const flatRoute = (names: Names, { hop, on, destination, via, metric, mtu, place }: RouteThing): FlatRoute => ({
  ...{ at: hopPlace(names, { place, on }), destination, via, link: on && names.link(on), metric, mtu },
  nhid: hop && names.nhid(hop),
});

export const flatNexthop = (names: Names, { nhid, on, via, blackhole, members, place }: NexthopThing): FlatNexthop => ({
  ...{ at: hopPlace(names, { place, on }), nhid, via, link: on && names.link(on), blackhole: blackhole ?? false },
  members: members?.map(({ weight, ...ref }) => ({ nhid: names.nhid(ref), weight })),
});

export const flatNeighbor = (names: Names, { on, address, lladdr }: NeighborThing): FlatNeighbor => ({
  ...{ at: names.placeOf(on), link: names.link(on), address, lladdr },
});
