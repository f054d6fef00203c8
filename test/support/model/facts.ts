import { contains, familyOf } from "../../../provider/cidr.ts";
import {
  type At,
  type Flat,
  type FlatDevice,
  type FlatEnd,
  type FlatFilter,
  type FlatRoute,
  type FlatRule,
  type FlatShaper,
  linksOf,
  OWN_STACK,
  partsOf,
  placeOn,
  routedBy,
} from "./flat.ts";
import { altnamesOf, HARDWARE_KIND, lentBy, withoutLent } from "./hardware.ts";
import { LAB_HOSTS } from "./lab.ts";

/** The state of the lab host, as facts: texts by name. */
export type Facts = ReadonlyMap<string, string>;

/** Types of facts that report the existence of an object. Others report its properties. */
const EXISTENCE = [
  ...["namespace", "link", "routes", "rules", "filter", "tables", "qdisc", "hosts", "processes", "notes"],
];

export const isExistence = (fact: string): boolean => EXISTENCE.includes(fact.split(" ")[0] ?? "");

/** A namespace that exists outside all programs, which refer to it by its name. */
export const OUTSIDE = "outside";

/** The placeholder for notes in a place in which a program changes settings or creates routes. */
export const NOTED = "whatever the provider notes";

/** Returns the name of a place in facts. */
export const placeName = (at: At): string => at ?? OWN_STACK;

/** Returns the name of a link in its place in facts. */
export const linkName = (at: At, name: string): string => `${placeName(at)}/${name}`;

/** A lab with the stack that owns it. */
export interface Owned {
  readonly stack: string;
  readonly flat: Flat;
}

/** Returns the facts that are expected when all stacks match their programs, including earlier facts. */
export function expectedFacts(before: Facts, labs: readonly Owned[]): Facts {
  const facts = withoutLent(
    before,
    labs.flatMap(({ flat }) => lentBy(flat)),
  );
  const hostRoutes = facts.get("routes host")?.split("\n") ?? [];
  for (const { flat } of labs) {
    for (const { name } of flat.namespaces)
      for (const [fact, text] of untouched(before)) facts.set(fact.replace(OUTSIDE, name), text);
    for (const [fact, text] of linkFacts(before, flat)) facts.set(fact, text);
  }
  for (const { stack, flat } of labs) {
    for (const [fact, text] of ruleFacts(stack, flat)) facts.set(fact, text);
    for (const { at, chain, ...filter } of flat.filters)
      facts.set(`filter ${placeName(at)} ${stackAt(stack, at)} ${chain}`, filterText(filter));
    for (const { at, link, type, amount } of flat.shapers)
      facts.set(`qdisc ${linkName(at, link)}`, `${QDISCS[type]} ${amount}`);
  }
  for (const at of placesOf(labs)) {
    const routes = [...(at === undefined ? hostRoutes : []), ...labs.flatMap(({ flat }) => routesAt(flat, at))].sort();
    if (routes.length > 0) facts.set(`routes ${placeName(at)}`, routes.join("\n"));
    const tables = labs
      .filter(({ flat }) => [...flat.rules, ...flat.filters].some((rule) => rule.at === at))
      .map(({ stack }) => stackAt(stack, at));
    if (tables.length > 0) facts.set(`tables ${placeName(at)}`, tables.sort().join("\n"));
    const asleep = labs.flatMap(({ flat }) => flat.processes.filter((one) => one.at === at));
    if (asleep.length > 0)
      facts.set(
        `processes ${placeName(at)}`,
        asleep
          .map(({ seconds }) => `sleep ${seconds}`)
          .sort()
          .join("\n"),
      );
  }
  for (const { flat } of labs) {
    for (const { at } of [...flat.sysctls, ...flat.routes]) facts.set(`notes ${placeName(at)}`, NOTED);
    for (const { at, name, value } of flat.sysctls) {
      for (const key of sysctlNames(name)) facts.set(`sysctl ${placeName(at)} ${key}`, value);
    }
    for (const { at, addresses, nameservers } of flat.hosts)
      facts.set(`hosts ${at}`, hostsText(addresses, nameservers));
  }
  return facts;
}

/** Returns the settings of a namespace that no program has changed: the one that exists outside all programs. */
const untouched = (before: Facts): [string, string][] =>
  [...before].filter(([fact]) => fact.startsWith(`sysctl ${OUTSIDE} `) && !fact.includes(".lo."));

function* linkFacts(before: Facts, flat: Flat): Generator<[string, string]> {
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
    yield [`inet6 ${link}`, ofFamily(all, "inet6").sort().join("\n")];
  }
}

/** Returns the kind of a link, as `ip` names it. */
const kindOf = ({ type, own }: FlatDevice): string =>
  type === "Tunnel" ? String(own["mode"]) : (NAMED[type] ?? type.toLowerCase());

const NAMED: Readonly<Partial<Record<string, string>>> = { Nic: HARDWARE_KIND, Tap: "tun" };

function routesAt(flat: Flat, at: At): string[] {
  const carried = linksOf(flat)
    .filter((link) => link.at === at)
    .flatMap((end) => {
      const over = { at, link: end.name, metric: undefined, mtu: undefined };
      return [
        ...end.gateways.map((via) => ({ ...over, destination: "default", via })),
        ...routedBy(end).map((destination) => ({ ...over, destination, via: undefined })),
      ];
    });
  return [...carried, ...flat.routes.filter((route) => route.at === at)].map((route) => routeText(flat, route));
}

function routeText(flat: Flat, { at, destination, via, link, metric, mtu }: FlatRoute): string {
  const family = familyOf(destination === "default" ? (via ?? "") : destination);
  const usual = family === "inet6" ? 1024 : 0;
  const dev = link ?? (via === undefined ? undefined : wayTo(flat, at, via));
  return [
    ...[family, destination, ...(via === undefined ? [] : ["via", via]), "dev", dev ?? "?"],
    ...["metric", metric ?? usual, ...(mtu === undefined ? [] : ["mtu", mtu])],
  ].join(" ");
}

/** Returns the link through which an address is reached: one that has an address of its network. */
export function wayTo(flat: Flat, at: At, address: string): string | undefined {
  const own = [
    ...linksOf(flat).flatMap((link) => link.addresses.map((address) => ({ at: link.at, link: link.name, address }))),
    ...flat.addresses,
  ];
  return own.find((one) => one.at === at && contains(one.address, address))?.link;
}

/** Returns the name of a stack in the marks and tables of a place. */
function stackAt(stack: string, at: At): string {
  const { lab } = partsOf(at);
  return lab === undefined ? stack : `${stack}/${lab}`;
}

function* ruleFacts(stack: string, { rules }: Flat): Generator<[string, string]> {
  for (const at of new Set(rules.map((rule) => rule.at))) {
    for (const hook of ["postrouting", "prerouting"]) {
      const here = rules.filter((rule) => rule.at === at && hookOf(rule) === hook);
      if (here.length > 0)
        yield [`rules ${placeName(at)} ${stackAt(stack, at)} ${hook}`, here.map(ruleText).join("\n")];
    }
  }
}

export const filterText = ({ policy, ports }: Pick<FlatFilter, "policy" | "ports">): string =>
  [`policy ${policy}`, ...ports.map((port) => `drop tcp ${port}`)].join("\n");

/** The qdisc of each kind, as `tc` names it. */
export const QDISCS: Readonly<Record<FlatShaper["type"], string>> = {
  Tbf: "tbf",
  Netem: "netem",
  FqCodel: "fq_codel",
};

export const hookOf = ({ type }: Pick<FlatRule, "type">): string => (type === "dnat" ? "prerouting" : "postrouting");

export const ruleText = ({ type, source, destination, outInterface }: Omit<FlatRule, "at">): string =>
  [
    ...(outInterface === undefined ? [] : [`out ${outInterface}`]),
    ...(source === undefined ? [] : [`from ${source}`]),
    // nft shows a network with a single host as that host.
    ...(destination === undefined ? [] : [`to ${destination.replace(/\/32$/, "")}`]),
    type,
  ].join(" ");

/** Keys that are one setting in the kernel. */
const ALIASES = [["net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"]];

export const sysctlNames = (name: string): readonly string[] => ALIASES.find((names) => names.includes(name)) ?? [name];

export const hostsText = (
  addresses: Readonly<Record<string, string>> | undefined,
  nameservers: readonly string[] | undefined,
): string =>
  [
    // The engine stores names in its own order.
    ...(addresses === undefined
      ? []
      : [
          "hosts:",
          ...Object.entries(addresses)
            .map(([name, at]) => `${at} ${name}`)
            .sort(),
        ]),
    ...(nameservers === undefined ? [] : ["resolv.conf:", ...nameservers]),
  ].join("\n");

const placesOf = (labs: readonly Owned[]): readonly At[] => [
  undefined,
  OUTSIDE,
  ...Object.keys(LAB_HOSTS).map((lab) => placeOn(lab, undefined)),
  ...new Set(labs.flatMap(({ flat }) => flat.namespaces.map(({ name }) => name))),
];
