import { areOfOneFamily, withoutPrefixLength } from "../../provider/cidr.ts";
import { withHelp } from "../../provider/message.ts";
import type { FilterRuleArgs } from "../filter-chain.ts";
import type { NatRuleArgs } from "../nat-rule.ts";

/** A port of a {@link Router}'s outside addresses that is forwarded to a server behind it. */
export interface PortForward {
  /**
   * The protocol.
   *
   * @default "tcp"
   */
  protocol?: "tcp" | "udp" | "sctp";
  /** The port of the router, or a range such as `"8000-8099"`. */
  port: number | string;
  /** The address of the server, for example `192.168.15.10`. */
  to: string;
  /**
   * The port of the server.
   *
   * @default the same port
   */
  toPort?: number | string;
}

/**
 * Checks that each port is forwarded to one server.
 *
 * @throws Error if two have the same port of the same protocol, and servers of the same family.
 */
export function refuseTwoServers(forwards: readonly PortForward[]): void {
  for (const [index, forward] of forwards.entries()) {
    const { protocol = "tcp", port, to } = forward;
    const other = forwards
      .slice(0, index)
      .find((one) => forwardName(one) === forwardName(forward) && areOfOneFamily(one.to, to));
    if (other !== undefined)
      throw new Error(
        withHelp(
          `port ${port} of ${protocol} is forwarded twice: to ${serverText(other)} and to ${serverText(forward)}`,
          "remove one of them",
        ),
      );
  }
}

const serverText = ({ to, port, toPort = port }: PortForward): string => `${to}, port ${toPort}`;

/** Returns the name of a forwarded port, as part of the names of its resources: `tcp-80`. */
export const forwardName = ({ protocol = "tcp", port }: PortForward): string => `${protocol}-${port}`;

/** Returns one rule per outside address of the server's family that sends packets to the server. */
export const forwardRules = (forward: PortForward, outside: readonly string[]): NatRuleArgs[] =>
  outside
    .map(withoutPrefixLength)
    .filter((address) => areOfOneFamily(address, forward.to))
    .map((address) => ({
      type: "dnat",
      destination: address,
      protocol: forward.protocol ?? "tcp",
      destinationPort: forward.port,
      toAddress: forward.to,
      ...(forward.toPort !== undefined && { toPort: forward.toPort }),
    }));

/**
 * Returns the rule for clients behind the same inside interface as the server that connect to an outside address (hairpin NAT). The server,
 * or a router before it, would send the answers directly to them, with an address that they do not know, so the router also replaces the
 * source address. Each inside interface has the rule: a server may be behind a further router on it. It does not depend on the other
 * interfaces, because programs connect them in any order.
 *
 * @param inside The inside interface, with its addresses.
 */
export function hairpinRules(
  forward: PortForward,
  { name, addresses }: { readonly name: NatRuleArgs["outInterface"]; readonly addresses: readonly string[] },
): NatRuleArgs[] {
  const hasFamily = addresses.some((own) => areOfOneFamily(withoutPrefixLength(own), forward.to));
  if (name === undefined || !hasFamily) return [];
  return [{ type: "masquerade", inInterface: name, outInterface: name, ...serverOf(forward) }];
}

/** Returns the rules of a firewall that let the forwarded packets through: one for each port of a server, also if two ports lead to it. */
export function acceptRules(forwards: readonly PortForward[]): FilterRuleArgs[] {
  const servers = new Map(forwards.map(serverOf).map((server) => [Object.values(server).join(" "), server]));
  return [...servers.values()].map((server) => ({ action: "accept", ...server }));
}

/** Returns the match of packets to the server. */
const serverOf = ({ protocol = "tcp", port, to, toPort = port }: PortForward) => ({
  destination: to,
  protocol,
  destinationPort: toPort,
});
