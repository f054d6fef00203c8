import type { Family } from "../../provider/cidr.ts";
import type { Probe } from "./types.ts";

/** Returns the size of a packet with its headers, in bytes. */
export function sizeOf(probe: Probe, family: Family): number {
  const header = family === "inet" ? 20 : 40;
  return header + (probe.protocol === "icmp" ? ICMP_HEADER + (probe.size ?? PING_SIZE) : TCP_HEADER);
}

const ICMP_HEADER = 8;
/** The bytes that `ping` sends by default. */
const PING_SIZE = 56;
const TCP_HEADER = 40;
