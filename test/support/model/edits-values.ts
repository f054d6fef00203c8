import { deviceKind } from "./devices.ts";
import type { Dice } from "./dice.ts";
import type { Edit } from "./edits.ts";
import { ownOf } from "./generate-device.ts";
import type { EndFields, Lab, Thing } from "./lab.ts";
import type { LinkRef } from "./lab-refs.ts";
import { fieldsOf } from "./names.ts";
import { freshKey, ofKind, withThing } from "./things.ts";
import {
  aFilter,
  aMac,
  aNeighborMac,
  anAddress,
  anAltname,
  anMtu,
  aRule,
  aShaper,
  someAddresses,
  someGateways,
  someSources,
} from "./values.ts";

/** Edits of the properties of objects. */
export const valueEdits: Record<string, Edit> = {
  "another MTU": (dice, lab) => withLink(dice, lab, (link) => ({ ...link, mtu: dice.of(undefined, anMtu(dice)) })),
  "up or down": (dice, lab) => withLink(dice, lab, (link) => ({ ...link, up: link.up === false })),
  "another MAC address": (dice, lab) =>
    withLink(dice, lab, (link) => ({ ...link, mac: dice.of(undefined, aMac(dice)) })),
  "another altname": (dice, lab) =>
    withLink(dice, lab, (link) => ({ ...link, altname: dice.of(undefined, anAltname(dice)) })),
  "a name and an altname change places": (dice, lab) =>
    withLink(dice, lab, (link) => ({
      ...link,
      altname: dice.of("eth0", "p1", "br0"),
      name: dice.of("eth1", "p2", "br1"),
    })),
  "other addresses": (dice, lab) =>
    withLink(dice, lab, (link) => ({ ...link, addresses: someAddresses(dice), gateways: [] })),
  "addresses in another order": (dice, lab) =>
    withLink(dice, lab, (link) => ({ ...link, addresses: dice.shuffle(link.addresses ?? []) })),
  "an address more or less": (dice, lab) =>
    withLink(dice, lab, (link) => {
      const addresses = link.addresses ?? [];
      return { ...link, addresses: dice.chance(0.5) ? addresses.slice(1) : [anAddress(dice), ...addresses] };
    }),
  "another gateway": (dice, lab) =>
    withLink(dice, lab, (link) => ({ ...link, gateways: someGateways(dice, link.addresses ?? []) })),
  "addresses change places": (dice, lab) => {
    const [one, other] = dice.shuffle(endsOf(lab));
    const [first, second] = [one && fieldsOf(lab, one), other && fieldsOf(lab, other)];
    if (one === undefined || other === undefined || first === undefined || second === undefined) return undefined;
    const taken = ({ addresses, gateways }: EndFields): Pick<EndFields, "addresses" | "gateways"> => ({
      addresses,
      gateways,
    });
    return withFields(withFields(lab, one, { ...first, ...taken(second) }), other, { ...second, ...taken(first) });
  },

  "a carried address becomes a resource": (dice, lab) => {
    const ref = dice.pick(endsOf(lab));
    const link = ref && fieldsOf(lab, ref);
    const address = dice.pick(link?.addresses ?? []);
    if (ref === undefined || link === undefined || address === undefined) return undefined;
    const rest = { ...link, addresses: link.addresses?.filter((one) => one !== address) };
    const own: Thing = {
      key: freshKey(lab),
      kind: "address",
      id: `ip-${address.replaceAll(/\W/g, "-")}`,
      on: ref,
      address,
    };
    return [...withFields(lab, ref, rest), own];
  },
  "an address becomes a carried one": (dice, lab) => {
    const own = dice.pick(ofKind(lab, "address"));
    const link = own && fieldsOf(lab, own.on);
    if (own === undefined || link === undefined) return undefined;
    const with_ = withFields(lab, own.on, { ...link, addresses: [...(link.addresses ?? []), own.address] });
    return with_.filter(({ key }) => key !== own.key);
  },
  "a carried gateway becomes a route": (dice, lab) => {
    const ref = dice.pick(endsOf(lab));
    const link = ref && fieldsOf(lab, ref);
    const via = dice.pick(link?.gateways ?? []);
    if (ref === undefined || link === undefined || via === undefined) return undefined;
    const rest = { ...link, gateways: link.gateways?.filter((one) => one !== via) };
    const common = { key: freshKey(lab), kind: "route", id: "way-out", destination: "default", via } as const;
    return [...withFields(lab, ref, rest), { ...common, ...(link.place && { place: link.place }), on: ref }];
  },
  "a route becomes a carried gateway": (dice, lab) => {
    const own = dice.pick(ofKind(lab, "route").filter(({ destination }) => destination === "default"));
    const ref = dice.pick(endsOf(lab));
    const link = ref && fieldsOf(lab, ref);
    if (own?.via === undefined || ref === undefined || link === undefined) return undefined;
    const without = lab.filter(({ key }) => key !== own.key);
    return withFields(without, ref, { ...link, gateways: [...(link.gateways ?? []), own.via] });
  },

  "NAT rules in another order": (dice, lab) => {
    const rules = dice.shuffle(ofKind(lab, "nat"));
    return lab.map((thing) => (thing.kind === "nat" ? (rules.pop() ?? thing) : thing));
  },
  "another NAT rule": (dice, lab) => {
    const rule = dice.pick(ofKind(lab, "nat"));
    return rule && withThing(lab, { ...rule, type: dice.of("masquerade", "snat"), source: someSources(dice) });
  },
  "another value or spelling of a setting": (dice, lab) => {
    const setting = dice.pick(ofKind(lab, "sysctl"));
    if (setting === undefined) return undefined;
    const spelling: Partial<Record<string, typeof setting.name>> = {
      "net.ipv4.ip_forward": "net.ipv4.conf.all.forwarding",
      "net.ipv4.conf.all.forwarding": "net.ipv4.ip_forward",
    };
    const other = spelling[setting.name];
    return other !== undefined && dice.chance(0.6)
      ? withThing(lab, { ...setting, name: other })
      : withThing(lab, {
          ...setting,
          value: setting.name.includes("ttl") ? dice.of("63", "64", "65") : dice.of("0", "1"),
        });
  },
  "other hosts": (dice, lab) => {
    const hosts = dice.pick(ofKind(lab, "hosts"));
    const addresses = dice.chance(0.3) ? undefined : { web: `10.0.0.${1 + dice.below(9)}` };
    return hosts && withThing(lab, { ...hosts, addresses, nameservers: dice.chance(0.5) ? undefined : ["10.0.0.2"] });
  },
  "other values of a link's own arguments": (dice, lab) => {
    const device = dice.pick(ofKind(lab, "device"));
    if (device === undefined) return undefined;
    const { refs: _, ...rest } = device;
    return withThing(lab, { ...rest, ...ownOf(dice, lab, deviceKind(device.type)) });
  },
  "one value of a link's own arguments": (dice, lab) => {
    const device = dice.pick(ofKind(lab, "device"));
    const next = device && ownOf(dice, lab, deviceKind(device.type)).own;
    const name = dice.pick(Object.keys({ ...device?.own, ...next }));
    if (device === undefined || next === undefined || name === undefined) return undefined;
    const { [name]: _, ...rest } = device.own;
    return withThing(lab, { ...device, own: name in next ? { ...rest, [name]: next[name] } : rest });
  },
  "other rules of a chain": (dice, lab) => {
    const filter = dice.pick(ofKind(lab, "filter"));
    return filter && withThing(lab, { ...filter, ...aFilter(dice) });
  },
  "another routing rule": (dice, lab) => {
    const rule = dice.pick(ofKind(lab, "rule"));
    return rule && withThing(lab, { ...rule, ...aRule(dice) });
  },
  "one value of a routing rule": (dice, lab) => {
    const rule = dice.pick(ofKind(lab, "rule"));
    const { priority, from, table } = aRule(dice);
    return rule && withThing(lab, { ...rule, ...dice.of<Partial<typeof rule>>({ priority }, { from }, { table }) });
  },
  "another neighbour": (dice, lab) => {
    const neighbor = dice.pick(ofKind(lab, "neighbor"));
    if (neighbor === undefined) return undefined;
    const address = neighbor.address.replace(/\d+$/, String(50 + dice.below(3)));
    const lladdr = aNeighborMac(dice);
    return withThing(lab, { ...neighbor, ...(dice.chance(0.5) ? { address } : { lladdr }) });
  },
  "another shaper": (dice, lab) => {
    const shaper = dice.pick(ofKind(lab, "shaper"));
    const { type, amount } = aShaper(dice);
    return shaper && withThing(lab, { ...shaper, amount, ...(dice.chance(0.3) && { type }) });
  },
  "another process": (dice, lab) => {
    const process = dice.pick(ofKind(lab, "process"));
    return process && withThing(lab, { ...process, seconds: 1000 + dice.below(9) });
  },
  "another route": (dice, lab) => {
    const route = dice.pick(ofKind(lab, "route"));
    return route && withThing(lab, { ...route, metric: dice.of(undefined, 100, 200), mtu: dice.of(undefined, 1300) });
  },
  "other numbers in a LAN": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    return lan && withThing(lab, { ...lan, net: 1 + dice.below(3), mtu: dice.of(undefined, anMtu(dice)) });
  },

  "retain on delete, or not": (dice, lab) => {
    const thing = dice.pick(ofKind(lab, "namespace", "bridge", "device", "veth"));
    const { retainOnDelete, ...options } = thing?.options ?? {};
    return (
      thing && withThing(lab, { ...thing, options: retainOnDelete ? options : { ...options, retainOnDelete: true } })
    );
  },
  "protect, or not": (dice, lab) => {
    const thing = dice.pick(lab);
    const { protect, ...options } = thing?.options ?? {};
    return thing && withThing(lab, { ...thing, options: protect ? options : { ...options, protect: true } });
  },
  "aliases go": (_dice, lab) =>
    lab.map((thing) =>
      thing.options?.aliases ? { ...thing, options: { ...thing.options, aliases: undefined } } : thing,
    ),
};

const endsOf = (lab: Lab): LinkRef[] =>
  ofKind(lab, "bridge", "device", "veth").flatMap(({ kind, key }): LinkRef[] =>
    kind !== "veth"
      ? [{ key, by: "object" }]
      : [
          { key, by: "object", end: "a" },
          { key, by: "object", end: "b" },
        ],
  );

function withLink(dice: Dice, lab: Lab, change: (link: EndFields) => EndFields): Lab | undefined {
  const ref = dice.pick(endsOf(lab));
  const link = ref && fieldsOf(lab, ref);
  return ref && link && withFields(lab, ref, change(link));
}

/** Returns a lab with other fields for a link or an end of a veth pair. A bridge has no gateways. */
function withFields(lab: Lab, { key, end }: LinkRef, fields: EndFields): Lab {
  return lab.map((thing) => {
    if (thing.key !== key) return thing;
    if (thing.kind === "veth") return { ...thing, [end ?? "a"]: fields };
    if (thing.kind === "device") return { ...thing, ...fields };
    const { gateways: _, master: __, ...link } = fields;
    return { ...thing, ...link } as Thing;
  });
}
