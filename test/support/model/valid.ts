import { cidr, contains, familyOf } from "../../../provider/cidr.ts";
import { deviceKind } from "./devices.ts";
import { linkName, OUTSIDE } from "./fact-names.ts";
import { policyText } from "./fact-texts.ts";
import { wayTo } from "./facts-routes.ts";
import { type At, type Flat, type FlatDevice, type FlatEnd, type FlatRef, linksOf, placeOn, routedBy } from "./flat.ts";
import { flatten } from "./flatten.ts";
import { HARDWARE, lentBy } from "./hardware.ts";
import { type EndFields, LAB_HOST_CABLE, LAB_HOSTS, type Lab, type Thing } from "./lab.ts";
import type { HopRef, LinkRef, Place } from "./lab-refs.ts";
import { fieldsOf } from "./names.ts";
import { find, references } from "./things.ts";
import { deviceFault } from "./valid-device.ts";
import { crossingFault, labHostFault } from "./valid-hosts.ts";
import { neighborFault } from "./valid-neighbors.ts";
import { nexthopFault } from "./valid-nexthops.ts";
import { misplaced, settingFault } from "./valid-settings.ts";

/** Returns why a lab is invalid: its program would be rejected, or its result is not determined; undefined if it is valid. */
export function fault(lab: Lab, others: readonly Flat[] = []): string | undefined {
  const dangling = lab.find((thing, index) => !isGrounded(thing, lab.slice(0, index)));
  if (dangling !== undefined) return `${dangling.id} refers to what does not come before it`;
  const twice = duplicate(lab.map(({ kind, id }) => `${kind} ${id}`));
  if (twice !== undefined) return `${twice} is there twice`;
  // On several lab hosts, their namespaces may have the same name.
  const seat = duplicate(lab.flatMap((thing) => (thing.kind === "lan" ? thing.hosts.map(({ name }) => name) : [])));
  if (seat !== undefined) return `${seat} is a host of two LANs`;
  const former = duplicate(lab.flatMap(namesOfResource));
  if (former !== undefined) return `${former} is a name or a former name of two resources`;
  const far = labHostFault(lab);
  if (far !== undefined) return far;
  const flat = flatten(lab);
  return (
    among([flat, ...others]) ??
    linksOf(flat)
      .map((end) => endFault(end, flat))
      .find((why) => why !== undefined) ??
    flat.devices.map((device) => deviceFault(device, flat)).find((why) => why !== undefined) ??
    neighborFault(flat) ??
    loopFault(flat) ??
    ringFault(flat) ??
    crossingFault(lab, flat) ??
    routeFault(lab, flat) ??
    nexthopFault(lab, flat) ??
    settingFault([flat, ...others]) ??
    lab.map((thing) => misplaced(thing, lab)).find((why) => why !== undefined)
  );
}

/** Returns the names by which the engine finds a resource in the state: its own and those of its aliases. */
const namesOfResource = ({ kind, id, options }: Thing): string[] => [
  ...new Set([id, ...(options?.aliases ?? [])].map((name) => `${kind} ${name}`)),
];

export const isValid = (lab: Lab, others?: readonly Flat[]): boolean => fault(lab, others) === undefined;

/** Returns true if all references of an object lead to earlier objects of the right kind. */
function isGrounded(thing: Thing, before: Lab): boolean {
  if (references(thing).some((key) => find(before, key) === undefined)) return false;
  const { place, on, outInterface, a, b, parent } = thing as object as Partial<Record<string, unknown>>;
  const refs = thing.kind === "device" ? Object.values(thing.refs ?? {}) : [];
  const ends = [thing, a, b].filter((end): end is EndFields => typeof end === "object");
  return (
    [place, ...ends.map((end) => end.place)].every((at) => isPlace(at as Place | undefined, before)) &&
    labHostsOf(thing).every((key) => find(before, key)?.kind === "labHost") &&
    [on, outInterface, parent, ...refs].every(
      (ref) => ref === undefined || fieldsOf(before, ref as LinkRef) !== undefined,
    ) &&
    ends.every(({ master }) => master === undefined || find(before, master.key)?.kind === "bridge") &&
    hopsOf(thing).every(({ key }) => find(before, key)?.kind === "nexthop") &&
    nodesOf(thing).every((key) => ["host", "router"].includes(find(before, key)?.kind ?? "")) &&
    (thing.kind !== "lan" || thing.router === undefined || find(before, thing.router)?.kind === "router")
  );
}

const isPlace = (place: Place | undefined, before: Lab): boolean =>
  place === undefined ||
  "outside" in place ||
  ["namespace", "host", "router", "labHost"].includes(find(before, place.key)?.kind ?? "");

const hopsOf = (thing: Thing): readonly HopRef[] =>
  thing.kind === "nexthop" ? (thing.members ?? []) : thing.kind === "route" && thing.hop ? [thing.hop] : [];

const nodesOf = (thing: Thing): number[] =>
  thing.kind === "link" ? [thing.a, thing.b] : thing.kind === "lan" ? thing.joins.map(({ node }) => node) : [];

/** Returns the keys of the lab hosts that an object names. */
const labHostsOf = (thing: Thing): number[] =>
  [thing, ...(thing.kind === "lan" ? [...(thing.spans ?? []), ...thing.hosts] : [])].flatMap((one) =>
    "lab" in one && one.lab !== undefined ? one.lab : [],
  );

const duplicate = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

/** Checks for names and addresses that must be unique in the kernel. */
function among(flats: readonly Flat[]): string | undefined {
  const ends = flats.flatMap(linksOf);
  const addresses = flats.flatMap(addressesOf);
  const networks = new Map(flats.flatMap(networksOf).map((one) => [`${one.where} on ${one.link}`, one.where]));
  return (
    duplicate(["", OUTSIDE, ...flats.flatMap(({ namespaces }) => namespaces.map(({ name }) => name))]) ??
    duplicate([
      ...Object.keys(LAB_HOSTS).map((lab) => linkName(placeOn(lab, undefined), LAB_HOST_CABLE)),
      // Those of the lab host get their names back.
      ...HARDWARE.map((name) => linkName(undefined, name)),
      ...ends.flatMap(({ at, name, altname }) =>
        [name, ...(altname === undefined ? [] : [altname])].map((one) => linkName(at, one)),
      ),
    ]) ??
    duplicate(flats.flatMap(lentBy)) ??
    duplicate(ends.flatMap(({ mac }) => mac ?? [])) ??
    duplicate(flats.flatMap(({ devices }) => devices.flatMap(keyOf))) ??
    duplicate(addresses.map(({ address }) => address.split("/")[0] ?? "")) ??
    // A network may be on only one link of a place: otherwise the route to it is ambiguous.
    duplicate([...networks.values()]) ??
    duplicate(flats.flatMap(({ policies }) => policies.map((one) => `policy ${one.at} ${policyText(one)}`))) ??
    duplicate(
      flats.flatMap(({ neighbors }) => neighbors.map((one) => `neighbor ${one.at} ${one.link} ${one.address}`)),
    ) ??
    duplicate(flats.flatMap(({ nexthops }) => nexthops.map((one) => `next hop ${one.at} ${one.nhid}`))) ??
    duplicate(flats.flatMap(({ hosts }) => hosts.map(({ at }) => `hosts ${at}`))) ??
    duplicate(flats.flatMap(({ shapers }) => shapers.map(({ at, link }) => `qdisc ${linkName(at, link)}`))) ??
    flats
      .map(({ filters }) => duplicate(filters.map(({ at, chain }) => `filter ${at} ${chain}`)))
      .find((why) => why !== undefined) ??
    duplicate(flats.flatMap((flat) => defaultsOf(flat)))
  );
}

/** Returns the values that distinguish a link from others of its kind in a place, such as a VNI. */
const keyOf = ({ at, type, own }: FlatDevice): string[] => {
  const values = deviceKind(type).keys.flatMap((name) => (own[name] === undefined ? [] : [JSON.stringify(own[name])]));
  return values.length === 0 ? [] : [[at, type, ...values].join(" ")];
};

/** A network of a link. */
export interface NetworkOfLink {
  /** The network and its place. */
  readonly where: string;
  readonly link: string;
}

/** Returns the networks of a lab's links. */
export const networksOf = (flat: Flat): NetworkOfLink[] =>
  addressesOf(flat).map(({ at, link, address }) => ({
    where: `${networkOf(address)} at ${at}`,
    link: linkName(at, link),
  }));

const addressesOf = (flat: Flat) => [
  ...linksOf(flat).flatMap(({ at, name, addresses }) => addresses.map((address) => ({ at, link: name, address }))),
  ...flat.addresses,
];

const networkOf = (address: string): string => `${cidr(address)?.network}/${cidr(address)?.length}`;

/** Returns the destinations of routes, each with the values that distinguish it from others. */
const defaultsOf = (flat: Flat): string[] => [
  ...linksOf(flat).flatMap(({ at, gateways }) => gateways.map((via) => `${at} default ${familyOf(via)} 0`)),
  ...linksOf(flat).flatMap((link) => routedBy(link).map((network) => `${link.at} ${network} ${familyOf(network)} 0`)),
  ...flat.routes.map(({ at, destination, via, metric = 0 }) => {
    const family = familyOf(destination === "default" ? (via ?? "") : destination);
    return `${at} ${destination.replace("::/0", "default")} ${family} ${metric}`;
  }),
];

function endFault(end: FlatEnd, flat: Flat): string | undefined {
  const { at, name, master, gateways, addresses, up, altname } = end;
  if (name.length > 15 || altname === name) return `${name} is no name`;
  if (gateways.length > 0 && !up) return `${name} is down and has a gateway`;
  if (gateways.some((via) => !addresses.some((own) => contains(own, via)))) return `${name} does not reach its gateway`;
  if (gateways.some((via) => addresses.some((own) => own.startsWith(`${via}/`)))) return `${name} is its own gateway`;
  if (master !== undefined && !flat.bridges.some((bridge) => bridge.at === at && bridge.name === master))
    return `${name} has no such master`;
  const other = flat.cables.find(({ a, b }) => (a.at === at && a.name === name) || (b.at === at && b.name === name));
  return other !== undefined && other.a.at === other.b.at && other.a.name === other.b.name
    ? "both ends are one"
    : undefined;
}

/** Checks that no link is, through the links below it, on top of itself: a bridge is on its ports, and a child on its parent. */
function loopFault(flat: Flat): string | undefined {
  const below = (at: At, name: string): FlatRef[] => [
    ...flat.devices
      .filter((device) => device.at === at && device.name === name)
      .flatMap(({ parent, refs }) => [...(parent ? [parent] : []), ...Object.values(refs)]),
    ...linksOf(flat).filter((port) => port.at === at && port.master === name),
  ];
  const isAbove = ({ at, name }: FlatRef, top: FlatRef, depth = 0): boolean =>
    depth > 9 ||
    below(at, name).some((ref) => (ref.at === top.at && ref.name === top.name) || isAbove(ref, top, depth + 1));
  const found = flat.devices.find((device) => isAbove(device, device));
  return found && `${found.name} is on top of itself`;
}

/** Checks that no cables between bridges form a ring, in which frames would circulate for ever. */
function ringFault({ cables }: Flat): string | undefined {
  const segments = new Map<string, string>();
  const segmentOf = (bridge: string): string => {
    const next = segments.get(bridge);
    return next === undefined ? bridge : segmentOf(next);
  };
  for (const { a, b } of cables) {
    if (a.master === undefined || b.master === undefined) continue;
    const [one, other] = [segmentOf(linkName(a.at, a.master)), segmentOf(linkName(b.at, b.master))];
    if (one === other) return `${a.name} closes a ring of bridges`;
    segments.set(one, other);
  }
  return undefined;
}

/** Checks that a route follows the addresses that it needs, and that its link is up. */
function routeFault(lab: Lab, flat: Flat): string | undefined {
  for (const [index, thing] of lab.entries()) {
    if (thing.kind !== "route" || thing.hop !== undefined) continue;
    const before = flatten(lab.slice(0, index));
    const route = flatten(lab.slice(0, index + 1)).routes.at(-1);
    if (route === undefined) continue;
    const over = route.via === undefined ? route.link : wayTo(before, route.at, route.via);
    const link = linksOf(flat).find((one) => one.at === route.at && one.name === over);
    if (link === undefined || !link.up || isVrf(flat, link)) return `${thing.id} has no way`;
    if (route.link !== undefined && route.link !== over) return `${thing.id} goes over another link`;
    if (addressesOf(flat).some(({ at, address }) => at === route.at && address.startsWith(`${route.via}/`)))
      return `${thing.id} goes via an address of its own`;
  }
  return undefined;
}

const isVrf = ({ devices }: Flat, { at, name }: FlatRef): boolean =>
  devices.some((one) => one.type === "Vrf" && one.at === at && one.name === name);
