import { contains, familyOf } from "../../../provider/cidr.ts";
import { type At, type Flat, type FlatEnd, partsOf, placeOn } from "./flat.ts";

/** A place from which an address must answer. */
export interface Reach {
  readonly from: At;
  readonly address: string;
  /** Whether it is on another lab host. */
  readonly isFar: boolean;
}

/** Returns which places certainly reach each other in one hop: the two ends of a veth pair, or of two pairs on one bridge. */
export function reachable(flats: readonly Flat[]): Reach[] {
  const cables = flats.flatMap((flat) => flat.cables);
  const overlays = flats.flatMap((flat) => flat.overlays.map(({ ends }) => ends));
  const bridges = flats.flatMap((flat) => flat.bridges);
  // NAT rules and filters of a place may translate or drop its packets, and those that its bridges switch (br_netfilter).
  const ruled = flats.flatMap(({ rules, filters }) => [...rules, ...filters].map(({ at }) => at));
  const isOn = ({ at, name }: FlatEnd): boolean =>
    !ruled.includes(at) && bridges.some((one) => one.at === at && one.name === name && one.up && !one.stp);
  /** Whether the network stacks that carry a network across lab hosts translate and drop nothing. */
  const isCarried = (ends: readonly FlatEnd[]): boolean =>
    ends.every(({ at, up }) => up && !ruled.includes(placeOn(partsOf(at).lab, undefined)));
  /** Returns a bridge, or for one of a LAN across lab hosts the first of them. */
  const segment = (at: At, name: string): string => {
    const [first] = overlays.find((ends) => ends.some((end) => end.at === at && end.master === name)) ?? [];
    return `${first?.at ?? at} ${name}`;
  };
  /** Returns the key of the bridge to which an end is connected; undefined if there is none that forwards. */
  const port = ({ at, master }: FlatEnd): string | undefined =>
    master !== undefined && isOn({ at, name: master } as FlatEnd) ? segment(at, master) : undefined;
  const sides = cables.flatMap(({ a, b }) => [
    { near: a, far: b },
    { near: b, far: a },
  ]);
  const isHost = (end: FlatEnd): boolean => end.master === undefined && end.up && !ruled.includes(end.at);
  const pairs = [
    ...cables.filter(({ a, b }) => isHost(a) && isHost(b)).map(({ a, b }) => [a, b] as const),
    ...overlays.flatMap(([a, b, ...others]) =>
      a && b && others.length === 0 && isHost(a) && isHost(b) && isCarried([a, b])
        ? [[a, b] as const, [b, a] as const]
        : [],
    ),
    ...sides.flatMap((one) =>
      sides
        .filter(
          (other) =>
            other.near !== one.near &&
            [isHost(one.near), isHost(other.near), one.far.up, other.far.up].every(Boolean) &&
            port(one.far) !== undefined &&
            port(one.far) === port(other.far),
        )
        .map((other) => [one.near, other.near] as const),
    ),
  ];
  return pairs.flatMap(([from, to]) => {
    const address = ipv4(to).find((theirs) => ipv4(from).some((own) => contains(own, theirs.split("/")[0] ?? "")));
    if (address === undefined || from.at === to.at) return [];
    const isFar = partsOf(from.at).lab !== partsOf(to.at).lab;
    return [{ from: from.at, address: address.split("/")[0] ?? "", isFar }];
  });
}

const ipv4 = ({ addresses }: FlatEnd): string[] => addresses.filter((address) => familyOf(address) === "inet");
