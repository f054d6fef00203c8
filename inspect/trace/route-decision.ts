import type { Interface } from "../interfaces.ts";
import type { Place } from "../place.ts";
import type { DetailedInterface } from "./link-details.ts";
import { flowOf, portsOf, unforeseenBy } from "./multipath.ts";
import { ownAddress } from "./nat.ts";
import type { Packet, TraceContext } from "./packet.ts";
import { lookUpRoute, type MatchedRoute, matchRoute, type NextHop } from "./route-lookup.ts";
import { type DecidingRule, decideByRules, type RulesDecision } from "./routing-rules.ts";
import type { Direction, FailureCause, NextHopChoice } from "./types.ts";

/** What the kernel of a place does with a packet. */
export type RouteDecision =
  | { readonly kind: "local"; readonly source: string | undefined }
  | {
      readonly kind: "out";
      /** Undefined if the place has no address to send from. */
      readonly source: string | undefined;
      readonly out: Interface;
      readonly gateway: string | undefined;
      readonly mtu: number;
      /** Whether the gateway is that of an ICMP redirect, and not that of the route. */
      readonly isRedirected: boolean;
      readonly matched: MatchedRoute;
      /** The routing rule that selects its table, and the tables before it that have no route for the packet. */
      readonly by: RulesDecision;
      /** The setting because of which only a packet that is bound to its source takes this next hop for certain; undefined if each does. */
      readonly boundBecause?: string;
    }
  | { readonly kind: "none"; readonly death: Refusal; readonly passed: RulesDecision["passed"] };

/** Why a packet has no route. */
interface Refusal {
  readonly cause: FailureCause;
  readonly detail: string;
  readonly rule?: DecidingRule;
  /** The interface through which a packet arrives that is not forwarded, or that has its source. */
  readonly at?: Interface;
}

/** Returns the kernel's routing decision for a packet, or why it has no route. */
export async function decideRoute(
  context: TraceContext,
  place: Place,
  packet: Packet,
  { cameIn, answering, through, way }: Departure,
): Promise<RouteDecision> {
  const from = packet.source === undefined ? [] : ["from", packet.source];
  const vrf = cameIn === undefined && through === undefined ? vrfOf(context, place, answering) : undefined;
  const arriving = cameIn === undefined ? [] : ["iif", cameIn.name];
  const marked = packet.mark === undefined ? [] : ["mark", String(packet.mark)];
  // The kernel accepts the source of an ipvlan in the place of its parent; `ip route get` does not.
  const at = through === undefined ? [...from, ...arriving] : ["oif", through.name];
  const words = [...at, ...(vrf === undefined ? [] : ["vrf", vrf]), ...marked, ...flowOf(context, packet, way)];
  const route = await lookUpRoute(context.host, place, packet.destination, ...words);
  if ("refusal" in route) {
    const by = await rulesFor(context, place, packet, { cameIn, vrf, way });
    return {
      kind: "none",
      death: await refusalOf(context, place, packet, { cameIn, rule: by.rule, detail: route.refusal }),
      passed: by.passed,
    };
  }
  const out = linkOf(route.dev);
  const source = packet.source ?? route.source ?? ownAddress(out, context.family, packet.destination);
  if (route.type === "local" || out === undefined) return { kind: "local", source };
  const matched = await matchRoute(context.host, place, packet.destination, ...words);
  const by = await rulesFor(context, place, packet, { cameIn, vrf, way });
  const common = { kind: "out", matched, by } as const;
  const chosen = context.choices.find((one) => one.place === place && one.way === way);
  const link = chosen && matched.nextHops.some((hop) => isSameHop(hop, chosen)) ? linkOf(chosen.out) : undefined;
  if (chosen === undefined || link === undefined) {
    const isFree = packet.source === undefined && source !== undefined && matched.nextHops.length > 1;
    const boundBecause = isFree ? await unforeseenBy(context, place) : undefined;
    // A connection selects its source address first, and then its next hop, by that address, too.
    if (isFree && (boundBecause !== undefined || context.protocol !== "icmp")) {
      const bound = await decideRoute(context, place, { ...packet, source }, { cameIn, answering, through, way });
      return bound.kind === "out" && boundBecause !== undefined ? { ...bound, boundBecause } : bound;
    }
    const { gateway, isRedirected } = route;
    return { ...common, source, out, gateway, isRedirected, mtu: route.mtu ?? out.mtu };
  }
  const bound = packet.source ?? (await sourceBy(context, place, packet.destination, link));
  return { ...common, source: bound, out: link, gateway: chosen.via, isRedirected: false, mtu: link.mtu };

  function linkOf(name: string | undefined): DetailedInterface | undefined {
    return context.interfaces.find((one) => one.place === place && one.name === name);
  }
}

/** Returns the cause of an error with which the kernel of a place answers the question for a route. */
async function refusalOf(
  context: TraceContext,
  place: Place,
  packet: Packet,
  { cameIn, rule, detail }: Pick<Departure, "cameIn"> & Pick<RulesDecision, "rule"> & { readonly detail: string },
): Promise<Refusal> {
  if (detail === "No route to host" && cameIn !== undefined && !(await forwards(context, place, cameIn)))
    return { cause: "forwarding-off", detail, at: cameIn };
  if (rule?.refuses !== undefined) return { cause: "routing-rule", detail, rule };
  if (detail === "Network is unreachable") return { cause: "no-route", detail };
  const isStrange =
    cameIn !== undefined &&
    context.family === "inet" &&
    /^Invalid/.test(detail) &&
    rule?.routeType !== "blackhole" &&
    !(await isRefusedFromHere(context, place, packet, detail));
  const owner = isStrange ? ownerOfSource(context, place, packet, cameIn) : undefined;
  if (owner !== undefined) return { cause: "own-source", detail: packet.source ?? "", at: owner };
  return { cause: isStrange ? "reverse-path" : "refused", detail, ...(rule && { rule }) };
}

/** Returns how the routing rules of a place decide about a packet. */
function rulesFor(
  context: TraceContext,
  place: Place,
  packet: Packet,
  { cameIn, vrf, way }: RoutedFrom,
): Promise<RulesDecision> {
  const { host, family, protocol } = context;
  const { source, destination, mark = 0 } = packet;
  const iif = cameIn?.name ?? "lo";
  return decideByRules(host, place, {
    ...{
      family,
      protocol,
      source,
      destination,
      iif,
      mark,
      ports: portsOf(packet, way),
      vrf: vrf ?? vrfOf(context, place, cameIn?.name),
    },
  });
}

/**
 * Returns true if the kernel refuses a packet of the place itself in the same way. Then a route discards it. Otherwise the kernel refuses the
 * source of a packet that arrives, with the same error. The question has no source, so a rule for the source is looked at before.
 */
async function isRefusedFromHere({ host }: TraceContext, place: Place, { destination }: Packet, detail: string) {
  const route = await lookUpRoute(host, place, destination);
  return "refusal" in route && route.refusal === detail;
}

/**
 * Returns the interface of a place that has the source of a packet that arrives there. The kernel refuses such a packet in the same way as by its
 * reverse-path filter. It looks only in the VRF of the interface through which the packet arrives.
 */
const ownerOfSource = (context: TraceContext, place: Place, { source }: Packet, cameIn: Interface) =>
  context.interfaces.find(
    (one) =>
      one.place === place &&
      one.addresses.some(({ address, global }) => global && address === source) &&
      vrfOf(context, place, one.name) === vrfOf(context, place, cameIn.name),
  );

/** Where a packet comes from that is routed, and the VRF of an answer. */
interface RoutedFrom extends Pick<Departure, "cameIn" | "way"> {
  readonly vrf: string | undefined;
}

/** How a packet is at a place. */
interface Departure {
  readonly cameIn: Interface | undefined;
  readonly answering: string | undefined;
  /** The interface by which it leaves in any case; undefined if the route decides. */
  readonly through: Interface | undefined;
  readonly way: Direction;
}

/** Returns the source address that the kernel selects for a packet that leaves by an interface. */
async function sourceBy({ host, family }: TraceContext, place: Place, destination: string, out: Interface) {
  const route = await lookUpRoute(host, place, destination, "oif", out.name);
  return ("refusal" in route ? undefined : route.source) ?? ownAddress(out, family, destination);
}

const isSameHop = ({ dev, gateway }: Pick<NextHop, "dev" | "gateway">, { out, via }: NextHopChoice): boolean =>
  dev === out && gateway === via;

/** Returns the VRF of an interface. Its table has the routes of packets that arrive there, and of the answers to them. */
export function vrfOf({ interfaces }: TraceContext, place: Place, link: string | undefined): string | undefined {
  const here = interfaces.filter((one) => one.place === place);
  const member = here.find(({ name }) => name === link);
  return here.find(({ kind, name }) => kind === "vrf" && (name === member?.master || name === member?.name))?.name;
}

// IPv4 uses the setting of the incoming interface, IPv6 the global setting.
export async function forwards(
  { host, family }: TraceContext,
  place: Place,
  cameIn: Pick<Interface, "name">,
): Promise<boolean> {
  const key = family === "inet" ? `net/ipv4/conf/${cameIn.name}/forwarding` : "net/ipv6/conf/all/forwarding";
  const { stdout } = await host.run(place, "sysctl", "--values", key);
  return stdout.trim() !== "0";
}
