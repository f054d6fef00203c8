import {
  type At,
  type Flat,
  type FlatAddress,
  type FlatBridge,
  type FlatCable,
  type FlatDevice,
  type FlatEnd,
  type FlatFilter,
  type FlatHosts,
  type FlatLink,
  type FlatNeighbor,
  type FlatNexthop,
  type FlatOverlay,
  type FlatPolicy,
  type FlatProcess,
  type FlatRef,
  type FlatRoute,
  type FlatRule,
  type FlatShaper,
  type FlatSysctl,
  type Named,
  placeOn,
} from "./flat.ts";
import { flatNeighbor, flatNexthop, flatRoute } from "./flatten-routing.ts";
import type { EndFields, Lab, Thing } from "./lab.ts";
import type { LanThing, LinkThing } from "./lab-components.ts";
import type { LinkRef } from "./lab-refs.ts";
import { type Fields, namesIn } from "./names.ts";
import { find, ofKind } from "./things.ts";

/** Expands a lab into its kernel objects. Routes of ends stay with the ends. */
export function flatten(lab: Lab): Flat {
  const names = namesIn(lab);
  const nodes = new Map<number, Node>();
  const flat = {
    namespaces: [] as Named[],
    bridges: [] as FlatBridge[],
    devices: [] as FlatDevice[],
    cables: [] as FlatCable[],
    overlays: [] as FlatOverlay[],
    addresses: [] as FlatAddress[],
    routes: [] as FlatRoute[],
    nexthops: [] as FlatNexthop[],
    rules: [] as FlatRule[],
    filters: [] as FlatFilter[],
    policies: [] as FlatPolicy[],
    neighbors: [] as FlatNeighbor[],
    shapers: [] as FlatShaper[],
    sysctls: [] as FlatSysctl[],
    hosts: [] as FlatHosts[],
    processes: [] as FlatProcess[],
  };

  const link = ({ name, mac, mtu, up = true, altname, addresses = [], ...fields }: Fields): FlatLink => ({
    ...{ at: names.placeOfLink({ name, ...fields }), name, mac, mtu, up, altname, addresses },
  });

  const refTo = (ref: LinkRef): FlatRef => ({ at: names.placeOf(ref), name: names.link(ref) });

  const end = (fields: EndFields): FlatEnd => ({
    ...link(fields),
    master: fields.master && names.link(fields.master),
    gateways: fields.gateways ?? [],
  });

  function node(key: number): Node {
    const found = nodes.get(key);
    if (found === undefined) throw new Error(`${key} is no host or router`);
    return found;
  }

  /** Connects a veth pair to a node. */
  function plug(
    into: Node,
    name: string,
    address: string,
    gateways: readonly string[],
    mtu: number | undefined,
  ): FlatEnd {
    if (gateways.length > 0) {
      into.routed = true;
      if (into.nat)
        flat.rules.push({
          ...{ at: into.at, type: "masquerade", source: undefined, destination: undefined, outInterface: name },
        });
    }
    return { ...plain(into.at, name, mtu), addresses: [address], gateways };
  }

  function addNode({ key, lab, name, nat = false, options }: NewNode): Node {
    const at = placeOn(lab, name) ?? name;
    flat.namespaces.push({ name: at, retained: options?.retainOnDelete ?? false });
    const made: Node = { at, lab, nat, routed: false };
    if (key !== undefined) nodes.set(key, made);
    return made;
  }

  function addLan({ id, net, router, spans, hosts, joins, options, ...rest }: LanThing): void {
    const retained = options?.retainOnDelete ?? false;
    const idOf = (key: number): string => find(lab, key)?.id ?? "";
    const [first = router === undefined ? undefined : node(router).lab, ...others] = (spans ?? []).map((span) =>
      names.lab(span.lab),
    );
    const all = [first, ...others];
    const mtu = rest.mtu ?? (others.length > 0 ? overlayMtu(lab, all) : undefined);
    const address = (number: number): string => `10.1.${net}.${number}/24`;
    const connect = (into: Node, name: string, number: number, gateways: readonly string[]): void => {
      // Of the gateways of LANs, a node uses the first; a link's one is an error after another, so the lab is invalid.
      const a = plug(into, id, address(number), into.routed ? [] : gateways, mtu);
      const b: FlatEnd = { ...plain(placeOn(into.lab, undefined), `${id}-${name}`, mtu), master: id };
      flat.cables.push({ a, b, retained });
    };
    const own = router === undefined ? [address(1)] : [];
    const stacks = all.map((one) => placeOn(one, undefined));
    for (const [index, at] of stacks.entries())
      flat.bridges.push({ ...plain(at, id, mtu), addresses: index === 0 ? own : [], stp: false, retained });
    if (others.length > 0)
      flat.overlays.push({ ends: stacks.map((at) => ({ ...plain(at, `${id}-vxlan`, mtu), master: id })), retained });
    if (router !== undefined) connect(node(router), idOf(router), 1, []);
    for (const { name, number, lab: on } of hosts) {
      const host = addNode({ lab: on === undefined ? first : names.lab(on), name, options });
      connect(host, name, number, [`10.1.${net}.1`]);
    }
    for (const { node: key, number } of joins) connect(node(key), idOf(key), number, [`10.1.${net}.1`]);
  }

  function addCable({ id, net, gateway, options, ...thing }: LinkThing): void {
    const [first, second] = [`10.2.${net}.1`, `10.2.${net}.2`];
    const [one, other] = [node(thing.a), node(thing.b)];
    const isFar = one.lab !== other.lab;
    const mtu = thing.mtu ?? (isFar ? overlayMtu(lab, [one.lab, other.lab]) : undefined);
    const a = plug(one, id, `${first}/30`, gateway === "b" ? [second] : [], mtu);
    const b = plug(other, id, `${second}/30`, gateway === "a" ? [first] : [], mtu);
    const retained = options?.retainOnDelete ?? false;
    if (isFar) flat.overlays.push({ ends: [a, b], retained });
    else flat.cables.push({ a, b, retained });
  }

  function add(thing: Thing): void {
    const retained = thing.options?.retainOnDelete ?? false;
    switch (thing.kind) {
      case "labHost":
        break;
      case "namespace":
        flat.namespaces.push({ name: placeOn(names.lab(thing.lab), thing.name) ?? thing.name, retained });
        break;
      case "bridge":
        flat.bridges.push({ ...link(thing), stp: thing.stp ?? false, retained });
        break;
      case "device": {
        const { type, own, parent, refs = {} } = thing;
        flat.devices.push({
          ...{ ...end(thing), type, own, retained, parent: parent && refTo(parent) },
          refs: Object.fromEntries(Object.entries(refs).map(([name, ref]) => [name, refTo(ref)])),
        });
        break;
      }
      case "veth":
        flat.cables.push({ a: end(thing.a), b: end(thing.b), retained });
        break;
      case "address":
        flat.addresses.push({ at: names.placeOf(thing.on), link: names.link(thing.on), address: thing.address });
        break;
      case "route":
        flat.routes.push(flatRoute(names, thing));
        break;
      case "nexthop":
        flat.nexthops.push(flatNexthop(names, thing));
        break;
      case "nat": {
        const { place, type, source, destination, outInterface } = thing;
        const out = outInterface && names.link(outInterface);
        flat.rules.push({ ...{ at: names.place(place), type, source, destination, outInterface: out } });
        break;
      }
      case "filter": {
        const { place, chain, policy, ports } = thing;
        flat.filters.push({ at: names.place(place), chain, policy, ports });
        break;
      }
      case "rule": {
        const { place, priority, from, table } = thing;
        flat.policies.push({ at: names.place(place), priority, from, table });
        break;
      }
      case "neighbor":
        flat.neighbors.push(flatNeighbor(names, thing));
        break;
      case "shaper": {
        const { on, type, amount } = thing;
        flat.shapers.push({ at: names.placeOf(on), link: names.link(on), type, amount });
        break;
      }
      case "sysctl":
        flat.sysctls.push({ at: names.place(thing.place), name: names.sysctl(thing), value: thing.value });
        break;
      case "hosts": {
        const { place, addresses, nameservers } = thing;
        flat.hosts.push({ at: names.place(place) ?? "", addresses, nameservers });
        break;
      }
      case "process":
        flat.processes.push({ at: names.place(thing.place), seconds: thing.seconds });
        break;
      case "host":
        addNode({ ...thing, name: thing.name ?? thing.id, lab: names.lab(thing.lab) });
        break;
      case "router": {
        const { at } = addNode({ ...thing, name: thing.name ?? thing.id, lab: names.lab(thing.lab) });
        for (const name of FORWARDING) flat.sysctls.push({ at, name, value: "1" });
        break;
      }
      case "lan":
        addLan(thing);
        break;
      case "link":
        addCable(thing);
    }
  }

  for (const thing of lab) add(thing);
  return flat;
}

/** A host or a router, to which links are connected. */
interface Node {
  readonly at: string;
  readonly lab: string | undefined;
  readonly nat: boolean;
  routed: boolean;
}

interface NewNode extends Pick<Thing, "options"> {
  readonly key?: number;
  readonly lab: string | undefined;
  readonly name: string;
  readonly nat?: boolean | undefined;
}

/** Returns the MTU of a network across lab hosts. */
export const overlayMtu = (lab: Lab, names: readonly (string | undefined)[]): number =>
  Math.min(...ofKind(lab, "labHost").flatMap(({ id, mtu = 1500 }) => (names.includes(id) ? mtu - 50 : [])));

const FORWARDING = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"];

const plain = (at: At, name: string, mtu: number | undefined): FlatEnd => ({
  ...{ at, name, mtu, mac: undefined, up: true, altname: undefined, addresses: [], master: undefined, gateways: [] },
});
