import type { Interface } from "../interfaces.ts";
import type { Place } from "../place.ts";
import { unanswered } from "./arrival.ts";
import { deliver } from "./frame.ts";
import { impairmentNotes } from "./impairment-notes.ts";
import type { DetailedInterface } from "./link-details.ts";
import { ownAddress, translate, undo } from "./nat.ts";
import type { Packet, Path, PathEnd, TraceContext } from "./packet.ts";
import { lookUpNextHops, lookUpRoute, type NextHop } from "./route-lookup.ts";
import type { PacketFacts } from "./rule-match.ts";
import { evaluateRules } from "./rules.ts";
import type { Direction, FailureCause, Hop, NextHopChoice } from "./types.ts";

/**
 * Follows a packet hop by hop until it arrives, is dropped, or leaves the visible part of the network.
 *
 * @param answering For an answer, the interface through which the answered packet arrived. The answer takes the routes of its VRF.
 */
export async function followPath(
  context: TraceContext,
  from: Place,
  first: Packet,
  way: Direction,
  answering?: string,
): Promise<Path> {
  const { family } = context;
  const hops: Hop[] = [];
  const nextHops: Path["nextHops"][number][] = [];
  let packet = first;
  let source = first.source;
  let place = from;
  let arrival: Interface | undefined;
  const endPath = (end: PathEnd): Path => ({ hops, source, packet, end, nextHops });

  while (hops.length < MAX_HOPS) {
    const notes: string[] = [];
    const [here, cameIn] = [place, arrival];
    const rules = await context.rulesOf(here);
    const passing = (out?: string): PacketFacts => ({
      tables: "ip",
      family: family === "inet" ? "ip" : "ip6",
      protocol: context.protocol,
      source: packet.source ?? "",
      destination: packet.destination,
      port: packet.port,
      in: cameIn?.name,
      out,
      answer: way === "back",
    });
    const stop = (end: PathEnd, more: Partial<Hop> = {}): Path => {
      hops.push({ place: here, ...(cameIn && { in: cameIn.name }), ...more, notes });
      return endPath(end);
    };
    const filtered = (hook: "input" | "forward" | "output", out?: string): PathEnd | undefined => {
      const { droppedBy, mayBeDroppedBy } = evaluateRules(rules, hook, "filter", passing(out));
      if (mayBeDroppedBy !== undefined) notes.push(`may be dropped by ${mayBeDroppedBy}`);
      return droppedBy === undefined ? undefined : { kind: "died", place: here, cause: "firewall", detail: droppedBy };
    };
    const translated = (hook: "prerouting" | "output" | "postrouting", out?: Interface) =>
      translate(context, hook, { place: here, facts: passing(out?.name), cameIn, out }, packet, notes);

    if (cameIn !== undefined) packet = await translated("prerouting");
    if (way === "back") packet = undo(context, "source", here, packet, notes);

    const route = await decideRoute(context, here, packet, { cameIn, answering, way });
    if (route.kind === "none") return stop({ kind: "died", place: here, ...route.death });
    if (cameIn === undefined && packet.source === undefined) {
      packet = { ...packet, source: route.source };
      source = route.source;
      const before = packet;
      packet = await translated("output");
      if (packet !== before) continue;
    }
    if (route.kind === "local") {
      const dropped = filtered("input") ?? (way === "there" ? await unanswered(context, here, packet) : undefined);
      if (way === "back") packet = undo(context, "destination", here, packet, notes);
      return stop(dropped ?? { kind: "arrived", place: here });
    }
    if (cameIn !== undefined && !(await forwards(context, here, cameIn))) {
      return stop({ kind: "died", place: here, cause: "forwarding-off" });
    }
    const dropped = filtered(cameIn === undefined ? "output" : "forward", route.out.name);
    if (dropped !== undefined) return stop(dropped, { out: route.out.name });
    packet = await translated("postrouting", route.out);
    if (way === "back") packet = undo(context, "destination", here, packet, notes);

    notes.push(...otherWays(route));
    nextHops.push(...choicesAt(here, way, route));
    const nextHop = route.gateway ?? packet.destination;
    if (packet.size > route.mtu) {
      if (packet.df) return stop({ kind: "died", place: here, cause: "mtu", at: route.out }, { out: route.out.name });
      notes.push(`fragments the packet, by the MTU ${route.mtu} of ${route.out.name}`);
      packet = { ...packet, size: route.mtu };
    }
    hops.push({
      place: here,
      ...(cameIn && { in: cameIn.name }),
      out: route.out.name,
      ...(route.gateway !== undefined && { via: route.gateway }),
      notes,
    });
    const delivery = await deliver(context, { out: route.out, nextHop, packet, way }, notes);
    packet = delivery.packet;
    const next = "to" in delivery ? delivery.to : undefined;
    notes.push(...impairmentNotes(context.interfaces, route.out, next, packet.destination));
    if (!("to" in delivery)) return endPath(delivery.end);
    arrival = delivery.to;
    place = arrival.place;
  }
  return endPath({ kind: "died", place, cause: "loop" });
}

type RouteDecision =
  | { readonly kind: "local"; readonly source: string }
  | {
      readonly kind: "out";
      readonly source: string;
      readonly out: Interface;
      readonly gateway: string | undefined;
      readonly mtu: number;
      /** The next hops of a multipath route. */
      readonly nextHops: readonly NextHop[];
    }
  | { readonly kind: "none"; readonly death: { readonly cause: FailureCause; readonly detail: string } };

/** Returns the kernel's routing decision for a packet, or why it has no route. */
async function decideRoute(
  context: TraceContext,
  place: Place,
  packet: Packet,
  { cameIn, answering, way }: Departure,
): Promise<RouteDecision> {
  const from = packet.source === undefined ? [] : ["from", packet.source];
  const vrf = cameIn === undefined ? vrfOf(context, place, answering) : undefined;
  const arriving = cameIn === undefined ? [] : ["iif", cameIn.name];
  const words = [...from, ...arriving, ...(vrf === undefined ? [] : ["vrf", vrf])];
  const route = await lookUpRoute(context.host, place, packet.destination, ...words);
  if ("refusal" in route) {
    const { refusal: detail } = route;
    const off = detail === "No route to host" && cameIn !== undefined && !(await forwards(context, place, cameIn));
    const strange =
      cameIn !== undefined &&
      context.family === "inet" &&
      /^Invalid/.test(detail) &&
      !(await isRefusedFromHere(context, place, packet, detail));
    const cause = off
      ? "forwarding-off"
      : strange
        ? "reverse-path"
        : detail === "Network is unreachable"
          ? "no-route"
          : "refused";
    return { kind: "none", death: { cause, detail } };
  }
  const out = linkOf(route.dev);
  const source = packet.source ?? route.source ?? ownAddress(out, context.family, packet.destination);
  if (route.type === "local" || out === undefined) return { kind: "local", source };
  const nextHops = await lookUpNextHops(context.host, place, packet.destination, ...words);
  const chosen = context.choices.find((one) => one.place === place && one.way === way);
  const link = chosen && nextHops.some((hop) => isSameHop(hop, chosen)) ? linkOf(chosen.out) : undefined;
  if (chosen === undefined || link === undefined)
    return { kind: "out", source, out, gateway: route.gateway, mtu: route.mtu ?? out.mtu, nextHops };
  const by = packet.source ?? (await sourceBy(context, place, packet.destination, link));
  return { kind: "out", source: by, out: link, gateway: chosen.via, mtu: link.mtu, nextHops };

  function linkOf(name: string | undefined): DetailedInterface | undefined {
    return context.interfaces.find((one) => one.place === place && one.name === name);
  }
}

/**
 * Returns true if the kernel refuses a packet of the place itself in the same way. Then a route discards it. Otherwise the kernel refuses the
 * source of a packet that arrives, with the same error.
 */
async function isRefusedFromHere({ host }: TraceContext, place: Place, { destination }: Packet, detail: string) {
  const route = await lookUpRoute(host, place, destination);
  return "refusal" in route && route.refusal === detail;
}

/** How a packet is at a place. */
interface Departure {
  readonly cameIn: Interface | undefined;
  readonly answering: string | undefined;
  readonly way: Direction;
}

/** Returns the source address that the kernel selects for a packet that leaves by an interface. */
async function sourceBy({ host, family }: TraceContext, place: Place, destination: string, out: Interface) {
  const route = await lookUpRoute(host, place, destination, "oif", out.name);
  return ("refusal" in route ? undefined : route.source) ?? ownAddress(out, family, destination);
}

const isSameHop = ({ dev, gateway }: Pick<NextHop, "dev" | "gateway">, { out, via }: NextHopChoice): boolean =>
  dev === out && gateway === via;

/** Returns the next hops of a multipath route that the kernel uses; none of another route. */
const choicesAt = (
  place: Place,
  way: Direction,
  { nextHops, out, gateway: via }: Extract<RouteDecision, { kind: "out" }>,
): Path["nextHops"] =>
  nextHops.length < 2
    ? []
    : nextHops.flatMap(({ dev, gateway, flags }) => {
        if (dev === undefined || flags.includes("dead")) return [];
        const taken = dev === out.name && gateway === via;
        return [{ way, place, out: dev, ...(gateway !== undefined && { via: gateway }), taken }];
      });

/** Returns the VRF of an interface. Its table has the routes of packets that arrive there, and of the answers to them. */
function vrfOf({ interfaces }: TraceContext, place: Place, link: string | undefined): string | undefined {
  const here = interfaces.filter((one) => one.place === place);
  const member = here.find(({ name }) => name === link);
  return here.find(({ kind, name }) => kind === "vrf" && (name === member?.master || name === member?.name))?.name;
}

/** Returns the note on the next hops of a multipath route that the packet does not take. Other flows may take them. */
function otherWays({ nextHops, out, gateway }: Extract<RouteDecision, { kind: "out" }>): string[] {
  const others = nextHops.filter((hop) => hop.dev !== out.name || hop.gateway !== gateway);
  if (nextHops.length < 2 || others.length === 0) return [];
  const ways = others.map(({ dev, gateway: to, weight, flags }) =>
    [
      `by ${dev}${to === undefined ? "" : ` to ${to}`}`,
      ...(weight === 1 ? [] : [`(weight ${weight})`]),
      ...(flags.includes("dead") || flags.includes("linkdown") ? ["(down)"] : []),
    ].join(" "),
  );
  return [`one of ${nextHops.length} next hops; other flows go out ${ways.join(", or ")}`];
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

/** The largest hop count that is plausible in a lab. */
const MAX_HOPS = 32;
