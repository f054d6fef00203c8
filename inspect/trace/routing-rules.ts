import { contains, type Family } from "../../provider/cidr.ts";
import { type RuleEntry, showRules } from "../../provider/kernel/tools/rule.ts";
import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";
import { matchingRoutes } from "./matching-routes.ts";
import type { Protocol } from "./rule-match.ts";

/** A packet as routing rules see it. A rule about a port that is not known does not match, as in `ip route get` without that port. */
export interface RoutedPacket {
  readonly family: Family;
  readonly protocol: Protocol;
  /** Undefined for a packet whose source follows from its route. */
  readonly source: string | undefined;
  readonly destination: string;
  /** The incoming interface; `lo` at the origin. */
  readonly iif: string;
  /** The VRF whose routes the packet takes. */
  readonly vrf: string | undefined;
  readonly mark: number;
  readonly ports: Ports;
}

/** The port of a service, as the source or as the destination of a packet. The other port is chosen when a connection is made. */
export interface Ports {
  readonly sport?: number;
  readonly dport?: number;
}

/** A routing rule that decides about a packet: by its table, or by refusing the packet. */
export interface DecidingRule {
  readonly priority: number;
  /** `prohibit`, `unreachable` or `blackhole` for a rule that lets no packet pass that it matches; else undefined. */
  readonly refuses: string | undefined;
  /** The type of the route in its table, such as `unicast` or `blackhole`; undefined for a rule that refuses the packet. */
  readonly routeType: string | undefined;
  /** The rule as `ip rule show` shows it, without the priority. */
  readonly text: string;
  readonly entry: RuleEntry;
}

/** How the routing rules of a place decide about a packet. */
export interface RulesDecision {
  /**
   * The first rule that refuses the packet or whose table has a route for it; undefined if that is one of the rules that the kernel has at first, or
   * no rule does.
   */
  readonly rule: DecidingRule | undefined;
  /** The tables of earlier rules that match the packet, which have no route for it. */
  readonly passed: readonly string[];
}

/** Returns how the routing rules of a place decide about a packet. */
export async function decideByRules(host: LabHost, place: Place, packet: RoutedPacket): Promise<RulesDecision> {
  const entries = (await showRules(host.kernel, place, packet.family)) ?? [];
  const passed: string[] = [];
  if (entries.every(isUsual)) return { rule: undefined, passed };
  let skippedTo: number | undefined;
  for (const [index, entry] of entries.entries()) {
    const { priority, action = "", goto } = entry;
    if (skippedTo !== undefined && priority < skippedTo) continue;
    if (matches(entry, packet) === (entry.not !== undefined)) continue;
    const refuses = REFUSING.includes(action) ? action : undefined;
    // A jump has no effect while its target does not exist.
    if (entries.some((one) => one.priority === goto)) skippedTo = goto;
    else {
      const route = refuses === undefined && goto === undefined ? await routeOf(host, place, entry, packet) : undefined;
      if (refuses === undefined && route === undefined) {
        if (entry.table !== undefined) passed.push(entry.table);
        continue;
      }
      if (isUsual(entry)) break;
      const text = await textOf(host, place, packet.family, index);
      return { rule: { priority, refuses, routeType: route?.type, text, entry }, passed };
    }
  }
  return { rule: undefined, passed };
}

/** Returns the prefix length of the destination of a route, as `ip` shows it. */
export const prefixLength = (destination: string, family: Family): number => {
  if (destination === "default") return 0;
  const [, length = family === "inet" ? 32 : 128] = destination.split("/");
  return Number(length);
};

/** Returns whether a rule is one of those that the kernel has at first. */
const isUsual = ({ priority, table }: RuleEntry): boolean => table !== undefined && USUAL[table] === priority;

const USUAL: Readonly<Record<string, number>> = { local: 0, main: 32_766, default: 32_767 };

const REFUSING: readonly string[] = ["prohibit", "unreachable", "blackhole"];

/** Returns whether a packet matches the conditions of a rule. */
function matches(
  rule: RuleEntry,
  { family, protocol, source, destination, iif, vrf, mark, ports }: RoutedPacket,
): boolean {
  const { src, srclen, dst, dstlen, fwmark, fwmask } = rule;
  const conditions = [
    isIn(src, srclen, source),
    isIn(dst, dstlen, destination),
    rule.iif === undefined || rule.iif === iif || rule.iif === vrf,
    rule.oif === undefined || rule.oif === vrf,
    rule.l3mdev === undefined || vrf !== undefined,
    fwmark === undefined || ((Number(fwmark) ^ mark) & Number(fwmask ?? ALL_BITS)) === 0,
    rule.ipproto === undefined || rule.ipproto === (family === "inet6" && protocol === "icmp" ? "ipv6-icmp" : protocol),
    rule.tos === undefined,
    isPort(ports.sport, rule.sport ?? rule.sport_start, rule.sport_end),
    isPort(ports.dport, rule.dport ?? rule.dport_start, rule.dport_end),
    // Trace and `ip route get` run as root, and packets that are forwarded belong to root as well.
    rule.uid_start === undefined || rule.uid_start === 0,
  ];
  return conditions.every(Boolean);
}

const ALL_BITS = 0xffffffff;

const isIn = (network: string | undefined, length: number | undefined, address: string | undefined): boolean =>
  network === undefined ||
  network === "all" ||
  (address !== undefined && (length === undefined ? network === address : contains(`${network}/${length}`, address)));

const isPort = (port: number | undefined, first: number | undefined, last = first): boolean =>
  first === undefined || last === undefined || (port !== undefined && first <= port && port <= last);

/** Returns the route for a packet in the table of a rule, which ends the search; undefined if it has none. */
async function routeOf(
  host: LabHost,
  place: Place,
  { table, l3mdev, suppress_prefixlen: suppressed = -1 }: RuleEntry,
  { family, destination, vrf }: RoutedPacket,
): Promise<{ readonly type: string } | undefined> {
  if (table === undefined && (l3mdev === undefined || vrf === undefined)) return undefined;
  const from = table === undefined ? (["vrf", vrf ?? ""] as const) : (["table", table] as const);
  const routes = await matchingRoutes(host, place, { family, destination, from });
  const [best] = routes
    .filter(({ flags }) => !flags.includes("dead"))
    .map(({ type, dst }) => ({ type, length: prefixLength(dst, family) }))
    .toSorted((one, other) => other.length - one.length);
  return best !== undefined && best.type !== "throw" && best.length > suppressed ? best : undefined;
}

/** Returns a rule of a place as text, by its index. */
async function textOf(host: LabHost, place: Place, family: Family, index: number): Promise<string> {
  const { stdout } = await host.run(place, "ip", "-family", family, "rule", "show");
  return (stdout.split("\n")[index] ?? "").replace(/^\d+:\s*/, "").trim();
}
