import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { type DetailedInterface, isOwnAddress } from "./link-details.ts";
import type { Packet } from "./packet.ts";
import type { Advice } from "./types.ts";
import { wireGuardFault } from "./wire-guard-fault.ts";

/** Why a tunnel has no other end among the interfaces that are visible, and what to do. */
export interface TunnelFault {
  readonly reason: string;
  readonly hint: string;
}

/** Returns why a tunnel without Ethernet headers does not carry a packet to its other end; undefined if nothing visible is wrong. */
export function crossingFault(
  all: readonly DetailedInterface[],
  end: DetailedInterface,
  packet: Packet,
  other: DetailedInterface | undefined,
): Advice | undefined {
  const byPacket = FAULTS_BY_PACKET[end.kind ?? ""];
  if (byPacket !== undefined) return byPacket(all, end, packet);
  return other === undefined ? tunnelFault(all, end) : undefined;
}

/** The kinds whose ends choose by the addresses of a packet. */
const FAULTS_BY_PACKET: Readonly<Record<string, typeof wireGuardFault>> = { wireguard: wireGuardFault };

/**
 * Returns what is missing, and at which end, so that a tunnel has no other end. Undefined if nothing visible could be its other end: it
 * may lead elsewhere.
 */
export function tunnelFault(all: readonly DetailedInterface[], end: DetailedInterface): TunnelFault | undefined {
  if (end.tunnel?.vnis !== undefined)
    return {
      reason: `${named(end)} sends the frames of this VLAN to no VXLAN that carries their VNI`,
      hint: "compare both ends: the `tunnel_info` in `vlans` of the port, the `vnis`, and an FdbEntry with this `srcVni` for the other end",
    };
  const known = (end.tunnel?.remotes ?? []).filter(({ learned }) => !learned);
  const remotes = known.flatMap(({ address }) => address ?? []);
  const lost = [end.data["remote"], end.data["remote6"]].find((one) => typeof one === "string");
  if (
    end.kind === "vxlan" &&
    lost !== undefined &&
    !known.some(({ address, station }) => address === lost && station === undefined)
  )
    return {
      reason: `${named(end)} does not send to its remote end ${lost}: the entry for it in the forwarding table is missing`,
      hint: `run \`pulumi up --refresh\`, or ${command(end.place, `bridge fdb append 00:00:00:00:00:00 dev ${end.name} dst ${lost} self permanent`)}`,
    };
  const itself = remotes.find((remote) => isOwnAddress(all, end, remote));
  if (itself !== undefined) {
    const underlay = placeName(end.tunnel?.underlay);
    return {
      reason: `${named(end)} sends to ${itself}, an address of ${underlay} itself, so its packets do not leave ${underlay}`,
      hint: `give ${end.name} the address of the other end, as \`remote\` or where it sends to`,
    };
  }
  // The ends of other tunnels have no identity that shows which ones belong together.
  if (end.kind !== "vxlan") return undefined;
  const others = all.filter((one) => one !== end && one.kind === end.kind && one.place !== end.place);
  const alike = others.find(({ tunnel }) => tunnel?.id === end.tunnel?.id);
  if (alike !== undefined) {
    const [there] = ownAddresses(all, alike);
    const at = placeName(alike.tunnel?.underlay);
    if (there === undefined || remotes.includes(there)) {
      const [sends, which] =
        there === undefined
          ? [`has the ${identityOf(end)} of ${named(alike)}`, `other interface in ${at} has an address`]
          : [`sends to ${there}, which is the \`local\` of ${named(alike)}`, `interface in ${at} has that address`];
      return {
        reason: `${named(end)} ${sends}, but no ${which}`,
        hint: `create the interface that carries the packets of ${alike.name} in ${at}, or run \`pulumi up --refresh\` if the program has it`,
      };
    }
    const to = remotes.length === 0 ? "" : `, and sends to ${remotes.join(", ")}, but not to ${there}`;
    return {
      reason: `${named(end)} has the ${identityOf(end)} of ${named(alike)}${to}`,
      hint: `add ${there} to the addresses to which ${named(end)} sends: \`remote\`, or \`flood\` for several`,
    };
  }
  for (const remote of remotes) {
    const holder = all.find(
      ({ place, addresses }) => place !== end.place && addresses.some(({ address }) => address === remote),
    );
    if (holder === undefined) continue;
    const sends = `${named(end)} sends to ${remote} of ${placeName(holder.place)}, where`;
    const other = others.find(({ tunnel }) => tunnel?.underlay === holder.place);
    return other === undefined
      ? {
          reason: `${sends} no ${end.kind} interface has the ${identityOf(end)}`,
          hint: `create it there, or run \`pulumi up --refresh\` if the program has it`,
        }
      : {
          reason: `${sends} ${other.name} has the ${identityOf(other)}, and not the ${identityOf(end)}`,
          hint: `give both ends the same \`vni\` and \`dstport\``,
        };
  }
  return undefined;
}

const named = ({ name, place }: DetailedInterface): string => `${name} in ${placeName(place)}`;

const identityOf = ({ data }: DetailedInterface): string =>
  `VNI ${String(data["id"])} and port ${String(data["port"])}`;

/**
 * Returns the addresses to which packets for a tunnel can be sent: the one that it uses itself first. Those of the tunnel itself and of its
 * master are in the network that it carries.
 */
const ownAddresses = (all: readonly DetailedInterface[], own: DetailedInterface): string[] => [
  ...[own.data["local"], own.data["local6"]].filter((one) => typeof one === "string"),
  ...all
    .filter(
      ({ place, name }) =>
        place === own.tunnel?.underlay && !(place === own.place && [own.name, own.master].includes(name)),
    )
    .flatMap(({ addresses }) => addresses.flatMap(({ global, address }) => (global ? [address] : []))),
];
