import type { LabHost } from "../lab-host.ts";
import { type Place, placeName } from "../place.ts";
import type { Packet, TraceContext } from "./packet.ts";
import type { Ports } from "./routing-rules.ts";
import type { Direction, NextHopChoice, OtherWay, Trace, TraceOutcome } from "./types.ts";

/** Returns the arguments of `ip route get` for the protocol and the ports of a packet: routing rules and multipath routes may select by them. */
export function flowOf(
  { protocol, family }: Pick<TraceContext, "protocol" | "family">,
  packet: Packet,
  way: Direction,
): string[] {
  if (protocol !== "icmp") {
    const ports = Object.entries(portsOf(packet, way)).flatMap(([side, port]) => [side, String(port)]);
    return ["ipproto", protocol === "tcp" ? "6" : "17", ...ports];
  }
  if (family === "inet") return ["ipproto", "1"];
  // The kernel has the type of a message that it sends, request or reply, in the first byte of the port.
  return ["ipproto", "58", "dport", String((way === "there" ? 128 : 129) * 256)];
}

/** Returns the known port of a packet, by its side. */
export function portsOf({ port }: Packet, way: Direction): Ports {
  if (port === undefined) return {};
  return way === "there" ? { dport: port } : { sport: port };
}

/**
 * Returns the setting because of which `ip route get` does not tell the next hop of a ping in IPv4 that is not bound to a source address;
 * undefined if it does. With a source address, the kernel prefers the next hop whose interface has it.
 */
export async function unforeseenBy(
  { host, protocol, family }: TraceContext,
  place: Place,
): Promise<string | undefined> {
  if (protocol !== "icmp" || family !== "inet") return undefined;
  const policy = await hashPolicy(host, place);
  return BY_PROTOCOL.has(policy) ? `${HASH_POLICY} is ${policy}` : undefined;
}

async function hashPolicy(host: LabHost, place: Place): Promise<string> {
  const { stdout } = await host.run(place, "sysctl", "--values", HASH_POLICY);
  return stdout.trim();
}

const HASH_POLICY = "net.ipv4.fib_multipath_hash_policy";
/** The policies that count the protocol and the ports. */
const BY_PROTOCOL: ReadonlySet<string> = new Set(["1", "3"]);

/** Returns the outcome of a ping without an answer, with the next hops by which it may have been lost. */
export function lostByOther(outcome: TraceOutcome, others: readonly OtherWay[]): TraceOutcome {
  const lost = others.filter((other) => other.outcome.kind === "died");
  if (outcome.kind !== "died" || outcome.cause !== "unexplained" || lost.length === 0) return outcome;
  return {
    ...outcome,
    reason: `${outcome.reason}; it or its answer may have gone out by ${lost.map(({ by }) => hopText(by)).join(", or by ")}, and is lost there`,
    hint: "correct that way, which is shown below",
  };
}

/**
 * Returns the result of a trace for all flows: that of this one, unless it is answered and flows by other next hops are lost, or else leave
 * the visible part of the network.
 */
export function resultOf({ outcome, others }: Pick<Trace, "outcome" | "others">): TraceOutcome["kind"] {
  const all = [outcome, ...(outcome.kind === "answered" ? others.map((other) => other.outcome) : [])];
  return (["died", "left"] as const).find((kind) => all.some((one) => one.kind === kind)) ?? "answered";
}

/** Returns a next hop as text. */
export const hopText = ({ out, via, place }: NextHopChoice): string =>
  `${out}${via === undefined ? "" : ` to ${via}`} of ${placeName(place)}`;
