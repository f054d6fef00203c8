import type { Interface } from "../interfaces.ts";
import type { Place } from "../place.ts";
import { unanswered } from "./arrival.ts";
import { deliver } from "./frame.ts";
import { hopLimitOf } from "./hop-limit.ts";
import { impairmentNotes } from "./impairment-notes.ts";
import { LoopFinder } from "./loop.ts";
import { translate, undo } from "./nat.ts";
import { droppedByState, isUnseen } from "./one-way.ts";
import type { HopLimit, Packet, Path, PathEnd, Redirect, Stray, TraceContext } from "./packet.ts";
import { redirectOf, redirectText } from "./redirect.ts";
import { decideRoute, forwards, type RouteDecision } from "./route-decision.ts";
import type { DecidingRule } from "./routing-rules.ts";
import type { PacketFacts } from "./rule-match.ts";
import { evaluateRules } from "./rules.ts";
import type { Direction, Hop } from "./types.ts";

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
  let isBound = false;
  let place = from;
  let arrival: Interface | undefined;
  // The interface by which a packet of an ipvlan leaves the place of its parent.
  let through: Interface | undefined;
  const loops = new LoopFinder();
  let stray: Stray | undefined;
  let redirect: Redirect | undefined;
  let limit: HopLimit | undefined;
  let routers = 0;
  const endPath = (end: PathEnd): Path => {
    const isAstray = stray !== undefined && end.kind === "died" && end.place === stray.to.place;
    const explained = end.kind === "died" ? { ...end, ...(isAstray && { stray }), redirect } : end;
    return { hops, source, isBound, packet, end: explained, nextHops };
  };

  // A packet that is translated or marked at its origin is routed again, at the same hop.
  let notes: string[] = [];
  while (hops.length < MAX_HOPS) {
    const [here, cameIn] = [place, arrival];
    const rules = await context.rulesOf(here);
    if (way === "there") context.seenBy.add(here);
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
      unseen: isUnseen(context, here, way),
      mark: packet.mark,
      ctMark: context.connectionMarks.get(here),
    });
    const stop = (end: PathEnd, more: Partial<Hop> = {}): Path => {
      hops.push({ place: here, ...(cameIn && { in: cameIn.name }), ...more, notes });
      return endPath(end);
    };
    const filtered = (hook: "prerouting" | "input" | "forward" | "output", out?: string): PathEnd | undefined => {
      const facts = passing(out);
      const { droppedBy, mayBeDroppedBy, mark, ctMark } = evaluateRules(rules, hook, "filter", facts);
      if (hook === "prerouting") packet = { ...packet, mark };
      if (ctMark !== undefined) context.connectionMarks.set(here, ctMark);
      if (mayBeDroppedBy !== undefined) notes.push(`may be dropped by ${mayBeDroppedBy}`);
      if (droppedBy === undefined) return undefined;
      const state = droppedByState(rules, hook, here, facts);
      return { kind: "died", place: here, cause: "firewall", detail: droppedBy, state };
    };
    const translated = (hook: "prerouting" | "output" | "postrouting", out?: Interface) =>
      translate(context, hook, { place: here, facts: passing(out?.name), cameIn, out }, packet, notes);

    if (cameIn !== undefined) {
      const dropped = filtered("prerouting");
      if (dropped !== undefined) return stop(dropped);
      const arrived = await translated("prerouting");
      if ("cause" in arrived) return stop({ kind: "died", ...arrived });
      packet = arrived;
    }
    if (way === "back") packet = undo(context, "source", here, packet, notes);

    const route = await decideRoute(context, here, packet, { cameIn, answering, through, way });
    if (route.kind !== "local") {
      const [matched, passed] = route.kind === "out" ? [route.matched, route.by.passed] : [undefined, route.passed];
      context.routed.push({ place: here, destination: packet.destination, matched, passed });
    }
    if (route.kind === "none") return stop(loops.insteadOf({ kind: "died", place: here, ...route.death }, packet));
    if (cameIn === undefined && packet.source === undefined) {
      if (route.source === undefined) return stop({ kind: "died", place: here, cause: "no-source" });
      packet = { ...packet, source: route.source };
      source = route.source;
      isBound = route.kind === "out" && route.boundBecause !== undefined;
      const sent = await translated("output");
      if ("cause" in sent) return stop({ kind: "died", ...sent });
      if (sent !== packet) {
        packet = sent;
        continue;
      }
    }
    const unmarked = { ...passing(), mark: undefined };
    const { mark } = cameIn === undefined ? evaluateRules(rules, "output", "route", unmarked) : packet;
    if (mark !== packet.mark) {
      packet = { ...packet, mark };
      continue;
    }
    if (route.kind === "local") {
      const loopback = context.interfaces.find((one) => one.place === here && one.loopback);
      if (cameIn === undefined && loopback?.up === false)
        return stop({ kind: "died", place: here, cause: "link-down", out: loopback, nextHop: packet.destination });
      const dropped =
        filtered("input") ?? (way === "there" ? await unanswered(context, here, packet, notes) : undefined);
      if (way === "back") packet = undo(context, "destination", here, packet, notes);
      return stop(dropped ?? { kind: "arrived", place: here });
    }
    if (cameIn !== undefined && !(await forwards(context, here, cameIn))) {
      return stop({ kind: "died", place: here, cause: "forwarding-off", at: cameIn });
    }
    const loop = loops.leaves(here, packet, route);
    if (loop !== undefined) return stop(loop);
    limit ??= await hopLimitOf(context, here, route.out.name);
    if (cameIn !== undefined && (routers += 1) >= limit.value)
      return stop({ kind: "died", place: here, cause: "ttl", limit });
    const dropped = filtered(cameIn === undefined ? "output" : "forward", route.out.name);
    if (dropped !== undefined) return stop(dropped, { out: route.out.name });
    const leaving = await translated("postrouting", route.out);
    if ("cause" in leaving) return stop({ kind: "died", ...leaving }, { out: route.out.name });
    packet = leaving;
    if (way === "back") packet = undo(context, "destination", here, packet, notes);

    notes.push(...otherWays(route));
    redirect = redirectOf(here, route);
    if (redirect !== undefined) notes.push(redirectText(redirect));
    nextHops.push(...choicesAt(here, way, route));
    const nextHop = route.gateway ?? packet.destination;
    if (packet.size > route.mtu) {
      const ofRoute = route.mtu < route.out.mtu && { detail: String(route.mtu) };
      if (packet.df)
        return stop({ kind: "died", place: here, cause: "mtu", at: route.out, ...ofRoute }, { out: route.out.name });
      notes.push(`fragments the packet, by the MTU ${route.mtu} of ${route.out.name}`);
      packet = { ...packet, size: route.mtu };
    }
    hops.push({
      place: here,
      ...(cameIn && { in: cameIn.name }),
      out: route.out.name,
      ...(route.gateway !== undefined && { via: route.gateway }),
      ...(route.by.rule && { rule: ruleOf(route.by.rule, route.matched.table) }),
      notes,
    });
    const delivery = await deliver(context, { out: route.out, nextHop, packet, way }, notes);
    packet = delivery.packet;
    const next = "to" in delivery ? delivery.to : undefined;
    notes.push(...impairmentNotes(context.interfaces, route.out, next, packet.destination));
    if ("end" in delivery) return endPath(delivery.end);
    through = "by" in delivery ? delivery.by : undefined;
    arrival = next;
    stray = "stray" in delivery ? delivery.stray : undefined;
    place = (through ?? next)?.place;
    packet = { ...packet, mark: undefined };
    notes = [];
  }
  return endPath({ kind: "died", place, cause: "loop" });
}

const ruleOf = ({ priority, text }: DecidingRule, table: string) => ({ priority, text, table });

/** Returns the next hops of a multipath route that the kernel uses; none of another route. */
const choicesAt = (
  place: Place,
  way: Direction,
  { matched: { nextHops }, out, gateway: via }: Extract<RouteDecision, { kind: "out" }>,
): Path["nextHops"] =>
  nextHops.length < 2
    ? []
    : nextHops.flatMap(({ dev, gateway, flags }) => {
        if (dev === undefined || flags.includes("dead")) return [];
        const taken = dev === out.name && gateway === via;
        return [{ way, place, out: dev, ...(gateway !== undefined && { via: gateway }), taken }];
      });

/** Returns the note on the next hops of a multipath route that the packet does not take. Other flows may take them. */
function otherWays({
  matched: { nextHops },
  out,
  gateway,
  source,
  boundBecause,
}: Extract<RouteDecision, { kind: "out" }>): string[] {
  const others = nextHops.filter((hop) => hop.dev !== out.name || hop.gateway !== gateway);
  if (nextHops.length < 2 || others.length === 0) return [];
  const ways = others.map(({ dev, gateway: to, weight, flags }) =>
    [
      `by ${dev}${to === undefined ? "" : ` to ${to}`}`,
      ...(weight === 1 ? [] : [`(weight ${weight})`]),
      ...(flags.includes("dead") || flags.includes("linkdown") ? ["(down)"] : []),
    ].join(" "),
  );
  return [
    `one of ${nextHops.length} next hops; other flows go out ${ways.join(", or ")}`,
    ...(boundBecause === undefined
      ? []
      : [`a ping without \`-I ${source}\` may take another, because ${boundBecause}`]),
  ];
}

/** The largest hop count that is plausible in a lab. */
const MAX_HOPS = 32;
