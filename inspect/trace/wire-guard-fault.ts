import { cidr, contains } from "../../provider/cidr.ts";
import { placeName } from "../place.ts";
import type { DetailedInterface, Tunnel, TunnelRemote } from "./link-details.ts";
import type { Packet } from "./packet.ts";
import type { Advice } from "./types.ts";

/**
 * Returns why a WireGuard interface, or the one of its peer, drops a packet: by its keys, its ports and its allowed IPs. Undefined if
 * nothing visible does.
 */
export function wireGuardFault(
  all: readonly DetailedInterface[],
  end: DetailedInterface,
  { source, destination }: Packet,
): Advice | undefined {
  const to = end.tunnel && chosenBy(end.tunnel, destination);
  if (to === undefined)
    return {
      reason: `${named(end)} has no peer with ${destination} in its allowed IPs`,
      hint: `add it to \`allowedIps\` of a peer, or ${AFTER_DRIFT}`,
    };
  // A key of several interfaces shows no single other end.
  const [there, another] = all.filter((one) => one !== end && one.kind === end.kind && one.tunnel?.id === to.id);
  if (there?.tunnel === undefined || another !== undefined) return undefined;
  const own = there.tunnel.remotes.find(({ id }) => id === end.tunnel?.id);
  if (own === undefined)
    return {
      reason: `${named(there)} has no peer with the public key of ${named(end)}`,
      hint: `add it to \`peers\` of ${there.name}, or ${AFTER_DRIFT}`,
    };
  const { listenPort } = there.tunnel;
  if (isAddressOf(all, there.tunnel, to.address) && to.port !== listenPort)
    return {
      reason: `${named(end)} sends to port ${to.port}, where ${named(there)} does not listen: it listens on ${listenPort}`,
      hint: `give the peer the \`endpoint\` ${to.address} with the port ${listenPort}, or ${AFTER_DRIFT}`,
    };
  if (source === undefined || chosenBy(there.tunnel, source) === own) return undefined;
  return {
    reason: `${named(there)} drops packets from ${source}: it is not in the allowed IPs of its peer ${named(end)}`,
    hint: `add it to \`allowedIps\` of that peer, or ${AFTER_DRIFT}`,
  };
}

const AFTER_DRIFT = "run `pulumi up --refresh` if the program has it";

/** Returns the peer with the longest allowed IP that contains an address. The kernel sends to it, and takes packets from the address only from it. */
function chosenBy({ remotes }: Tunnel, address: string): TunnelRemote | undefined {
  const matching = remotes.flatMap((remote) =>
    (remote.networks ?? [])
      .filter((network) => contains(network, address))
      .map((network) => ({ remote, length: cidr(network)?.length ?? 0 })),
  );
  return matching.toSorted((one, other) => other.length - one.length)[0]?.remote;
}

/** Returns whether the place that carries the packets of a tunnel, and no other one, has an address: no router may translate the port. */
function isAddressOf(all: readonly DetailedInterface[], { underlay }: Tunnel, address: string | undefined): boolean {
  const holders = all.filter(({ addresses }) => addresses.some((own) => own.address === address));
  return holders.length > 0 && holders.every(({ place }) => place === underlay);
}

const named = ({ name, place }: DetailedInterface): string => `${name} in ${placeName(place)}`;
