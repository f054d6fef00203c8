import { addressOf } from "../../lab/tunnel.ts";
import { contains } from "../../provider/cidr.ts";
import { ALL_ZERO, showFdb, showVlans, showVnis } from "../../provider/kernel/tools/bridge.ts";
import { showWireGuard } from "../../provider/kernel/tools/wg.ts";
import type { Vlans } from "../../provider/vlans.ts";
import { ALL_VNIS, hasVni, type VniRange } from "../../provider/vnis.ts";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";
import type { Interface } from "../interfaces.ts";
import type { LabHost } from "../lab-host.ts";
import { inParallel } from "../parallel.ts";
import type { Place } from "../place.ts";

/** An interface with what decides where a frame goes: its VLANs and the ends of its tunnel. */
export interface DetailedInterface extends Interface {
  /** The VLANs of a bridge with VLAN filtering, or of a port of one; undefined for all others. */
  readonly vlans?: Vlans | undefined;
  readonly tunnel?: Tunnel | undefined;
}

/** A tunnel as the kernel has it. */
export interface Tunnel {
  /** The identity of the tunnel: what both ends have in common, such as a VNI, or the public key of this end. */
  readonly id: string;
  /** The place whose routes carry the packets. */
  readonly underlay: Place;
  readonly remotes: readonly TunnelRemote[];
  /** The UDP port on which a WireGuard interface listens; undefined for all other tunnels. */
  readonly listenPort?: number;
  /** The VNIs that an external VXLAN carries; undefined for all other tunnels. */
  readonly vnis?: readonly VniRange[];
}

/** The other end of a tunnel. */
export interface TunnelRemote {
  /** The id of the tunnel there: the same, or, for WireGuard, the public key of the peer. */
  readonly id: string;
  /** Undefined for a peer that has not sent a packet yet. */
  readonly address: string | undefined;
  /** The VNI with which a VXLAN sends to it, and the UDP port there, also of a WireGuard. */
  readonly vni?: number;
  readonly port?: number;
  /** The VNI of the frames that an external VXLAN sends to it. */
  readonly srcVni?: number;
  /** The MAC address for whose frames alone it is; undefined for an end that also gets broadcasts and frames to unknown addresses. */
  readonly station?: string;
  /** Whether the VXLAN has learned it from a frame. */
  readonly learned?: boolean;
  /** The networks behind it, if the tunnel chooses the other end by the destination of a packet. */
  readonly networks?: readonly string[];
}

/** Adds the VLANs and tunnels to interfaces, where they have any. */
export function withDetails(host: LabHost, all: readonly Interface[]): Promise<DetailedInterface[]> {
  const filters = new Set(
    all
      .filter(({ kind, data }) => kind === "bridge" && data["vlan_filtering"] === 1)
      .map((one) => `${one.place}/${one.name}`),
  );
  return inParallel(all, async (one) => {
    const isFiltered = filters.has(`${one.place}/${one.name}`) || filters.has(`${one.place}/${one.master}`);
    if (!isFiltered && !isTunnel(one)) return one;
    const vlans = isFiltered ? await showVlans(host.kernel, one.place, one.name, isExternal(one)) : undefined;
    return { ...one, vlans, tunnel: isTunnel(one) ? await tunnelOf(host, one) : undefined };
  });
}

const isExternal = ({ data }: Interface): boolean => data["external"] === true;

const isTunnel = ({ kind = "", data }: Interface): boolean =>
  kind === "wireguard" || kind === "vxlan" || ("remote" in data && data["remote"] !== "any") || "remote6" in data;

async function tunnelOf({ kernel }: LabHost, { place, name, kind, data, peer }: Interface): Promise<Tunnel> {
  const underlay = peer.place === "same" ? place : peer.place.name;
  if (kind === "wireguard") {
    const { privateKey = "", listenPort = 0, peers = [] } = (await showWireGuard(kernel, place, name)) ?? {};
    const remotes = peers.map(({ publicKey, endpoint, allowedIps }) => ({
      ...{ id: publicKey, networks: allowedIps },
      address: endpoint === undefined ? undefined : (addressOf(endpoint) ?? undefined),
      ...(endpoint !== undefined && { port: Number(/\d+$/.exec(endpoint)?.[0]) }),
    }));
    return { id: publicKeyOf(privateKey), underlay, remotes, listenPort };
  }
  const id = JSON.stringify([data["id"], data["port"], data["ikey"]]);
  const given = [data["remote"], data["remote6"]].filter((one) => typeof one === "string");
  if (kind !== "vxlan") return { id, underlay, remotes: given.map((address) => ({ id, address })) };
  const isFiltering = data["vnifilter"] === true;
  const [entries = [], vnis = ALL_VNIS] = await Promise.all([
    showFdb(kernel, place, name),
    isFiltering ? showVnis(kernel, place, name) : undefined,
  ]);
  const [ownVni, ownPort] = [Number(data["id"]), Number(data["port"])];
  const flooded = entries.flatMap(({ mac, dst: address, vni, port = ownPort, src_vni: srcVni, state }) =>
    address === undefined
      ? []
      : [
          {
            id,
            address,
            vni: vni ?? srcVni ?? ownVni,
            port,
            ...(srcVni !== undefined && { srcVni }),
            ...(mac !== ALL_ZERO && { station: mac }),
            ...(state === "" && { learned: true }),
          },
        ],
  );
  return { id, underlay, remotes: distinct(flooded), ...(data["external"] === true && { vnis }) };
}

const distinct = (remotes: readonly TunnelRemote[]): TunnelRemote[] => [
  ...new Map(remotes.map((remote) => [JSON.stringify(remote), remote])).values(),
];

/**
 * Returns the interfaces at the other ends of a tunnel.
 *
 * @param destination The destination of a packet, if only the ends that receive it count.
 */
export const tunnelPeers = (
  all: readonly DetailedInterface[],
  end: DetailedInterface,
  destination?: string,
): DetailedInterface[] => crossings(all, end, { destination }).map(({ to }) => to);

/**
 * Returns the interfaces at the other ends of a tunnel, each with the VNI with which a frame arrives there.
 *
 * @param sent The destination of a packet, or the VNI that a bridge gives a frame, if only the ends that receive it count.
 */
export function crossings(
  all: readonly DetailedInterface[],
  end: DetailedInterface,
  { destination, ...frame }: SentFrame,
): { readonly to: DetailedInterface; readonly vni: number | undefined }[] {
  const remotes = remotesFor(end, frame).filter(
    ({ networks }) =>
      destination === undefined || (networks?.some((network) => contains(network, destination)) ?? true),
  );
  // The kernel sends no packet out that is for an address of its own place.
  const isAt = (address: string | undefined, place: Place) =>
    isAddressOf(all, place, address) && (place === end.tunnel?.underlay || !isOwnAddress(all, end, address));
  return all.flatMap((to) => {
    const { kind, tunnel } = to;
    if (tunnel === undefined || kind !== end.kind || to === end) return [];
    const remote = remotes.find(
      (one) => receives(to, one) && (kind === "wireguard" ? isPeer(tunnel, end) : isAt(one.address, tunnel.underlay)),
    );
    return remote === undefined ? [] : [{ to, vni: remote.vni }];
  });
}

interface SentFrame extends Addressed {
  readonly destination?: string | undefined;
}

/** For which MAC addresses a frame is. */
export interface Addressed {
  /** The VNI that a bridge gives it, if only the ends that receive it count. */
  readonly vni?: number | undefined;
  /** Whether it is for all. */
  readonly toAll?: boolean;
  /** The MAC address that it is for, if that is known. */
  readonly mac?: string | undefined;
  /** Whether the tunnels on the way have just had a frame from that address, from which they learn its remote end anew. */
  readonly isHeard?: boolean;
}

/** Returns the remote ends to which a tunnel sends a frame. A VXLAN looks for an entry of the MAC address, and else sends to those for all. */
export function remotesFor(
  { tunnel, data }: DetailedInterface,
  { vni, toAll, mac, isHeard }: Addressed,
): readonly TunnelRemote[] {
  const { remotes = [], vnis } = tunnel ?? {};
  const all = remotes.filter(({ srcVni }) => vnis === undefined || vni === undefined || srcVni === vni);
  const own = mac === undefined ? [] : all.filter(({ station }) => station === mac);
  const isLearnedAnew = isHeard === true && data["learning"] === true && own.some(({ learned }) => learned);
  if ((mac === undefined && toAll !== true) || isLearnedAnew) return all;
  return own.length > 0 ? own : all.filter(({ station }) => station === undefined);
}

/** Returns whether a tunnel would send to the place itself that carries its packets, by an address. */
export const isOwnAddress = (
  all: readonly DetailedInterface[],
  { tunnel }: DetailedInterface,
  address: string | undefined,
): boolean => tunnel !== undefined && isAddressOf(all, tunnel.underlay, address);

const isAddressOf = (all: readonly DetailedInterface[], place: Place, address: string | undefined): boolean =>
  all.some((one) => one.place === place && one.addresses.some((own) => own.address === address));

/** Returns whether a tunnel takes the packets that another one sends to a remote end. */
const receives = ({ tunnel, data }: DetailedInterface, { id, vni, port }: TunnelRemote): boolean =>
  tunnel?.vnis === undefined
    ? tunnel?.id === id || (vni !== undefined && vni === data["id"] && port === data["port"])
    : vni !== undefined && port === data["port"] && hasVni(tunnel.vnis, vni);

/** Returns whether a tunnel sends to another one, which may share its key with other tunnels of its lab host. */
const isPeer = ({ remotes }: Tunnel, { tunnel }: DetailedInterface): boolean =>
  remotes.some(({ id }) => id === tunnel?.id);

/** Returns whether a tunnel carries packets without Ethernet headers, so that all of them go to its other end. */
export const isWithoutNeighbors = ({ kind = "", tunnel }: DetailedInterface): boolean =>
  tunnel !== undefined && !ETHERNET.has(kind);

const ETHERNET: ReadonlySet<string> = new Set(["vxlan", "geneve", "gretap", "ip6gretap"]);

/**
 * Returns whether an interface is an ipvlan of mode l3 or l3s: it exchanges packets by their addresses, and neither asks for MAC addresses nor
 * answers such questions.
 */
export const isLayer3 = ({ kind, data }: Interface): boolean => kind === "ipvlan" && data["mode"] !== "l2";
