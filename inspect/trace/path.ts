import { contains, type Family } from "../../provider/cidr.ts";
import type { Interface } from "../interfaces.ts";
import type { LabHost, Place } from "../lab-host.ts";
import { lookUpRoute } from "./route-lookup.ts";
import type { PacketFacts } from "./rule-match.ts";
import { evaluateRules, readRules } from "./rules.ts";
import { type Segment, segmentOf } from "./segment.ts";
import type { Direction, FailureCause, Hop } from "./types.ts";

/** The context of a path: what it inspects, and what it records for the return path. */
export interface TraceContext {
  readonly host: LabHost;
  readonly interfaces: readonly Interface[];
  readonly family: Family;
  readonly translated: TranslatedAddress[];
}

/** An address that was translated, which the return path reverses. */
export interface TranslatedAddress {
  readonly place: Place;
  readonly side: "source" | "destination";
  readonly before: string;
  readonly after: string;
}

/** The addresses of a packet. At its origin, the source follows from the route. */
export interface Packet {
  readonly source?: string | undefined;
  readonly destination: string;
}

/** The path of a packet. */
export interface Path {
  readonly hops: readonly Hop[];
  /** The source address at the origin. */
  readonly source: string | undefined;
  /** The packet as it was at the end of the path. */
  readonly packet: Packet;
  readonly end: PathEnd;
}

/** The end of a path, as facts. */
export type PathEnd =
  | { readonly kind: "arrived"; readonly place: Place }
  | { readonly kind: "left"; readonly place: Place; readonly out: string; readonly nextHop: string }
  | {
      readonly kind: "died";
      readonly place: Place;
      readonly cause: FailureCause;
      /** The error from the kernel, the rule that drops, or the interface that is down. */
      readonly detail?: string;
      readonly segment?: Segment;
      readonly out?: Interface;
      readonly nextHop?: string;
    };

/** Follows a packet hop by hop until it arrives, is dropped, or leaves the visible part of the network. */
export async function followPath(context: TraceContext, from: Place, first: Packet, way: Direction): Promise<Path> {
  const { interfaces, family } = context;
  const hops: Hop[] = [];
  let packet = first;
  let source = first.source;
  let place = from;
  let arrival: Interface | undefined;
  const endPath = (end: PathEnd): Path => ({ hops, source, packet, end });

  while (hops.length < MAX_HOPS) {
    const notes: string[] = [];
    const [here, cameIn] = [place, arrival];
    const rules = await readRules(context.host, here);
    const passing = (out?: string): PacketFacts => ({
      family: family === "inet" ? "ip" : "ip6",
      source: packet.source ?? "",
      destination: packet.destination,
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
    const translate = (hook: "prerouting" | "output" | "postrouting", out?: Interface) => {
      const { translation } = way === "there" ? evaluateRules(rules, hook, "nat", passing(out?.name)) : {};
      if (translation === undefined) return;
      const side = hook === "postrouting" ? "source" : "destination";
      const before = packet[side] ?? "";
      const after = translation.to ?? ownAddress(out ?? cameIn, family, before);
      context.translated.push({ place: here, side, before, after });
      notes.push(`${translation.kind}: ${side} ${before} becomes ${after}`);
      packet = { ...packet, [side]: after };
    };

    if (cameIn !== undefined) translate("prerouting");
    if (way === "back") packet = undoTranslation(context, here, packet, notes);

    const route = await decideRoute(context, here, packet, cameIn);
    if (route.kind === "none") return stop({ kind: "died", place: here, ...route.death });
    if (cameIn === undefined && packet.source === undefined) {
      packet = { ...packet, source: route.source };
      source = route.source;
      const before = packet.destination;
      translate("output");
      if (packet.destination !== before) continue;
    }
    if (route.kind === "local") {
      return stop(filtered("input") ?? { kind: "arrived", place: here });
    }
    if (cameIn !== undefined && !(await forwards(context, here, cameIn))) {
      return stop({ kind: "died", place: here, cause: "forwarding-off" });
    }
    const dropped = filtered(cameIn === undefined ? "output" : "forward", route.out.name);
    if (dropped !== undefined) return stop(dropped, { out: route.out.name });
    translate("postrouting", route.out);

    const nextHop = route.gateway ?? packet.destination;
    hops.push({
      place: here,
      ...(cameIn && { in: cameIn.name }),
      out: route.out.name,
      ...(route.gateway !== undefined && { via: route.gateway }),
      notes,
    });
    const next = nextInterface(interfaces, route.out, nextHop);
    if (!("addresses" in next)) return endPath(next);
    place = next.place;
    arrival = next;
  }
  return endPath({ kind: "died", place, cause: "loop" });
}

type RouteDecision =
  | { readonly kind: "local"; readonly source: string }
  | { readonly kind: "out"; readonly source: string; readonly out: Interface; readonly gateway: string | undefined }
  | { readonly kind: "none"; readonly death: { readonly cause: FailureCause; readonly detail: string } };

/** Returns the kernel's routing decision for a packet, or why it has no route. */
async function decideRoute(
  context: TraceContext,
  place: Place,
  packet: Packet,
  cameIn: Interface | undefined,
): Promise<RouteDecision> {
  const from = packet.source === undefined ? [] : ["from", packet.source];
  const arriving = cameIn === undefined ? [] : ["iif", cameIn.name];
  const route = await lookUpRoute(context.host, place, packet.destination, ...from, ...arriving);
  if ("refusal" in route) {
    const { refusal: detail } = route;
    const off = detail === "No route to host" && cameIn !== undefined && !(await forwards(context, place, cameIn));
    const strange = cameIn !== undefined && context.family === "inet" && /^Invalid/.test(detail);
    const cause = off
      ? "forwarding-off"
      : strange
        ? "reverse-path"
        : detail === "Network is unreachable"
          ? "no-route"
          : "refused";
    return { kind: "none", death: { cause, detail } };
  }
  const out = context.interfaces.find((one) => one.place === place && one.name === route.dev);
  const source = packet.source ?? route.source ?? ownAddress(out, context.family, packet.destination);
  if (route.type === "local" || out === undefined) return { kind: "local", source };
  return { kind: "out", source, out, gateway: route.gateway };
}

// IPv4 uses the setting of the incoming interface, IPv6 the global setting.
async function forwards({ host, family }: TraceContext, place: Place, cameIn: Interface): Promise<boolean> {
  const key = family === "inet" ? `net/ipv4/conf/${cameIn.name}/forwarding` : "net/ipv6/conf/all/forwarding";
  const { stdout } = await host.run(place, "sysctl", "--values", key);
  return stdout.trim() !== "0";
}

/** Returns the interface that receives the packet, or the end of the path. */
function nextInterface(all: readonly Interface[], out: Interface, nextHop: string): Interface | PathEnd {
  const dead = { kind: "died", place: out.place, out, nextHop } as const;
  if (!out.carrier && out.kind !== "bridge") return { ...dead, cause: "link-down", segment: segmentOf(all, out) };
  const segment = segmentOf(all, out);
  const owners = all.filter(({ addresses }) => addresses.some(({ address }) => address === nextHop));
  // A host answers for all of its addresses on each of its interfaces.
  const owner = segment.members.find((member) => owners.some(({ place }) => place === member.place));
  if (owner !== undefined) return owner;
  if (segment.broken.length > 0 && owners.length > 0) return { ...dead, cause: "link-down", segment };
  if (segment.exits.length === 0) return { ...dead, cause: "no-neighbour", segment };
  return owners.find(({ place }) => place !== out.place) ?? { kind: "left", place: out.place, out: out.name, nextHop };
}

/** Returns the source address that a place chooses itself: one in the network of the other address if there is one. */
function ownAddress(out: Interface | undefined, family: Family, other: string): string {
  const own = (out?.addresses ?? []).filter((address) => address.family === family && address.global);
  return (own.find(({ address, length }) => contains(`${address}/${length}`, other)) ?? own[0])?.address ?? "";
}

function undoTranslation(context: TraceContext, place: Place, packet: Packet, notes: string[]): Packet {
  let { source, destination } = packet;
  for (const { side, before, after, ...translated } of context.translated) {
    if (translated.place !== place) continue;
    if (side === "source" && destination === after) destination = before;
    else if (side === "destination" && source === after) source = before;
    else continue;
    notes.push(`translated back: ${after} becomes ${before}`);
  }
  return { source, destination };
}

/** The largest hop count that is plausible in a lab. */
const MAX_HOPS = 32;
