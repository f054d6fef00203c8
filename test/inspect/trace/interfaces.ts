import type { DetailedInterface } from "../../../inspect/trace/link-details.ts";
import { vlansOf } from "../../../provider/vlans.ts";

let index = 0;
/** Returns an interface of a place, which is up. */
export const one = (
  place: string,
  name: string,
  kind: string,
  more: Partial<DetailedInterface> = {},
): DetailedInterface => ({
  ...{
    place,
    name,
    kind,
    index: (index += 1),
    loopback: false,
    mtu: 1500,
    mac: undefined,
    impairment: undefined,
    up: true,
    carrier: true,
    arp: true,
    data: {},
    isolated: false,
  },
  ...{ master: undefined, addresses: [], peer: { place: "same" }, ...more },
});
/** Returns two interfaces as the ends of one cable. */
export const pair = (a: DetailedInterface, b: DetailedInterface) => [
  { ...a, peer: { index: b.index, place: a.place === b.place ? ("same" as const) : { name: b.place } } },
  { ...b, peer: { index: a.index, place: a.place === b.place ? ("same" as const) : { name: a.place } } },
];
/** Returns an interface as a port of a bridge. */
export const port = (place: string, name: string, master: string, vlans?: (string | number)[]) =>
  one(place, name, "veth", { master, ...(vlans && { vlans: vlansOf(vlans) }) });
export const bridge = (place: string, name: string, vlans?: (string | number)[]) =>
  one(place, name, "bridge", vlans && { vlans: vlansOf(vlans) });
