import { splitKey } from "../lab/hosts.ts";
import { segments } from "../lab/segments.ts";
import { type Vlans, vlansOf } from "../provider/vlans.ts";
import { type Check, describe, type Finding, type Lab, type LabLink } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A VLAN that the bridge port at the other end of a cable does not have, or that no trunk carries between the bridges with its ports, and a port without
 * any VLAN.
 */
export const vlanNotCarried: Check = (lab) => {
  const bridges = filteringBridges(lab);
  return [...unheard(lab, bridges), ...split(lab, bridges), ...empty(lab, bridges)];
};

/** The bridges with VLAN filtering whose ports have known VLANs, with these ports. */
type Bridges = ReadonlyMap<string, { readonly self: LabLink; readonly ports: ReadonlyMap<string, Vlans> }>;

function filteringBridges({ links, ports }: Lab): Bridges {
  const all = [...links.values()].flatMap((link) => {
    const own = ports.filter(({ bridge }) => bridge === link.key).map((port) => links.get(port.link));
    const { defaultVlan } = link;
    if (link.vlanFiltering !== true || defaultVlan === null || own.some((port) => port?.vlans === null)) return [];
    const found = own.flatMap((port) =>
      port === undefined ? [] : [[port.key, portVlans(port.vlans ?? undefined, defaultVlan)] as const],
    );
    return [[link.key, { self: link, ports: new Map(found) }] as const];
  });
  return new Map(all);
}

const portVlans = (given: readonly string[] | undefined, usual: number): Vlans =>
  vlansOf(given ?? (usual === 0 ? [] : [`${usual} pvid untagged`]));

/** Finds the VLAN interfaces whose parent is a bridge without the VLAN, or is plugged into a port without it. */
function unheard({ links, pairs }: Lab, bridges: Bridges): Finding[] {
  const peers = new Map(pairs.flatMap(({ ends: [a, b] }) => [[a, b] as const, [b, a] as const]));
  return [...links.values()].flatMap(({ resource, key, vlan, parent = "" }) => {
    if (vlan === undefined) return [];
    const port = peers.get(parent) ?? "";
    const bridge = bridges.get(links.get(port)?.master ?? "");
    const finding = (where: string, help: string): Finding => ({
      about: resource,
      message: `${key} gets no frames: ${where} does not have the VLAN ${vlan}`,
      help,
    });
    const vlans = bridge?.ports.get(port);
    if (vlans !== undefined && !vlans.has(vlan))
      return [finding(`the port ${port} of the bridge ${bridge?.self.key}`, `add ${vlan} to port.vlans of ${port}`)];
    const own = bridges.get(parent)?.self;
    if (own === undefined || own.ownVlans === null) return [];
    return portVlans(own.ownVlans, own.defaultVlan ?? 0).has(vlan)
      ? []
      : [finding(`the bridge ${own.key} itself`, `add ${vlan} to vlans of the bridge`)];
  });
}

/** Finds the VLANs with ports for hosts on two connected bridges, between which no trunk carries them. */
function split({ links, pairs }: Lab, bridges: Bridges): Finding[] {
  const trunks = pairs.flatMap(({ ends }) => {
    const [a, b] = ends.map((key) => ({ key, bridge: bridges.get(links.get(key)?.master ?? "") }));
    return a?.bridge === undefined || b?.bridge === undefined || a.bridge === b.bridge
      ? []
      : [{ a: { ...a, bridge: a.bridge }, b: { ...b, bridge: b.bridge } }];
  });
  const inTrunks = new Set(trunks.flatMap(({ a, b }) => [a.key, b.key]));
  const cables = segments();
  for (const { a, b } of trunks) cables.join(a.bridge.self.key, b.bridge.self.key);
  const users = [...bridges].flatMap(([bridge, { ports }]) =>
    [...ports].flatMap(([port, vlans]) =>
      inTrunks.has(port) ? [] : [...vlans.keys()].map((vid) => ({ vid, port, bridge })),
    ),
  );
  return [...Map.groupBy(users, ({ vid, bridge }) => `${vid} ${cables.of(bridge)}`).values()].flatMap((together) => {
    const [first] = together;
    if (first === undefined) return [];
    const carried = segments();
    for (const { a, b } of trunks)
      if (a.bridge.ports.get(a.key)?.has(first.vid) && b.bridge.ports.get(b.key)?.has(first.vid))
        carried.join(a.bridge.self.key, b.bridge.self.key);
    const apart = together.find(({ bridge }) => carried.of(bridge) !== carried.of(first.bridge));
    const resource = apart && links.get(apart.port)?.resource;
    if (apart === undefined || resource === undefined) return [];
    return [
      {
        about: resource,
        message:
          `the VLAN ${first.vid} has ports on the bridges ${first.bridge} (${first.port}) and ${apart.bridge} ` +
          `(${apart.port} of ${describe(resource)}), and no trunk between them carries it`,
        help: `add ${first.vid} to port.vlans at both ends of a trunk between the bridges`,
      },
    ];
  });
}

/** Finds the ports without a VLAN on bridges that give them none. A program may add VLANs. */
function empty({ links, programs, incomplete }: Lab, bridges: Bridges): Finding[] {
  if (incomplete.has("program")) return [];
  return [...bridges.values()].flatMap(({ self, ports }) => {
    if (self.defaultVlan !== 0 || mayActIn(programs, splitKey(self.key).place)) return [];
    return [...ports].flatMap(([port, vlans]) => {
      const resource = links.get(port)?.resource;
      if (vlans.size > 0 || resource === undefined) return [];
      return [
        {
          about: resource,
          message: `the port ${port} of the bridge ${self.key} carries nothing: it has no port.vlans, and vlanDefaultPvid of ${describe(self.resource)} is 0, so the bridge gives it no VLAN`,
          help: 'set port.vlans, e.g. ["10 pvid untagged"], or remove vlanDefaultPvid',
        },
      ];
    });
  });
}
