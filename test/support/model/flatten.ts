import type {
  At,
  Flat,
  FlatAddress,
  FlatBridge,
  FlatCable,
  FlatDevice,
  FlatEnd,
  FlatFilter,
  FlatHosts,
  FlatLink,
  FlatProcess,
  FlatRef,
  FlatRoute,
  FlatRule,
  FlatShaper,
  FlatSysctl,
  Named,
} from "./flat.ts";
import type { EndFields, Lab, LanThing, LinkRef, LinkThing, Options, Thing } from "./lab.ts";
import { type Fields, namesIn } from "./names.ts";

/** Expands a lab into its kernel objects. Routes of ends stay with the ends. */
export function flatten(lab: Lab): Flat {
  const names = namesIn(lab);
  const nodes = new Map<number, Node>();
  const flat = {
    namespaces: [] as Named[],
    bridges: [] as FlatBridge[],
    devices: [] as FlatDevice[],
    cables: [] as FlatCable[],
    addresses: [] as FlatAddress[],
    routes: [] as FlatRoute[],
    rules: [] as FlatRule[],
    filters: [] as FlatFilter[],
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

  /** Connects a veth pair to a node: the node keeps the first gateway that it is given. */
  function plug(
    into: Node,
    name: string,
    address: string,
    gateways: readonly string[],
    mtu: number | undefined,
  ): FlatEnd {
    const own = into.routed ? [] : gateways;
    if (own.length > 0) {
      into.routed = true;
      if (into.nat)
        flat.rules.push({
          ...{ at: into.at, type: "masquerade", source: undefined, destination: undefined, outInterface: name },
        });
    }
    return { ...plain(into.at, name, mtu), addresses: [address], gateways: own };
  }

  function addNode(key: number | undefined, at: string, nat: boolean, options: Options | undefined): Node {
    flat.namespaces.push({ name: at, retained: options?.retainOnDelete ?? false });
    const made: Node = { at, nat, routed: false };
    if (key !== undefined) nodes.set(key, made);
    return made;
  }

  function addLan({ id, net, mtu, router, hosts, joins, options }: LanThing, idOf: (key: number) => string): void {
    const retained = options?.retainOnDelete ?? false;
    const address = (number: number): string => `10.1.${net}.${number}/24`;
    const connect = (into: Node, name: string, number: number, gateways: readonly string[]): void => {
      const a = plug(into, id, address(number), gateways, mtu);
      const b: FlatEnd = { ...plain(undefined, `${id}-${name}`, mtu), master: id };
      flat.cables.push({ a, b, retained });
    };
    const own = router === undefined ? [address(1)] : [];
    flat.bridges.push({ ...plain(undefined, id, mtu), addresses: own, stp: false, retained });
    if (router !== undefined) connect(node(router), idOf(router), 1, []);
    for (const { name, number } of hosts)
      connect(addNode(undefined, name, false, options), name, number, [`10.1.${net}.1`]);
    for (const { node: key, number } of joins) connect(node(key), idOf(key), number, [`10.1.${net}.1`]);
  }

  function addCable({ id, a, b, net, gateway, mtu, options }: LinkThing): void {
    const [first, second] = [`10.2.${net}.1`, `10.2.${net}.2`];
    flat.cables.push({
      a: plug(node(a), id, `${first}/30`, gateway === "b" ? [second] : [], mtu),
      b: plug(node(b), id, `${second}/30`, gateway === "a" ? [first] : [], mtu),
      retained: options?.retainOnDelete ?? false,
    });
  }

  function add(thing: Thing): void {
    const retained = thing.options?.retainOnDelete ?? false;
    switch (thing.kind) {
      case "namespace":
        flat.namespaces.push({ name: thing.name, retained });
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
      case "route": {
        const { place, on, destination, via, metric, mtu } = thing;
        const at = place === undefined && on?.by === "object" ? names.placeOf(on) : names.place(place);
        flat.routes.push({ ...{ at, destination, via, link: on && names.link(on), metric, mtu } });
        break;
      }
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
        addNode(thing.key, thing.name ?? thing.id, false, thing.options);
        break;
      case "router": {
        const { at } = addNode(thing.key, thing.name ?? thing.id, thing.nat ?? false, thing.options);
        for (const name of FORWARDING) flat.sysctls.push({ at, name, value: "1" });
        break;
      }
      case "lan":
        addLan(thing, (key) => lab.find((other) => other.key === key)?.id ?? "");
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
  readonly nat: boolean;
  routed: boolean;
}

const FORWARDING = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"];

const plain = (at: At, name: string, mtu: number | undefined): FlatEnd => ({
  ...{ at, name, mtu, mac: undefined, up: true, altname: undefined, addresses: [], master: undefined, gateways: [] },
});
