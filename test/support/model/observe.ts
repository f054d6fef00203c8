import { append, type Facts, linkName } from "./fact-names.ts";
import { hostsText } from "./fact-texts.ts";
import { type At, partsOf, placeOn } from "./flat.ts";
import type { Machine } from "./ground.ts";
import { HARDWARE } from "./hardware.ts";
import { LOOK, LOOK_HERE, QDISCS } from "./look.ts";
import { readNeighbors, readNexthops, readRoutes } from "./observe-routes.ts";
import { readPolicies, readRules } from "./observe-rules.ts";

/** The settings to observe in every place; a `*` stands for each interface. */
export const SETTINGS = [
  "net.ipv4.ip_forward",
  "net.ipv4.conf.all.forwarding",
  "net.ipv6.conf.all.forwarding",
  "net.ipv4.ip_default_ttl",
  "net.ipv4.conf.*.proxy_arp",
];

/** This machine, and each lab host by its name. */
export type Machines = ReadonlyMap<string | undefined, Machine>;

/**
 * Observes all lab hosts by other means than the provider's.
 *
 * @param ruled The places to check for rules, besides the lab hosts themselves: listing rules takes a while.
 */
export async function observe(machines: Machines, ruled: readonly At[] = []): Promise<Facts> {
  const found = await Promise.all(
    [...machines].map(async ([lab, machine]) => {
      const here = ruled.map(partsOf).flatMap((place) => (place.lab === lab ? (place.namespace ?? []) : []));
      return [...(await observeOne(machine, lab, here))].map(([fact, text]) => onLabHost(lab, fact, text));
    }),
  );
  return new Map(found.flat());
}

/** Returns a fact whose places are on a lab host. The place is the second word of its name, and the end of a cable that of its text. */
const onLabHost = (lab: string | undefined, fact: string, text: string): [string, string] => {
  const placed = (words: string, before: RegExp): string =>
    words.replace(before, (first: string) => first + (placeOn(lab, "") ?? ""));
  return [placed(fact, /^\S+ /), placed(text, /^cable to /)];
};

async function observeOne(machine: Machine, lab: string | undefined, ruled: readonly string[]): Promise<Facts> {
  const facts = new Map<string, string>();
  const paths = SETTINGS.map(pathOf);
  const text = await machine.run("sh", "-c", LOOK, "sh", LOOK_HERE, lab ?? "", ["host", ...ruled].join(" "), ...paths);
  for (const place of text.split("@place ").slice(1)) readPlace(place, facts);
  for (const [, namespace = "", name = "", content = ""] of text.matchAll(/^@file (\S+) (\S+)\n((?:(?!@).*\n?)*)/gm))
    readFile(namespace, name, content, facts);
  for (const [, place = "", command = ""] of text.matchAll(/@process (\S+) (sleep \d+) $/gm))
    append(facts, `processes ${place}`, command);
  return new Map([...withEnds(facts)].map(([fact, text]) => [fact, isSet(fact) ? inOrder(text) : text]));
}

function readPlace(text: string, facts: Map<string, string>): void {
  const [head = "", ...lines] = text.split("\n");
  const at = head === "host" ? undefined : head;
  const place = head;
  // A place without any links is the remainder of a namespace.
  const [
    names = [],
    links = [],
    inet = [],
    policies = [],
    neighbors = [],
    hops = [],
    inet6 = [],
    policies6 = [],
    rules = {},
  ] = lines.filter((line) => /^[[{]/.test(line)).map((line) => JSON.parse(line));
  if (at !== undefined) facts.set(`namespace ${at}`, "there");
  const nsids = new Map<number, string>(names.flatMap(({ name, id }: any) => (id === undefined ? [] : [[id, name]])));
  const linkByIndex = (id: number | undefined, index: number): string => {
    if (id === undefined) return `${place}#${index}`;
    // The cable of a lab host leads to a place that has no name there.
    return `${nsids.get(id) ?? (at === undefined ? "elsewhere" : "host")}#${index}`;
  };
  for (const link of links) readLink(link, at, linkByIndex, facts);
  readRoutes(place, { inet, inet6 }, facts);
  readNeighbors(at, neighbors, facts);
  readNexthops(place, hops, facts);
  readPolicies(place, [...policies, ...policies6], facts);
  readRules(place, rules.nftables ?? [], facts);
  for (const line of lines) if (line.startsWith(QDISCS)) readQdiscs(at, JSON.parse(line.slice(QDISCS.length)), facts);
  for (const line of lines) {
    const [, path = "", value = ""] = /^(\/proc\/sys\/[^:]+):(.*)$/.exec(line) ?? [];
    if (path !== "") facts.set(`sysctl ${place} ${nameOf(path)}`, value.trim().replaceAll(/\s+/g, " "));
  }
}

function readLink(
  link: any,
  at: string | undefined,
  linkByIndex: (id: number | undefined, index: number) => string,
  facts: Map<string, string>,
): void {
  const name = linkName(at, link.ifname);
  if (link.ifname === "lo") {
    if (link.altnames?.length > 0) facts.set(`notes ${at ?? "host"}`, link.altnames.sort().join("\n"));
    return;
  }
  // These links are in every namespace, once a module of tunnels is loaded.
  if (FALLBACKS.includes(link.ifname)) return;
  const kind = link.linkinfo?.info_kind;
  facts.set(`index ${at ?? "host"}#${link.ifindex}`, name);
  facts.set(
    `link ${name}`,
    kind === "veth"
      ? `cable to ${link.link === undefined ? linkByIndex(link.link_netnsid, link.link_index) : linkName(at, link.link)}`
      : kind,
  );
  if (kind === "bridge") facts.set(`stp ${name}`, String(link.linkinfo.info_data.stp_state === 1));
  facts.set(`up ${name}`, String(link.flags.includes("UP")));
  facts.set(`master ${name}`, link.master ?? "none");
  // An interface that was moved from the lab host keeps its settings there as altnames, which it has no longer after the move back.
  const altnames = (link.altnames ?? []).filter((text: string) => at === undefined || !text.startsWith(LENT));
  facts.set(`altnames ${name}`, altnames.join("\n") || "none");
  if (at === undefined && HARDWARE.includes(link.ifname)) facts.set(`alias ${name}`, link.ifalias ?? "none");
  facts.set(`mac ${name}`, link.address ?? "none");
  facts.set(`mtu ${name}`, String(link.mtu));
  const addresses = (family: string): string[] =>
    link.addr_info
      .filter((one: any) => one.family === family && !one.local.startsWith("fe80:"))
      .map((one: any) => `${one.local}/${one.prefixlen}`);
  facts.set(`inet ${name}`, addresses("inet").sort().join("\n"));
  facts.set(`order ${name}`, addresses("inet").join("\n"));
  facts.set(`inet6 ${name}`, addresses("inet6").sort().join("\n"));
}

const LENT = "pulumi-netns:nic:";

const FALLBACKS = ["gre0", "gretap0", "erspan0", "tunl0", "sit0", "ip6tnl0", "ip6gre0", "ip_vti0", "ip6_vti0"];

function readQdiscs(at: string | undefined, qdiscs: any[], facts: Map<string, string>): void {
  for (const { root, handle, dev, kind, options } of qdiscs) {
    if (root !== true || handle === "0:") continue;
    const amounts: Record<string, () => number> = {
      tbf: () => (options.rate * 8) / 1e6,
      netem: () => Math.round(options.delay.delay * 1000),
      fq_codel: () => options.limit / 1000,
    };
    facts.set(`qdisc ${linkName(at, dev)}`, `${kind} ${amounts[kind]?.()}`);
  }
}

function readFile(namespace: string, name: string, content: string, facts: Map<string, string>): void {
  const lines = content
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes("localhost"))
    .map((line) => line.replace(/^nameserver /, "").replaceAll("\t", " "));
  const entries = lines.map((line) => line.split(" ").reverse());
  append(
    facts,
    `hosts ${namespace}`,
    name === "hosts"
      ? hostsText(Object.fromEntries(entries) as Record<string, string>, undefined)
      : hostsText(undefined, lines),
  );
}

/** Returns true if the order of a fact's lines is irrelevant. */
const isSet = (fact: string): boolean => /^(tables|processes|neighbors) /.test(fact);

const inOrder = (text: string): string => text.split("\n").sort().join("\n");

/** Replaces the index of the other end with its name in the facts about veth pairs. */
const withEnds = (facts: Facts): Facts =>
  new Map(
    [...facts].flatMap(([fact, text]): [string, string][] => {
      if (fact.startsWith("index ")) return [];
      const [, index] = /^cable to (\S+#\d+)$/.exec(text) ?? [];
      return [[fact, index === undefined ? text : `cable to ${facts.get(`index ${index}`) ?? index}`]];
    }),
  );

const pathOf = (name: string): string =>
  `/proc/sys/${name
    .split(".")
    .map((part) => part.replaceAll("/", "."))
    .join("/")}`;

const nameOf = (path: string): string =>
  path
    .replace("/proc/sys/", "")
    .split("/")
    .map((part) => part.replaceAll(".", "/"))
    .join(".");
