import * as v from "valibot";
import { networksBetween } from "../../provider/address-ranges.ts";
import { contains, parseIp } from "../../provider/cidr.ts";

/** A packet as nftables sees it. */
export interface PacketFacts {
  /** The tables that see it: those of its family and of `inet`, or those of bridges. */
  readonly tables: "ip" | "bridge";
  /** Its network protocol. The question for a neighbour's MAC address in IPv4 is `arp`. */
  readonly family: "ip" | "ip6" | "arp";
  readonly protocol: Protocol;
  readonly source: string;
  readonly destination: string;
  /** The destination port, or of an answer the source port; undefined for a ping. */
  readonly port?: number | undefined;
  readonly in?: string | undefined;
  readonly out?: string | undefined;
  /** The bridges of the incoming and of the outgoing port. */
  readonly inBridge?: string | undefined;
  readonly outBridge?: string | undefined;
  /** Whether it is the answer to a packet that has passed before. */
  readonly answer: boolean;
  /** Whether it is an answer, and the place has not seen the packet that it answers. */
  readonly unseen?: boolean | undefined;
  /** The marks that rules of the place have set, of the packet and of its connection; undefined if none is known to have set one. */
  readonly mark?: number | undefined;
  readonly ctMark?: number | undefined;
}

/** The protocol of a packet; `icmp` is that of a ping, also in IPv6. */
export type Protocol = "icmp" | "tcp" | "udp";

/** Returns whether a statement of a rule matches the packet; undefined if that cannot be determined. */
export function ruleMatches(key: string, value: unknown, packet: PacketFacts): boolean | undefined {
  if (PASSIVE.includes(key)) return true;
  const match = v.safeParse(MATCH, value);
  if (key !== "match" || !match.success) return undefined;
  const { op, left, right } = match.output;
  const actual = valueOf(left, packet);
  if (actual === undefined) return undefined;
  const equal = actual === null ? false : among(actual, right);
  if (equal === undefined || actual === null) return equal;
  return op === "!=" ? !equal : equal;
}

/** Returns the value of the packet that a rule compares; null if the packet has no such value. */
function valueOf(left: v.InferOutput<typeof MATCH>["left"], packet: PacketFacts): string | null | undefined {
  const isArp = packet.family === "arp";
  const protocol = isArp ? null : packet.protocol !== "icmp" || packet.family === "ip" ? packet.protocol : "ipv6-icmp";
  if ("payload" in left) {
    const { protocol: header, field } = left.payload;
    if (header === "ether") return field === "type" ? packet.family : undefined;
    if (TRANSPORT.includes(header)) {
      if (isArp || (header === "th" ? packet.protocol === "icmp" : header !== packet.protocol)) return null;
      return field === (packet.answer ? "sport" : "dport") ? packet.port?.toString() : undefined;
    }
    if (header === "icmp" || header === "icmpv6") {
      if (protocol !== (header === "icmp" ? "icmp" : "ipv6-icmp")) return null;
      return field === "type" ? (packet.answer ? "echo-reply" : "echo-request") : undefined;
    }
    if (header !== "ip" && header !== "ip6") return undefined;
    if (header !== packet.family) return null;
    return { saddr: packet.source, daddr: packet.destination, protocol, nexthdr: protocol }[field];
  }
  if ("ct" in left) return { state: ctState(packet), mark: packet.ctMark?.toString() }[left.ct.key];
  const nfproto = isArp ? null : packet.family === "ip" ? "ipv4" : "ipv6";
  const [cameIn, out] = [packet.in ?? null, packet.out ?? null];
  const bridges = { ibrname: packet.inBridge ?? null, obrname: packet.outBridge ?? null };
  const devices = { iifname: cameIn, iif: cameIn, oifname: out, oif: out, ...bridges };
  const mark = packet.mark?.toString();
  return { ...devices, nfproto, protocol: packet.family, l4proto: protocol, mark }[left.meta.key];
}

/** Returns the state that conntrack gives a packet. An answer alone opens a connection only in UDP. */
export function ctState({ answer, unseen, protocol }: PacketFacts): "new" | "established" | "invalid" {
  if (!answer) return "new";
  return unseen ? (protocol === "udp" ? "new" : "invalid") : "established";
}

/** The headers of protocols with ports; `th` is that of any of them. */
const TRANSPORT = ["tcp", "udp", "th", "sctp", "dccp", "udplite"];

function among(actual: string, right: unknown): boolean | undefined {
  if (typeof right === "string") {
    if (right.startsWith("@")) return undefined;
    if (right.endsWith("*")) return actual.startsWith(right.slice(0, -1));
    return (parseIp(right) ?? right) === actual;
  }
  if (typeof right === "number") return String(right) === actual;
  const several = v.safeParse(SEVERAL, right);
  if (several.success) {
    const found = ("set" in several.output ? several.output.set : several.output).map((one) => among(actual, one));
    return found.includes(true) ? true : found.includes(undefined) ? undefined : false;
  }
  const ports = v.safeParse(PORTS, right);
  if (ports.success) return ports.output.range[0] <= Number(actual) && Number(actual) <= ports.output.range[1];
  const range = v.safeParse(RANGE, right);
  if (range.success) return networksBetween(...range.output.range).some((network) => contains(network, actual));
  const network = v.safeParse(PREFIX, right);
  return network.success ? contains(`${network.output.prefix.addr}/${network.output.prefix.len}`, actual) : undefined;
}

/** The statements of a rule that do not affect its decision, and its verdicts. */
export const VERDICTS = [
  "accept",
  "drop",
  "reject",
  "masquerade",
  "snat",
  "dnat",
  "redirect",
  "return",
  "jump",
  "goto",
];
const PASSIVE = [...VERDICTS, "continue", "counter", "log", "limit", "notrack", "mangle"];

const PREFIX = v.object({ prefix: v.object({ addr: v.string(), len: v.number() }) });
const PORTS = v.object({ range: v.tuple([v.number(), v.number()]) });
const RANGE = v.object({ range: v.tuple([v.string(), v.string()]) });
const SEVERAL = v.union([v.object({ set: v.array(v.unknown()) }), v.array(v.unknown())]);
const MATCH = v.object({
  op: v.picklist(["==", "!=", "in"]),
  left: v.union([
    v.object({ payload: v.object({ protocol: v.string(), field: v.string() }) }),
    v.object({ meta: v.object({ key: v.string() }) }),
    v.object({ ct: v.object({ key: v.string() }) }),
  ]),
  right: v.unknown(),
});
