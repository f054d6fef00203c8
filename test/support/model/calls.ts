import { type EndFields, LAB_HOSTS, type Lab, type LinkFields, type Thing } from "./lab.ts";
import type { HopRef, LinkRef, Place } from "./lab-refs.ts";
import { namesIn } from "./names.ts";

/** One statement of a program. */
export interface Call {
  readonly key: number;
  /** The SDK class to construct. */
  readonly type: string;
  readonly id: string;
  readonly args: Values;
  readonly options: Values;
  /** Method calls on the created object: `join` of a LAN. */
  readonly then: readonly { readonly method: string; readonly args: readonly unknown[] }[];
}

/** The values that a program contains; undefined ones are omitted. */
export type Values = Readonly<Record<string, unknown>>;

/** An object that an earlier statement created, or a property of it. */
export class Use {
  readonly key: number;
  readonly path: readonly string[];

  constructor(key: number, ...path: string[]) {
    this.key = key;
    this.path = path;
  }
}

/** Returns the statements of the program that creates a lab. */
export function callsOf(lab: Lab): Call[] {
  const names = namesIn(lab);

  const placeOf = (place: Place | undefined): Use | string | undefined => {
    if (place === undefined || "outside" in place) return place?.outside;
    if (place.by === "name") return names.place(place);
    const isNode = ["host", "router"].includes(lab.find(({ key }) => key === place.key)?.kind ?? "");
    return new Use(place.key, ...(isNode ? ["namespace"] : []));
  };

  const linkOf = (ref: LinkRef | undefined): Use | string | undefined => {
    if (ref === undefined) return undefined;
    const path = ref.end === undefined ? [] : [ref.end];
    if (ref.by === "object") return new Use(ref.key, ...path);
    return ref.isOutput ? new Use(ref.key, ...path, "name") : names.link(ref);
  };

  const hopOf = ({ key, ...ref }: HopRef): Values =>
    ref.by === "nexthop"
      ? { nexthop: new Use(key) }
      : { nhid: ref.by === "output" ? new Use(key, "nhid") : names.nhid({ key, ...ref }) };

  const labHost = (key: number | undefined): Use | undefined => (key === undefined ? undefined : new Use(key));

  const link = ({ name, place, mac, mtu, up, altname, addresses }: LinkFields): Values => ({
    ...{ name, namespace: placeOf(place), mac, mtu, up, altname, addresses },
  });

  const end = (fields: EndFields): Values => ({
    ...link(fields),
    master: linkOf(fields.master),
    gateways: fields.gateways,
  });

  function call(thing: Thing, type: string, args: Values, ...refs: readonly (Place | LinkRef | undefined)[]): Call {
    const { aliases, adopt, ...rest } = thing.options ?? {};
    // An object to which the program refers only by the text of its name needs an explicit `dependsOn`.
    const named = refs.flatMap((ref) =>
      ref !== undefined && "key" in ref && ref.by === "name" && !("isOutput" in ref && ref.isOutput)
        ? [new Use(ref.key)]
        : [],
    );
    const options = {
      ...rest,
      aliases: aliases?.map((name) => ({ name })),
      dependsOn: named.length > 0 ? named : undefined,
    };
    return { key: thing.key, type, id: thing.id, args: given({ ...args, adopt }), options: given(options), then: [] };
  }

  function callOf(thing: Thing): Call {
    switch (thing.kind) {
      case "labHost": {
        const { id, second = false, mtu } = thing;
        return call(thing, "LabHost", { address: LAB_HOSTS[id]?.[second ? 1 : 0], mtu });
      }
      case "namespace":
        return call(thing, "Namespace", { name: thing.name, host: labHost(thing.lab) });
      case "bridge":
        return call(thing, "Bridge", { ...link(thing), stp: thing.stp }, thing.place);
      case "device": {
        const { type, parent, own, refs = {}, place, master } = thing;
        // A parent that is given by its name has no place of its own.
        const linkNamespace = parent?.by === "name" ? names.placeOf(parent) : undefined;
        const referring = Object.entries(refs).map(([name, ref]) => [name, linkOf(ref)]);
        const args = { ...end(thing), link: linkOf(parent), linkNamespace, ...own, ...Object.fromEntries(referring) };
        return call(thing, type, args, place, master, parent, ...Object.values(refs));
      }
      case "veth": {
        const { a, b } = thing;
        return call(thing, "Veth", { a: given(end(a)), b: given(end(b)) }, a.place, a.master, b.place, b.master);
      }
      case "address": {
        const { on, address } = thing;
        const namespace = on.by === "name" ? names.placeOf(on) : undefined;
        return call(thing, "Address", { interface: linkOf(on), namespace, address }, on);
      }
      case "route": {
        const { place, on, destination, via, hop, metric, mtu } = thing;
        const args = { namespace: placeOf(place), interface: linkOf(on), destination, via, metric, mtu };
        return call(thing, "Route", { ...args, ...(hop && hopOf(hop)) }, place, on);
      }
      case "nexthop": {
        const { place, on, via, blackhole, members, nhid } = thing;
        const group = members?.map(({ weight, ...ref }) => ({ ...hopOf(ref), weight }));
        const args = { namespace: placeOf(place), interface: linkOf(on), nhid, via, blackhole, group };
        return call(thing, "Nexthop", args, place, on);
      }
      case "nat": {
        const { place, type, source, destination, outInterface } = thing;
        const toAddress = type === "masquerade" ? undefined : "10.0.0.99";
        const args = { namespace: placeOf(place), type, source, destination, toAddress };
        return call(thing, "NatRule", { ...args, outInterface: linkOf(outInterface) }, place, outInterface);
      }
      case "filter": {
        const { place, chain, policy, ports } = thing;
        const rules = ports.map((port) => ({ action: "drop", protocol: "tcp", destinationPort: port }));
        return call(thing, "FilterChain", { namespace: placeOf(place), chain, policy, rules }, place);
      }
      case "rule": {
        const { place, priority, from, table } = thing;
        return call(thing, "RoutingRule", { namespace: placeOf(place), priority, from, table }, place);
      }
      case "neighbor": {
        const { on, address, lladdr } = thing;
        const namespace = on.by === "name" ? names.placeOf(on) : undefined;
        return call(thing, "Neighbor", { interface: linkOf(on), namespace, address, lladdr }, on);
      }
      case "shaper": {
        const { on, type, amount } = thing;
        const namespace = on.by === "name" ? names.placeOf(on) : undefined;
        const own = { Tbf: { rate: `${amount}mbit` }, Netem: { delay: amount }, FqCodel: { limit: 1000 * amount } };
        return call(thing, type, { interface: linkOf(on), namespace, ...own[type] }, on);
      }
      case "sysctl": {
        const { place, on, value } = thing;
        const args = { namespace: placeOf(place), key: names.sysctl(thing), value };
        // A key is a string and cannot contain an object.
        return call(thing, "Sysctl", args, place, on && { key: on.key, by: "name" });
      }
      case "hosts": {
        const { place, addresses, nameservers } = thing;
        return call(thing, "Hosts", { namespace: placeOf(place), addresses, nameservers }, place);
      }
      case "process": {
        const { place, seconds } = thing;
        const args = { namespace: placeOf(place), command: ["sleep", String(seconds)], settle: 100 };
        return call(thing, "Process", args, place);
      }
      case "host":
        return call(thing, "Host", { name: thing.name, host: labHost(thing.lab) });
      case "router":
        return call(thing, "Router", { name: thing.name, nat: thing.nat, host: labHost(thing.lab) });
      case "lan": {
        const { net, mtu, router, spans = [], hosts, joins } = thing;
        const address = (number: number): string => `10.1.${net}.${number}`;
        const seats = hosts.map(({ name, number, lab: on }) =>
          given({ name, addresses: [address(number)], host: labHost(on) }),
        );
        const all = spans.length === 0 ? undefined : spans.map((span) => new Use(span.lab));
        const of = router === undefined ? undefined : new Use(router);
        return {
          ...call(thing, "Lan", { networks: [`10.1.${net}.0/24`], mtu, router: of, spans: all, hosts: seats }),
          then: joins.map(({ node, number }) => ({
            method: "join",
            args: [new Use(node), { addresses: [address(number)] }],
          })),
        };
      }
      case "link": {
        const { a, b, net, gateway, mtu } = thing;
        return call(thing, "Link", { a: new Use(a), b: new Use(b), networks: [`10.2.${net}.0/30`], gateway, mtu });
      }
    }
  }

  return lab.map(callOf);
}

const given = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
