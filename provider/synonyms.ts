import { meantBy } from "./edit-distance.ts";

/*
 * The words of other tools for arguments and their values. An error about such a word names the one that is used here.
 */

/**
 * Returns the argument that was probably meant by a name: the same in another spelling, that of another tool, a similar one, or the only one
 * that begins with it.
 */
export const meantArgument = (given: string, names: readonly string[]): string | undefined =>
  names.find((name) => plain(name) === plain(given)) ??
  known(ARGUMENTS, plain(given)).find((name) => names.includes(name)) ??
  meantBy(given, names) ??
  onlyWithPrefix(plain(given), names);

function onlyWithPrefix(prefix: string, names: readonly string[]): string | undefined {
  const [first, ...others] = names.filter((name) => plain(name).startsWith(prefix));
  return prefix.length >= SHORTEST_PREFIX && others.length === 0 ? first : undefined;
}

const SHORTEST_PREFIX = 3;

/** Returns the word that was probably meant by a value. */
export function meantWord(given: unknown, words: readonly string[]): string | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const word = String(given).toLowerCase();
  return (
    words.find((one) => one.toLowerCase() === word) ??
    known(WORDS, word).find((one) => words.includes(one)) ??
    meantBy(word, words)
  );
}

/** Returns the number of a routing table that `ip` knows by a name. */
export const tableNumber = (name: unknown): number | undefined => TABLES.get(name);

const TABLES: ReadonlyMap<unknown, number> = new Map([
  ["default", 253],
  ["main", 254],
  ["local", 255],
]);

/** The arguments for a name of other tools, in lower case and without separators; the first that a kind has is meant. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  gateway: ["via", "gateways"],
  gw: ["via", "gateways"],
  defaultgateway: ["gateways"],
  nexthop: ["via", "nhid"],
  dev: ["interface", "link"],
  device: ["interface", "link", "dev"],
  iface: ["interface"],
  parent: ["link", "dev", "underlay"],
  lower: ["link", "dev"],
  physdev: ["dev", "link", "from"],
  bridge: ["master"],
  bond: ["master"],
  vrf: ["master", "table"],
  mac: ["lladdr"],
  macaddress: ["mac", "lladdr"],
  hwaddr: ["mac", "lladdr"],
  hwaddress: ["mac", "lladdr"],
  lladdr: ["mac"],
  ether: ["mac", "lladdr"],
  netns: ["namespace"],
  ns: ["namespace"],
  ip: ["addresses", "address"],
  ipaddress: ["addresses", "address"],
  address: ["addresses"],
  addr: ["addresses", "address"],
  cidr: ["addresses", "address", "destination", "networks"],
  subnet: ["networks", "destination"],
  subnets: ["networks"],
  network: ["networks", "destination"],
  prefix: ["networks", "destination"],
  nodes: ["hosts", "members"],
  to: ["destination", "remote"],
  dst: ["destination", "to", "remote"],
  destination: ["to", "remote", "dst"],
  from: ["source"],
  src: ["source", "from"],
  source: ["from", "local"],
  saddr: ["source", "from"],
  daddr: ["destination", "to"],
  peer: ["remote", "peers"],
  endpoint: ["remote"],
  id: ["vid", "vni", "nhid"],
  vlan: ["vid", "vlans"],
  vlanid: ["vid", "vlan"],
  tag: ["vid", "vlan"],
  vxlanid: ["vni"],
  dport: ["destinationPort", "dstport"],
  dstport: ["dport", "destinationPort"],
  destinationport: ["dport", "dstport"],
  sport: ["sourcePort"],
  sourceport: ["sport"],
  port: ["listenPort", "dstport", "destinationPort", "dport"],
  proto: ["protocol", "ipproto"],
  protocol: ["ipproto"],
  ipproto: ["protocol"],
  iif: ["inInterface"],
  iifname: ["inInterface", "iif"],
  oif: ["outInterface"],
  oifname: ["outInterface", "oif"],
  mark: ["fwmark"],
  fwmark: ["mark"],
  connmark: ["ctMark"],
  priority: ["metric"],
  lookup: ["table"],
  preference: ["priority", "metric"],
  pref: ["priority", "metric"],
  toip: ["toAddress"],
  todestination: ["toAddress"],
  tosource: ["toAddress"],
  target: ["action", "type"],
  verdict: ["action"],
  jump: ["action"],
  latency: ["delay"],
  bandwidth: ["rate"],
  bw: ["rate"],
  speed: ["rate"],
  packetloss: ["loss"],
  duplication: ["duplicate"],
  corruption: ["corrupt"],
  cmd: ["command", "create"],
  exec: ["command", "create"],
  command: ["create"],
  run: ["command", "create"],
  environment: ["env"],
  workdir: ["cwd"],
  workingdir: ["cwd"],
  workingdirectory: ["cwd"],
  config: ["files"],
  configfiles: ["files"],
  volumes: ["files"],
  enabled: ["up"],
  state: ["up"],
  dns: ["nameservers"],
  nameserver: ["nameservers"],
  hosts: ["addresses", "members"],
  entries: ["addresses"],
  masquerade: ["nat"],
};

/** The values for a word of other tools, in lower case; the first that an argument accepts is meant. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  lacp: ["802.3ad"],
  "round-robin": ["balance-rr"],
  failover: ["active-backup"],
  // Numbers of the modes of a bond, of the families of addresses, and of signals.
  "0": ["balance-rr"],
  "1": ["active-backup", "SIGHUP"],
  "2": ["balance-xor", "SIGINT"],
  "3": ["broadcast"],
  "4": ["802.3ad", "ip", "inet"],
  "5": ["balance-tlb"],
  "6": ["balance-alb", "ip6", "inet6"],
  "9": ["SIGKILL"],
  "15": ["SIGTERM"],
  ip: ["inet"],
  ipv4: ["ip", "inet"],
  ipv6: ["ip6", "inet6"],
  ip6: ["inet6"],
  inet: ["ip"],
  inet6: ["ip6"],
  "ipv6-icmp": ["icmpv6"],
  icmp6: ["icmpv6"],
  ping: ["echo-request"],
  allow: ["accept"],
  permit: ["accept"],
  pass: ["accept"],
  deny: ["drop"],
  block: ["drop"],
  discard: ["drop", "blackhole"],
  drop: ["blackhole"],
  reject: ["unreachable"],
  masq: ["masquerade"],
  out: ["egress", "output"],
  outgoing: ["egress", "output"],
  in: ["ingress", "input"],
  incoming: ["ingress", "input"],
  dot1q: ["802.1Q"],
  "8021q": ["802.1Q"],
  qinq: ["802.1ad"],
  "8021ad": ["802.1ad"],
  term: ["SIGTERM"],
  int: ["SIGINT"],
  hup: ["SIGHUP"],
  quit: ["SIGQUIT"],
  usr1: ["SIGUSR1"],
  usr2: ["SIGUSR2"],
  kill: ["SIGKILL"],
};

const known = (table: Readonly<Record<string, readonly string[]>>, word: string): readonly string[] =>
  Object.hasOwn(table, word) ? (table[word] ?? []) : [];

const plain = (name: string): string => name.replaceAll(/[-_ ]/g, "").toLowerCase();

/** Returns the hint for an argument that lists members, as other tools have it; undefined for another argument. */
export const membersHint = (given: string, names: readonly string[]): string | undefined =>
  MEMBERS.includes(given) && names.includes("master")
    ? "a bridge, bond or VRF does not list its members; set master on each of them, e.g. master: bond; "
    : undefined;

/** The names that other tools use for the ports of a bridge and the members of a bond. */
const MEMBERS: readonly string[] = ["members", "ports", "slaves", "interfaces"];
