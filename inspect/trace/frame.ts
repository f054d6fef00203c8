import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { filtersIp, onBridge } from "./bridge-filter.ts";
import { droppedByParent, type Handover, sentByIpvlan, takerOf } from "./ipvlan.ts";
import { type DetailedInterface, isLayer3, isWithoutNeighbors, tunnelPeers } from "./link-details.ts";
import { translate, undo } from "./nat.ts";
import { neighbourEntry } from "./neighbour-entry.ts";
import { isKnownByQuestion, lostReply, unanswered } from "./neighbour-question.ts";
import { droppedByState, isUnseen } from "./one-way.ts";
import type { Departure, Drop, Packet, PathEnd, Stray, TraceContext } from "./packet.ts";
import { receiverOf } from "./receiver.ts";
import type { PacketFacts } from "./rule-match.ts";
import { evaluateRules, type Hook } from "./rules.ts";
import { segmentOf } from "./segment.ts";
import { crossingFault } from "./tunnel-fault.ts";
import { tunnelsOn, wayTo } from "./tunnel-way.ts";
import { underlayFault } from "./underlay-fault.ts";
import { unfloodedPort } from "./unflooded-port.ts";

/** The interface that receives a packet or by which it leaves its parent's place, or the end of its path. Bridges may have translated its addresses. */
export type Delivery = { readonly packet: Packet } & (
  | { readonly to: Interface; readonly stray?: Stray | undefined }
  | Handover
);

/**
 * Follows the frame of a packet to the interface that receives it: the neighbour's MAC address, the wires, and the bridges between with
 * their firewalls.
 *
 * @param notes Receives what is worth knowing on the way.
 */
export async function deliver(context: TraceContext, departure: Departure, notes: string[]): Promise<Delivery> {
  const { nextHop, packet } = departure;
  const out: DetailedInterface = departure.out;
  const ends = (end: PathEnd): Delivery => ({ end, packet });
  const dead = { kind: "died", place: out.place, out, nextHop } as const;
  const segment = segmentOf(context.interfaces, out);
  if (!out.carrier && out.kind !== "bridge") return ends({ ...dead, cause: "link-down", segment });
  if (isWithoutNeighbors(out)) {
    const [peer] = tunnelPeers(context.interfaces, out, packet.destination);
    if (peer?.up === false) return ends({ ...dead, cause: "link-down", segment });
    const fault =
      crossingFault(context.interfaces, out, packet, peer) ?? (await underlayFault(context, out, peer, notes));
    if (fault !== undefined) return ends({ ...dead, cause: "no-tunnel", at: out, fault });
    return peer === undefined ? ends({ kind: "left", place: out.place, out: out.name, nextHop }) : { to: peer, packet };
  }
  if (isLayer3(out)) {
    const handover = sentByIpvlan(context, out, packet);
    if ("by" in handover) notes.push(`by the routes of ${placeName(handover.by.place)} for ${handover.by.name}`);
    return { ...handover, packet };
  }
  const entry = await neighbourEntry(context.host, out, nextHop);
  const isKnown = entry !== undefined || isKnownByQuestion(context, out, nextHop);
  const heard = isKnown ? segment : segmentOf(context.interfaces, out, { question: context.family });
  const receiver = await receiverOf(context, out, { nextHop, entry, isKnown, segment: heard }, notes);
  if ("end" in receiver) return ends(receiver.end);
  if ("beyond" in receiver) return { to: receiver.beyond, packet };
  const { to, asks, stray } = receiver;
  const silence = asks
    ? ((await unanswered(context, departure, to, heard.members)) ?? (await lostReply(context, out, to)))
    : undefined;
  if (silence !== undefined) return ends({ ...dead, cause: "no-neighbour", fault: silence });
  const isHeard = asks || context.met.some((one) => one.from === to.place && one.to === out.place);
  const carried = wayTo(context.interfaces, { out, to, heard, isHeard });
  if ("fault" in carried) return ends({ ...dead, cause: "no-tunnel", fault: carried.fault });
  const { passed } = carried;
  const fault = await unfloodedPort(context, passed, to, isHeard);
  if (fault !== undefined) return ends({ ...dead, cause: "not-flooded", fault });
  context.met.push({ from: out.place, to: to.place, asked: asks });
  for (const [end, other] of tunnelsOn(passed)) {
    const uncarried = await underlayFault(context, end, other, notes, { mac: to.mac, isHeard });
    if (uncarried !== undefined) return ends({ ...dead, cause: "no-tunnel", fault: uncarried });
  }
  const bridged = await passBridges(context, departure, passed, asks, notes);
  if ("cause" in bridged) return ends({ ...dead, ...bridged });
  const taker = takerOf(context, to, bridged.destination, notes);
  const dropped = mtuDrop(departure, passed, notes) ?? (await droppedByParent(context, taker, bridged, departure.way));
  if (dropped !== undefined) return ends(dropped);
  return { to: taker, packet: bridged, ...(taker === to && { stray }) };
}

/**
 * Returns the packet as the bridges on the way leave it, or the rule that drops it, or that drops the question for the neighbour's MAC
 * address before it.
 */
async function passBridges(
  context: TraceContext,
  { packet: first, way }: Departure,
  passed: readonly Interface[],
  asks: boolean,
  notes: string[],
): Promise<Packet | Drop> {
  const { rulesOf, family, protocol } = context;
  let packet = first;
  for (const [index, bridge] of passed.entries()) {
    if (bridge.kind !== "bridge") continue;
    const { place } = bridge;
    const isPort = (one: Interface) => one.place === place && one.master === bridge.name;
    const cameIn = passed.slice(0, index).findLast(isPort);
    const out = passed.slice(index + 1).find(isPort);
    const facts: PacketFacts = {
      tables: "bridge",
      family: family === "inet" ? "ip" : "ip6",
      protocol,
      source: packet.source ?? "",
      destination: packet.destination,
      port: packet.port,
      in: cameIn?.name,
      inBridge: cameIn && bridge.name,
      answer: way === "back",
      unseen: isUnseen(context, place, way),
    };
    const rules = await rulesOf(place);
    if (way === "there") context.seenBy.add(place);
    const droppedBy = (hook: Hook, frame: PacketFacts): Drop | undefined => {
      const verdict = evaluateRules(rules, hook, "filter", frame);
      const isIp = frame.tables === "ip";
      const why = isIp ? `, ${onBridge(family, bridge.name)}` : frame.family === "arp" ? ", which applies to ARP" : "";
      if (verdict.mayBeDroppedBy !== undefined) notes.push(`may be dropped by ${verdict.mayBeDroppedBy}${why}`);
      if (verdict.droppedBy === undefined) return undefined;
      const detail = `${verdict.droppedBy}${why}`;
      const state = droppedByState(rules, hook, place, frame);
      return { cause: "firewall", place, detail, state, ...(isIp && { bridge: bridge.name }) };
    };
    const questions = asks && family === "inet" ? [{ ...facts, family: "arp" } as const] : [];
    for (const hook of hooksOf(cameIn, out)) {
      const leaves = out !== undefined && hook !== "prerouting" && { out: out.name, outBridge: bridge.name };
      for (const frame of [...questions, facts]) {
        const drop = droppedBy(hook, { ...frame, ...leaves });
        if (drop !== undefined) return drop;
      }
    }
    if (cameIn === undefined || out === undefined || !(await filtersIp(context, place))) continue;
    const routed: PacketFacts = { ...facts, tables: "ip", in: bridge.name, out: bridge.name };
    const drop = droppedBy("forward", routed);
    if (drop !== undefined) return drop;
    const passage = { place, facts: routed, out: bridge, bridge: bridge.name };
    const translated = await translate(context, "postrouting", passage, packet, notes);
    if ("cause" in translated) return translated;
    packet = translated;
    if (way === "back")
      for (const side of ["source", "destination"] as const) packet = undo(context, side, place, packet, notes);
  }
  return packet;
}

function hooksOf(cameIn: Interface | undefined, out: Interface | undefined): readonly Hook[] {
  if (cameIn === undefined) return ["output", "postrouting"];
  return out === undefined ? ["prerouting", "input"] : ["prerouting", "forward", "postrouting"];
}

/**
 * Returns the interface on the way that drops the frame because of its size. There are no routers there that could fragment the packet
 * or report its size.
 */
function mtuDrop(
  { out, nextHop, packet }: Departure,
  passed: readonly Interface[],
  notes: string[],
): PathEnd | undefined {
  const [narrowest] = passed
    .filter((one) => one !== out && one.kind !== "bridge")
    .toSorted((one, other) => one.mtu - other.mtu);
  if (narrowest === undefined || narrowest.mtu >= out.mtu) return undefined;
  if (packet.size > narrowest.mtu + VLAN_TAG) {
    return { kind: "died", place: narrowest.place, cause: "mtu", out, nextHop, at: narrowest };
  }
  notes.push(`packets of more than ${narrowest.mtu} bytes are dropped by ${narrowest.name}, by its MTU`);
  return undefined;
}

/** The kernel leaves room for a VLAN tag when it compares a frame with an MTU. */
const VLAN_TAG = 4;
