import { networkOf } from "../lab/network.ts";
import { itemsOf } from "../lab/read.ts";
import { withHelp } from "../provider/message.ts";
import { addressOnPort } from "./address-on-port.ts";
import { bondModes } from "./bond-modes.ts";
import { bridgeLoop } from "./bridge-loop.ts";
import type { Check, Declared, Finding } from "./check.ts";
import { connectedRoute } from "./connected-route.ts";
import { crowdedBridge } from "./crowded-bridge.ts";
import { dhcpRange } from "./dhcp-range.ts";
import { dropsAnswers } from "./drops-answers.ts";
import { dropsDnat } from "./drops-dnat.ts";
import { dropsEverything } from "./drops-everything.ts";
import { duplicateAddress } from "./duplicate-address.ts";
import { duplicateMac } from "./duplicate-mac.ts";
import { gatewayDown } from "./gateway-down.ts";
import { gatewayOffLink } from "./gateway-off-link.ts";
import { gatewayOffVrf } from "./gateway-off-vrf.ts";
import { gatewayOnParent } from "./gateway-on-parent.ts";
import { ignoredByMaster } from "./ignored-by-master.ts";
import { inputDrop } from "./input-drop.ts";
import { ipv6Mtu } from "./ipv6-mtu.ts";
import { ipv6Off } from "./ipv6-off.ts";
import { isolatedPorts } from "./isolated-ports.ts";
import { lacpDropped } from "./lacp-dropped.ts";
import { mixedPrefixes } from "./mixed-prefixes.ts";
import { mtuMismatch } from "./mtu-mismatch.ts";
import { networkAddress } from "./network-address.ts";
import { nexthopFamily } from "./nexthop-family.ts";
import { noDefaultRoute } from "./no-default-route.ts";
import { noDhcpServer } from "./no-dhcp-server.ts";
import { noForwarding } from "./no-forwarding.ts";
import { noReturnRoute } from "./no-return-route.ts";
import { noSuchGateway } from "./no-such-gateway.ts";
import { noSuchLocal } from "./no-such-local.ts";
import { noSuchSource } from "./no-such-source.ts";
import { noSuchTarget } from "./no-such-target.ts";
import { overlappingSubnets } from "./overlapping-subnets.ts";
import { parentDown } from "./parent-down.ts";
import { parentMtu } from "./parent-mtu.ts";
import { reversePath } from "./reverse-path.ts";
import { routeOffPeers } from "./route-off-peers.ts";
import { routingLoop } from "./routing-loop.ts";
import { separateEnds } from "./separate-ends.ts";
import { separateTunnels } from "./separate-tunnels.ts";
import { stpDelay } from "./stp-delay.ts";
import { translatesLoopback } from "./translates-loopback.ts";
import { tunnelMtu } from "./tunnel-mtu.ts";
import { tunnelToItself } from "./tunnel-to-itself.ts";
import { unansweredNat } from "./unanswered-nat.ts";
import { unfilledTable } from "./unfilled-table.ts";
import { unfitParent } from "./unfit-parent.ts";
import { unfitPort } from "./unfit-port.ts";
import { unknownInterface } from "./unknown-interface.ts";
import { unknownMaster } from "./unknown-master.ts";
import { unknownNamespace } from "./unknown-namespace.ts";
import { unknownNexthop } from "./unknown-nexthop.ts";
import { unknownPeer } from "./unknown-peer.ts";
import { unknownSysctl } from "./unknown-sysctl.ts";
import { unreachablePeer } from "./unreachable-peer.ts";
import { unreachableRule } from "./unreachable-rule.ts";
import { unroutedPeers } from "./unrouted-peers.ts";
import { vlanNotCarried } from "./vlan-not-carried.ts";
import { vniNotCarried } from "./vni-not-carried.ts";
import { wrongNeighbor } from "./wrong-neighbor.ts";

const checks = {
  "duplicate-address": duplicateAddress,
  "duplicate-mac": duplicateMac,
  "wrong-neighbor": wrongNeighbor,
  "network-address": networkAddress,
  "mixed-prefixes": mixedPrefixes,
  "separate-ends": separateEnds,
  "gateway-off-link": gatewayOffLink,
  "connected-route": connectedRoute,
  "gateway-off-vrf": gatewayOffVrf,
  "gateway-on-parent": gatewayOnParent,
  "no-such-gateway": noSuchGateway,
  "no-such-local": noSuchLocal,
  "no-such-source": noSuchSource,
  "no-such-target": noSuchTarget,
  "unanswered-nat": unansweredNat,
  "translates-loopback": translatesLoopback,
  "gateway-down": gatewayDown,
  "overlapping-subnets": overlappingSubnets,
  "no-default-route": noDefaultRoute,
  "no-dhcp-server": noDhcpServer,
  "dhcp-range": dhcpRange,
  "mtu-mismatch": mtuMismatch,
  "no-forwarding": noForwarding,
  "no-return-route": noReturnRoute,
  "routing-loop": routingLoop,
  "reverse-path": reversePath,
  "crowded-bridge": crowdedBridge,
  "bridge-loop": bridgeLoop,
  "isolated-ports": isolatedPorts,
  "address-on-port": addressOnPort,
  "ipv6-mtu": ipv6Mtu,
  "ipv6-off": ipv6Off,
  "stp-delay": stpDelay,
  "unfit-parent": unfitParent,
  "parent-mtu": parentMtu,
  "parent-down": parentDown,
  "unfit-port": unfitPort,
  "ignored-by-master": ignoredByMaster,
  "lacp-dropped": lacpDropped,
  "bond-modes": bondModes,
  "unknown-namespace": unknownNamespace,
  "unknown-interface": unknownInterface,
  "unknown-master": unknownMaster,
  "unknown-nexthop": unknownNexthop,
  "nexthop-family": nexthopFamily,
  "unknown-sysctl": unknownSysctl,
  "unfilled-table": unfilledTable,
  "input-drop": inputDrop,
  "drops-everything": dropsEverything,
  "drops-answers": dropsAnswers,
  "drops-dnat": dropsDnat,
  "unreachable-rule": unreachableRule,
  "tunnel-mtu": tunnelMtu,
  "tunnel-to-itself": tunnelToItself,
  "separate-tunnels": separateTunnels,
  "vlan-not-carried": vlanNotCarried,
  "vni-not-carried": vniNotCarried,
  "unknown-peer": unknownPeer,
  "unreachable-peer": unreachablePeer,
  "route-off-peers": routeOffPeers,
  "unrouted-peers": unroutedPeers,
} satisfies Record<string, Check>;

/** The name of a check, as used in a configuration. */
export type CheckName = keyof typeof checks;

/** The names of all checks. */
export const checkNames = Object.keys(checks) as CheckName[];

/** A finding with the check that reports it. */
export interface CheckFinding extends Finding {
  readonly check: CheckName;
}

/** Returns the text of a finding for a user. */
export const textOf = ({ check, refused, message, help }: CheckFinding): string =>
  withHelp(`${check}: ${refused === undefined ? "" : `${refused}: `}${message}`, help);

/** Runs all checks over a whole lab and returns their findings. */
export function runChecks(declared: readonly Declared[]): CheckFinding[] {
  const lab = networkOf(itemsOf(declared, ({ args }) => args));
  return checkNames.flatMap((check) => checks[check](lab).map((finding) => ({ ...finding, check })));
}
