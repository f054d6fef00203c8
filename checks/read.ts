import * as v from "valibot";
import { place } from "../provider/kind.ts";
import { keyOn, normalizeSysctlKey } from "../provider/sysctl-key.ts";
import { type Declared, forwarder, type Lab } from "./lab.ts";
import { host, net } from "./net.ts";
import { segments } from "./segments.ts";

/** Reads a lab from the resources of its program. */
export function labOf(declared: readonly Declared[]): Lab {
  const lab: Lab = {
    namespaces: new Set(),
    links: new Map(),
    cables: [],
    addresses: [],
    ways: [],
    hidings: [],
    ports: [],
    sysctls: [],
    forwards: new Set(),
    unsure: new Set(),
    lans: segments(),
    reaches: segments(),
  };
  for (const one of declared) {
    const told = readers[one.kind]?.(one, lab);
    if (told === false) lab.unsure.add(one.kind);
  }
  for (const { link, bridge } of lab.ports) {
    lab.reaches.join(link, bridge);
    const { vlanFiltering = false } = lab.links.get(bridge) ?? {};
    if (vlanFiltering === false) lab.lans.join(link, bridge);
  }
  return lab;
}

/** Puts a resource into the lab; false when something of it is not known. */
type Reader = (declared: Declared, lab: Lab) => boolean;

const text = v.optional(v.string());
const texts = v.optional(v.array(v.string()), []);
const flag = (usual: boolean) => v.optional(v.nullable(v.boolean()), usual);

const reader =
  <Schema extends v.GenericSchema>(
    schema: Schema,
    put: (args: v.InferOutput<Schema>, declared: Declared, lab: Lab) => void,
  ): Reader =>
  (declared, lab) => {
    const read = v.safeParse(schema, declared.args);
    if (read.success) put(read.output, declared, lab);
    return read.success;
  };

const end = v.object({
  name: v.string(),
  namespace: text,
  master: text,
  mtu: v.optional(v.number(), 1500),
  up: flag(true),
  addresses: texts,
  gateways: texts,
});

const readers: Readonly<Record<string, Reader>> = {
  Namespace: reader(v.object({ name: v.string() }), ({ name }, _declared, lab) => lab.namespaces.add(name)),

  Veth: reader(v.object({ a: end, b: end }), ({ a, b }, declared, lab) => {
    const ends = [a, b].map(({ name, namespace, master, mtu, up, addresses, gateways }) => {
      const key = place(namespace, name);
      lab.links.set(key, { declared, key, kind: "veth", mtu, up, stp: false, vlanFiltering: false });
      if (master !== undefined) lab.ports.push({ link: key, bridge: place(namespace, master) });
      hold(lab, declared, namespace, key, addresses);
      for (const gateway of gateways) {
        const via = host(gateway);
        if (via !== undefined)
          lab.ways.push({ declared, place: namespace ?? "", link: key, destination: undefined, via, onlink: false });
      }
      return key;
    }) as [string, string];
    lab.cables.push({ declared, ends });
    lab.lans.join(...ends);
    lab.reaches.join(...ends);
  }),

  Bridge: reader(
    v.object({
      name: v.string(),
      namespace: text,
      mtu: v.optional(v.number()),
      up: flag(true),
      stp: flag(false),
      vlanFiltering: flag(false),
      addresses: texts,
    }),
    ({ name, namespace, mtu, addresses, ...options }, declared, lab) => {
      const key = place(namespace, name);
      lab.links.set(key, { declared, key, kind: "bridge", mtu, ...options });
      hold(lab, declared, namespace, key, addresses);
    },
  ),

  Address: reader(
    v.object({ interface: v.string(), namespace: text, address: v.string(), peer: text }),
    ({ interface: name, namespace, address, peer }, declared, lab) =>
      hold(lab, declared, namespace, place(namespace, name), [address], peer),
  ),

  Route: reader(
    v.object({ namespace: text, destination: v.string(), via: text, interface: text, onlink: flag(false) }),
    ({ namespace, destination, via, interface: name, onlink }, declared, lab) =>
      lab.ways.push({
        declared,
        place: namespace ?? "",
        link: name === undefined ? undefined : place(namespace, name),
        destination: destination === "default" ? undefined : net(destination),
        via: via === undefined ? undefined : host(via),
        onlink,
      }),
  ),

  Sysctl: reader(
    v.object({ namespace: text, key: v.string(), value: v.string(), interface: text }),
    ({ namespace, key: given, value, interface: link }, declared, lab) => {
      const spelled = normalizeSysctlKey(given) ?? given;
      const key = link === undefined ? spelled : keyOn(spelled, link);
      lab.sysctls.push({ declared, place: namespace ?? "", key, value });
      const [, version] = /^net\.ipv([46])\.(?:ip_forward|conf\..+\.forwarding)$/.exec(key) ?? [];
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
