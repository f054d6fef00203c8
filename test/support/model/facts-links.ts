import { familyOf } from "../../../provider/cidr.ts";
import { type Facts, linkName, placeName } from "./fact-names.ts";
import { neighborText } from "./fact-texts.ts";
import { type Flat, type FlatDevice, type FlatEnd, linksOf } from "./flat.ts";
import { altnamesOf, HARDWARE_KIND } from "./hardware.ts";

/** Yields the facts about the links of a lab, and its namespaces. */
export function* linkFacts(before: Facts, flat: Flat): Generator<[string, string]> {
  for (const { name } of flat.namespaces) yield [`namespace ${name}`, "there"];
  for (const { at, name, stp } of flat.bridges) {
    yield [`link ${linkName(at, name)}`, "bridge"];
    yield [`stp ${linkName(at, name)}`, String(stp)];
  }
  const lasting = new Map<FlatEnd, string[]>();
  for (const device of flat.devices) {
    yield [`link ${linkName(device.at, device.name)}`, kindOf(device)];
    lasting.set(device, altnamesOf(before, device.own["from"]));
  }
  for (const { a, b } of flat.cables) {
    yield [`link ${linkName(a.at, a.name)}`, `cable to ${linkName(b.at, b.name)}`];
    yield [`link ${linkName(b.at, b.name)}`, `cable to ${linkName(a.at, a.name)}`];
    // A veth pair has an MTU even if none is given; a bridge then takes that of its ports.
    for (const end of [a, b]) yield [`mtu ${linkName(end.at, end.name)}`, String(end.mtu ?? 1500)];
  }
  for (const { at, name } of flat.overlays.flatMap(({ ends }) => ends)) yield [`link ${linkName(at, name)}`, "vxlan"];
  for (const end of linksOf(flat)) {
    const { at, name, mac, mtu, up, altname, master, addresses } = end;
    const link = linkName(at, name);
    const all = [
      ...addresses,
      ...flat.addresses.filter((one) => one.at === at && one.link === name).map(({ address }) => address),
    ];
    yield [`sysctl ${placeName(at)} net.ipv4.conf.${name}.proxy_arp`, "0"];
    yield [`up ${link}`, String(up)];
    yield [`master ${link}`, master ?? "none"];
    const altnames = [...(lasting.get(end) ?? []), ...(altname === undefined ? [] : [altname])];
    yield [`altnames ${link}`, altnames.join("\n") || "none"];
    if (mac !== undefined) yield [`mac ${link}`, mac];
    if (mtu !== undefined) yield [`mtu ${link}`, String(mtu)];
    const ofFamily = (list: readonly string[], family: string): string[] =>
      list.filter((one) => familyOf(one) === family);
    yield [`inet ${link}`, ofFamily(all, "inet").sort().join("\n")];
    yield [`order ${link}`, ofFamily(addresses, "inet").join("\n")];
    const neighbors = flat.neighbors.filter((one) => one.at === at && one.link === name);
    if (neighbors.length > 0) yield [`neighbors ${link}`, neighbors.map(neighborText).sort().join("\n")];
    yield [`inet6 ${link}`, ofFamily(all, "inet6").sort().join("\n")];
  }
}

/** Returns the kind of a link, as `ip` names it. */
const kindOf = ({ type, own }: FlatDevice): string =>
  type === "Tunnel" ? String(own["mode"]) : (NAMED[type] ?? type.toLowerCase());

const NAMED: Readonly<Partial<Record<string, string>>> = { Nic: HARDWARE_KIND, Tap: "tun" };
