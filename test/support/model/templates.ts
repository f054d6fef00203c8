import { DEVICES } from "./devices.ts";
import type { Dice } from "./dice.ts";
import { HARDWARE, hardwareArguments } from "./hardware.ts";
import type { Lab, Thing } from "./lab.ts";
import type { HopRef } from "./lab-refs.ts";
import { aFilter, aRule, someSources } from "./values.ts";

/** Returns a typical lab: hosts of one kind, created in a loop. */
export function templateOf(dice: Dice): Lab {
  return dice.of(star, lans, ring, children, lent, rules, paths)(dice);
}

/** Returns a typical lab on lab hosts: a LAN across them, and routers with a link from each to the next. */
export function labHostsTemplateOf(dice: Dice, labHosts: Lab): Lab {
  const keys = labHosts.map(({ key }) => key);
  const spans = keys.map((lab) => ({ lab }));
  const hosts = ["ann", "ben", "cat"].slice(0, 1 + dice.below(3));
  const seats = hosts.map((name, index) => ({ name, number: 10 + index, ...dice.pick([{}, ...spans]) }));
  const lan: Thing = { key: 11, kind: "lan", id: "home", net: 1, spans, hosts: seats, joins: [] };
  const nodes = keys.map(
    (lab, index): Thing => ({
      ...{ key: 21 + index, kind: dice.of("host", "router"), id: `node-${index}`, lab },
      ...(dice.chance(0.3) && { name: "red" }),
    }),
  );
  const cables = keys.slice(1).map(
    (_, index): Thing => ({
      ...{ key: 31 + index, kind: "link", id: `line-${index}`, a: 21 + index, b: 22 + index, net: 1 + index },
    }),
  );
  const [withLan, withCables] = dice.of([true, true], [true, false], [false, true], [false, false]);
  return [...labHosts, ...(withLan ? [lan] : []), ...(withCables ? [...nodes, ...cables] : [])];
}

/** Namespaces on a bridge, each with a veth pair. */
function star(dice: Dice): Lab {
  const names = dice.shuffle(["red", "blue", "green", "gold"]).slice(0, 2 + dice.below(2));
  const net = 1 + dice.below(4);
  const carried = dice.chance(0.7);
  const bridge: Thing = { key: 1, kind: "bridge", id: "lan", name: "br0", addresses: [`10.0.${net}.10/24`] };
  const spokes = names.flatMap((name, index): Thing[] => {
    const [place, wire] = [2 + 3 * index, 3 + 3 * index];
    const address = `10.0.${net}.${1 + index}/24`;
    const on = { key: wire, by: "object", end: "a" } as const;
    return [
      { key: place, kind: "namespace", id: `host-${index}`, name },
      {
        ...{ key: wire, kind: "veth", id: `wire-${index}` },
        a: {
          ...{ name: "eth0", place: { key: place, by: "object" } },
          ...(carried && { addresses: [address], gateways: [`10.0.${net}.10`] }),
        },
        b: { name: `p${1 + index}`, master: { key: 1, by: "object" } },
      },
      ...(carried ? [] : [{ key: wire + 1, kind: "address", id: `ip-${index}`, on, address } as const]),
    ];
  });
  return [bridge, ...spokes];
}

/** Two LANs with their hosts, and optionally a router that joins the second. */
function lans(dice: Dice): Lab {
  const router: Thing = { key: 1, kind: "router", id: "edge", nat: dice.chance(0.5) };
  const routed = dice.chance(0.6);
  const [here, there] = dice.chance(0.5) ? [["ann", "ben"], ["cat"]] : [["ann"], ["ben", "cat", "dan"]];
  const seats = (names: readonly string[]) => names.map((name, index) => ({ name, number: 10 + index }));
  const home: Thing = { key: 2, kind: "lan", id: "home", net: 1, hosts: seats(here), joins: [] };
  const work: Thing = { key: 3, kind: "lan", id: "work", net: 2, hosts: seats(there), joins: [] };
  if (!routed) return [home, work];
  return [router, { ...home, router: 1 }, { ...work, joins: [{ node: 1, number: 20 }] }];
}

/** Nodes with a veth pair from each to the next. */
function ring(dice: Dice): Lab {
  const names = dice.shuffle(["ann", "ben", "cat", "dan"]).slice(0, 2 + dice.below(2));
  const nodes = names.map((id, index): Thing => ({ key: 1 + index, kind: dice.of("host", "router"), id }));
  // A node has one gateway, so all are at the same end of their cables.
  const end = dice.of("a" as const, "b" as const);
  const cables = names.slice(1).map((_, index): Thing => {
    const gateway = dice.chance(0.5) ? { gateway: end } : {};
    return {
      key: 11 + index,
      kind: "link",
      id: `line-${index}`,
      a: 1 + index,
      b: 2 + index,
      net: 1 + index,
      ...gateway,
    };
  });
  return [...nodes, ...cables];
}

/** Namespaces with an interface of the lab host each, and optionally a link on it. */
function lent(dice: Dice): Lab {
  const names = dice.shuffle(["red", "blue", "green"]).slice(0, 1 + dice.below(3));
  const net = 1 + dice.below(4);
  const on = DEVICES.filter(({ isChild }) => isChild);
  return dice
    .shuffle(HARDWARE)
    .slice(0, names.length)
    .flatMap((from, index): Thing[] => {
      const [key, nic, kind] = [1 + 3 * index, 2 + 3 * index, dice.pick(on)];
      const place: Thing = {
        key,
        kind: "namespace",
        id: dice.of(names[index] ?? "", `host-${index}`),
        name: names[index] ?? "",
      };
      const parent = { key: nic, by: "object" } as const;
      const child: Thing | undefined = kind && {
        ...{
          key: nic + 1,
          kind: "device",
          type: kind.type,
          id: `child-${index}`,
          name: "p1",
          parent,
          own: kind.own(dice),
        },
      };
      return [
        place,
        {
          ...{ key: nic, kind: "device", type: "Nic", id: `uplink-${index}`, name: dice.of("eth0", from) },
          ...{ place: { key, by: "object" }, own: hardwareArguments(from) },
          ...(dice.chance(0.6) && { addresses: [`10.0.${net}.${1 + index}/24`], gateways: [`10.0.${net}.10`] }),
        },
        ...(child && dice.chance(0.3) ? [child] : []),
      ];
    });
}

/** Namespaces with links of other kinds, which are created on one end of a veth pair where the kind has a parent. */
function children(dice: Dice): Lab {
  const names = dice.shuffle(["red", "blue", "green"]).slice(0, 1 + dice.below(2));
  const net = 1 + dice.below(4);
  const below = { key: 1, by: "object", end: "a" } as const;
  const cable: Thing = { key: 1, kind: "veth", id: "uplink", a: { name: "up" }, b: { name: "down" } };
  const links = names.flatMap((name, index): Thing[] => {
    const [key, kind] = [2 + 2 * index, dice.pick(DEVICES)];
    const place: Thing = { key, kind: "namespace", id: name, name };
    if (kind === undefined) return [place];
    const device: Thing = {
      ...{ key: key + 1, kind: "device", type: kind.type, id: `link-${index}`, name: "eth0" },
      ...{ place: { key, by: "object" }, addresses: [`10.0.${net}.${1 + index}/24`], own: kind.own(dice) },
      ...(kind.isChild && { parent: below }),
    };
    return [place, device];
  });
  return [cable, ...links];
}

/** A namespace with routing rules, of which an edit may make any other one. */
function rules(dice: Dice): Lab {
  const place: Thing = { key: 1, kind: "namespace", id: "red", name: "red" };
  const on = dice.of({ place: { key: 1, by: "object" } } as const, {});
  const all = Array.from(
    { length: 2 + dice.below(3) },
    (_, index): Thing => ({
      ...{ key: 2 + index, kind: "rule", id: `rule-${index}`, ...on },
      ...aRule(dice),
    }),
  );
  return [place, ...all];
}

/** A place with NAT rules and a filter chain. */
export function translations(dice: Dice): Lab {
  const place = dice.of({ key: 1, by: "object" } as const, { key: 1, by: "object" } as const, undefined);
  const at = place && { place };
  const nat = Array.from({ length: 2 + dice.below(3) }, (_, index): Thing => {
    const type = dice.of("masquerade", "snat", "dnat");
    return {
      ...{ key: 2 + index, kind: "nat", id: `nat-${index}`, ...at, type, source: someSources(dice) },
      ...(type === "dnat" && { destination: `10.0.9.${1 + dice.below(3)}/32` }),
    };
  });
  const filter: Thing = { key: 9, kind: "filter", id: "firewall", ...at, ...aFilter(dice) };
  return [{ key: 1, kind: "namespace", id: "red", name: "red" }, ...nat, ...(dice.chance(0.6) ? [filter] : [])];
}

/** A namespace with two next hops, a group of them, and routes over these. */
export function paths(dice: Dice): Lab {
  const place = { key: 1, by: "object" } as const;
  const net = 1 + dice.below(4);
  const [network, destination] = dice.of(["10.0", "10.9.0.0/24"], ["fd00", "fd09:1::/64"]);
  const address = (number: number): string => (network === "fd00" ? `fd00:${net}::${number}` : `10.0.${net}.${number}`);
  const length = network === "fd00" ? 64 : 24;
  const hop = (key: number): HopRef => ({ key, by: "nexthop" });
  const isGrouped = dice.chance(0.7);
  const group: Thing = {
    ...{ key: 5, kind: "nexthop", id: "both", nhid: 20, place },
    members: [
      { ...hop(3), weight: dice.of(1, 2) },
      { ...hop(4), weight: 1 },
    ],
  };
  return [
    { key: 1, kind: "namespace", id: "red", name: "red" },
    {
      ...{ key: 2, kind: "veth", id: "wire", b: { name: "p1" } },
      a: { name: "eth0", place, addresses: [`${address(1)}/${length}`] },
    },
    ...[10, 11].map(
      (nhid, index): Thing => ({
        ...{ key: 3 + index, kind: "nexthop", id: `hop-${index}`, nhid },
        ...{ place, on: { key: 2, by: "object", end: "a" }, via: address(nhid) },
      }),
    ),
    ...(isGrouped ? [group] : []),
    ...[3, isGrouped ? 5 : 4].map(
      (key, index): Thing => ({
        ...{ key: 6 + index, kind: "route", id: `way-${index}`, place, hop: hop(key) },
        destination: index === 0 ? destination : destination.replace(/[01]\b(?=\.0\/|::)/, "2"),
      }),
    ),
  ];
}
