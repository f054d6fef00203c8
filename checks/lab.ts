import * as v from "valibot";
import type { Family } from "../provider/cidr.ts";
import { place } from "../provider/kind.ts";
import { host, type Net, net } from "./net.ts";
import { type Segments, segments } from "./segments.ts";

/** A resource as a program declares it. A value that is not known yet is null. */
export interface Declared {
  readonly kind: string;
  readonly name: string;
  readonly args: unknown;
}

/** An interface that the program makes. */
export interface Link {
  readonly declared: Declared;
  readonly key: string;
  readonly kind: "veth" | "bridge";
  /** Undefined where the kernel finds it. */
  readonly mtu: number | undefined;
}

export interface Held {
  readonly declared: Declared;
  /** The namespace; "" is the lab host. */
  readonly place: string;
  /** The interface, with its place. */
  readonly link: string;
  readonly net: Net;
  readonly peer: Net | undefined;
}

export interface Way {
  readonly declared: Declared;
  readonly place: string;
  readonly link: string | undefined;
  /** Undefined for `default`. */
  readonly destination: Net | undefined;
  readonly via: Net | undefined;
}

/** A rule that puts another source address into what a place sends on. */
export interface Hiding {
  readonly place: string;
  readonly source: Net | undefined;
  readonly out: string | undefined;
}

export interface Port {
  readonly link: string;
  readonly bridge: string;
}

/** A lab, as far as its program tells it. */
export interface Lab {
  /** The namespaces that the program makes: nobody else puts anything into them. */
  readonly namespaces: Set<string>;
  readonly links: Map<string, Link>;
  readonly addresses: Held[];
  readonly ways: Way[];
  readonly hidings: Hiding[];
  /** Ports of bridges, each with its bridge. */
  readonly ports: Port[];
  /** Places that forward, each with a family. */
  readonly forwards: Set<string>;
  /** Kinds of which one has a value that is not known: what seems to be missing may be that. */
  readonly unsure: Set<string>;
  /** Segments whose interfaces surely reach each other. */
  readonly lans: Segments;
  /** Segments of which two surely do not: ports that VLANs may keep apart are together here. */
  readonly reaches: Segments;
}

export const forwarder = (where: string, family: Family): string => `${where} ${family}`;

export function labOf(declared: readonly Declared[]): Lab {
  const lab: Lab = {
    namespaces: new Set(),
    links: new Map(),
    addresses: [],
    ways: [],
    hidings: [],
    ports: [],
    forwards: new Set(),
    unsure: new Set(),
    lans: segments(),
    reaches: segments(),
  };
  const vlans = new Set<string>();
  for (const one of declared) {
    const told = readers[one.kind]?.(one, lab, vlans);
    if (told === false) lab.unsure.add(one.kind);
  }
  for (const { link, bridge } of lab.ports) {
    lab.reaches.join(link, bridge);
    if (!vlans.has(bridge)) lab.lans.join(link, bridge);
  }
  return lab;
}

/** Puts a resource into the lab, and a bridge that keeps VLANs apart among these; false when something of it is not known. */
type Reader = (declared: Declared, lab: Lab, vlans: Set<string>) => boolean;

const text = v.optional(v.string());
const texts = v.optional(v.array(v.string()), []);

const reader =
  <Schema extends v.GenericSchema>(
    schema: Schema,
    put: (args: v.InferOutput<Schema>, declared: Declared, lab: Lab, vlans: Set<string>) => void,
  ): Reader =>
  (declared, lab, vlans) => {
    const read = v.safeParse(schema, declared.args);
    if (read.success) put(read.output, declared, lab, vlans);
    return read.success;
  };

const end = v.object({
  name: v.string(),
  namespace: text,
  master: text,
  mtu: v.optional(v.number(), 1500),
  addresses: texts,
  gateways: texts,
});

const readers: Readonly<Record<string, Reader>> = {
  Namespace: reader(v.object({ name: v.string() }), ({ name }, _declared, lab) => lab.namespaces.add(name)),

  Veth: reader(v.object({ a: end, b: end }), ({ a, b }, declared, lab) => {
    const keys = [a, b].map(({ name, namespace, master, mtu, addresses, gateways }) => {
      const key = place(namespace, name);
      lab.links.set(key, { declared, key, kind: "veth", mtu });
      if (master !== undefined) lab.ports.push({ link: key, bridge: place(namespace, master) });
      hold(lab, declared, namespace, key, addresses);
      for (const gateway of gateways) {
        const via = host(gateway);
        if (via !== undefined)
          lab.ways.push({ declared, place: namespace ?? "", link: key, destination: undefined, via });
      }
      return key;
    }) as [string, string];
    lab.lans.join(...keys);
    lab.reaches.join(...keys);
  }),

  Bridge: reader(
    v.object({
      name: v.string(),
      namespace: text,
      mtu: v.optional(v.number()),
      vlanFiltering: v.optional(v.boolean(), false),
      addresses: texts,
    }),
    ({ name, namespace, mtu, vlanFiltering, addresses }, declared, lab, vlans) => {
      const key = place(namespace, name);
      lab.links.set(key, { declared, key, kind: "bridge", mtu });
      if (vlanFiltering) vlans.add(key);
      hold(lab, declared, namespace, key, addresses);
    },
  ),

  Address: reader(
    v.object({ interface: v.string(), namespace: text, address: v.string(), peer: text }),
    ({ interface: name, namespace, address, peer }, declared, lab) =>
      hold(lab, declared, namespace, place(namespace, name), [address], peer),
  ),

  Route: reader(
    v.object({ namespace: text, destination: v.string(), via: text, interface: text }),
    ({ namespace, destination, via, interface: name }, declared, lab) =>
      lab.ways.push({
        declared,
        place: namespace ?? "",
        link: name === undefined ? undefined : place(namespace, name),
        destination: destination === "default" ? undefined : net(destination),
        via: via === undefined ? undefined : host(via),
      }),
  ),

  Sysctl: reader(
    v.object({ namespace: text, key: v.string(), value: v.string() }),
    ({ namespace, key, value }, _, lab) => {
      const [, version] = /^net\.ipv([46])\.(?:ip_forward|conf\..+\.forwarding)$/.exec(key.replaceAll("/", ".")) ?? [];
      if (version !== undefined && value !== "0")
        lab.forwards.add(forwarder(namespace ?? "", version === "4" ? "inet" : "inet6"));
    },
  ),

  NatRule: reader(
    v.object({ namespace: text, type: v.string(), source: text, outInterface: text }),
    ({ namespace, type, source, outInterface }, _, lab) => {
      if (type !== "masquerade" && type !== "snat") return;
      const out = outInterface === undefined ? undefined : place(namespace, outInterface);
      const from = source === undefined ? undefined : (net(source) ?? host(source));
      lab.hidings.push({ place: namespace ?? "", source: from, out });
    },
  ),
};

function hold(
  lab: Lab,
  declared: Declared,
  namespace: string | undefined,
  link: string,
  addresses: string[],
  peer?: string,
) {
  for (const address of addresses) {
    const parsed = net(address);
    if (parsed === undefined) continue;
    const other = peer === undefined ? undefined : host(peer);
    lab.addresses.push({ declared, place: namespace ?? "", link, net: parsed, peer: other });
  }
}
