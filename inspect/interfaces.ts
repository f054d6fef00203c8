import { type Family, familyOf } from "../provider/cidr.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { type Link, listNamespaces, showLinks } from "../provider/kernel/tools/ip.ts";
import { type Impairment, impairmentsIn, isImpairing } from "./impairments.ts";
import type { LabHost } from "./lab-host.ts";
import { inParallel } from "./parallel.ts";
import { type Place, placeAt, placeParts } from "./place.ts";
import { unlessUnreachable } from "./unless-unreachable.ts";

/** An interface as the kernel reports it now. */
export interface Interface {
  readonly place: Place;
  readonly name: string;
  readonly index: number;
  /** The device type, such as `veth` or `bridge`; undefined for hardware and for `lo`. */
  readonly kind: string | undefined;
  readonly loopback: boolean;
  readonly up: boolean;
  readonly carrier: boolean;
  /** Whether it asks for the MAC addresses of its neighbours and answers such questions: ARP is not off. */
  readonly arp: boolean;
  /** The largest packet that it sends, in bytes. */
  readonly mtu: number;
  /** Its MAC address; undefined for a device without one. */
  readonly mac: string | undefined;
  /** The options of its kind, as `ip` shows them. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The name of its master, such as the bridge of a port. */
  readonly master: string | undefined;
  /** Whether it is an isolated port, which exchanges no frames with the other isolated ports of its bridge. */
  readonly isolated: boolean;
  /** What it passes as a port of a bridge; undefined if it is none. */
  readonly port?: BridgePort | undefined;
  /** The impairment of the packets that leave through it; undefined if there is none. */
  readonly impairment: Impairment | undefined;
  readonly addresses: readonly LiveAddress[];
  /** The other end of a pair, or the parent of a child, as the kernel reports it: see {@link peerOf} and {@link parentOf}. */
  readonly peer: { readonly name?: string | undefined; readonly index?: number | undefined; readonly place: PeerPlace };
}

/** The settings by which a port of a bridge passes frames. */
interface BridgePort {
  /** Its state in the spanning tree, such as `forwarding`. */
  readonly state: string;
  /** Whether the bridge sends frames for a MAC address without an entry in its forwarding database through it. */
  readonly flood: boolean;
  /** Whether the bridge enters the senders of the frames that it receives through it into its forwarding database. */
  readonly learning: boolean;
  /** Whether the bridge sends frames back through it. */
  readonly hairpin: boolean;
  /** Whether the bridge sends broadcast frames through it. */
  readonly bcastFlood: boolean;
  /** Whether the bridge sends multicast frames without a known listener through it. */
  readonly mcastFlood: boolean;
}

/** An address that an interface has now. */
export interface LiveAddress {
  readonly family: Family;
  readonly address: string;
  /** The length of the network prefix, in bits. */
  readonly length: number;
  readonly global: boolean;
}

/** `same` if the peer is in the interface's own place; else its place: that of the lab host if the place has no name there. */
type PeerPlace = "same" | { readonly name: Place };

/** Lists all interfaces of lab hosts and of the namespaces that `ip netns` lists there, without lab hosts that cannot be reached. */
export async function listInterfaces({ kernel, roots }: LabHost): Promise<Interface[]> {
  const all = await inParallel(roots, (root) =>
    unlessUnreachable([], async () => {
      const names = await namespacesOf(kernel, root);
      const places = [undefined, ...names].map((namespace) => placeAt({ ...placeParts(root), namespace }));
      return (await inParallel(places, (place) => interfacesOf(kernel, place))).flat();
    }),
  );
  return all.flat();
}

/** Returns the names of the namespaces that `ip netns` lists on a lab host. */
export const namespacesOf = async (kernel: KernelClient, root?: Place): Promise<string[]> =>
  (await listNamespaces(kernel, root)).map(({ name }) => name);

async function interfacesOf(kernel: KernelClient, place: Place): Promise<Interface[]> {
  const [links, namespaces] = await Promise.all([showLinks(kernel, place), listNamespaces(kernel, place)]);
  const isImpaired = (links ?? []).some(({ qdisc }) => isImpairing(qdisc));
  const impairments = isImpaired ? await impairmentsIn(kernel, place) : undefined;
  const { host } = placeParts(place);
  const placeOf = (id: number): Place =>
    placeAt({ host, namespace: namespaces.find((namespace) => namespace.id === id)?.name });
  // A namespace that was deleted in the meantime has no links.
  return (links ?? []).map((link) => ({
    place,
    name: link.ifname,
    index: link.ifindex,
    kind: link.linkinfo?.info_kind,
    data: link.linkinfo?.info_data ?? {},
    loopback: link.flags.includes("LOOPBACK"),
    up: link.flags.includes("UP"),
    carrier: link.flags.includes("LOWER_UP"),
    arp: !link.flags.includes("NOARP"),
    mtu: link.mtu,
    mac: link.address,
    master: link.master,
    isolated: link.linkinfo?.info_slave_data?.["isolated"] === true,
    port: portOf(link),
    impairment: impairments?.get(link.ifname),
    addresses: link.addr_info.map(({ local, prefixlen, scope }) => ({
      family: familyOf(local),
      address: local,
      length: prefixlen,
      global: scope === "global",
    })),
    peer: {
      name: link.link ?? undefined,
      index: link.link_index,
      place: link.link_netnsid === undefined ? "same" : { name: placeOf(link.link_netnsid) },
    },
  }));
}

function portOf({ linkinfo }: Link): BridgePort | undefined {
  const { info_slave_kind: kind, info_slave_data: data = {} } = linkinfo ?? {};
  if (kind !== "bridge") return undefined;
  const isOn = (flag: string): boolean => data[flag] !== false;
  return {
    state: String(data["state"]),
    ...{ flood: isOn("flood"), bcastFlood: isOn("bcast_flood"), mcastFlood: isOn("mcast_flood") },
    ...{ learning: isOn("learning"), hairpin: data["hairpin"] === true },
  };
}

/** Returns the other end of a pair; undefined if it is in no listed place. */
export function peerOf<One extends Interface>(all: readonly One[], end: One): One | undefined {
  return all.find(
    (other) =>
      other !== end && other.kind === "veth" && end.kind === "veth" && isPeerOf(end, other) && isPeerOf(other, end),
  );
}

/** Returns the interface through which packets of a VLAN, macvlan, macvtap or ipvlan leave; undefined for others, or if it is not listed. */
export const parentOf = <One extends Interface>(all: readonly One[], child: One): One | undefined =>
  child.kind !== undefined && CHILDREN.has(child.kind)
    ? all.find((other) => other !== child && isPeerOf(child, other))
    : undefined;

const CHILDREN: ReadonlySet<string> = new Set(["vlan", "macvlan", "macvtap", "ipvlan"]);

// Interface indexes repeat between places, so both ends must refer to each other, by index and by place.
function isPeerOf({ place, peer }: Interface, other: Interface): boolean {
  if (peer.place === "same")
    return place === other.place && [other.name, other.index].includes(peer.name ?? peer.index ?? "");
  return place !== other.place && peer.place.name === other.place && peer.index === other.index;
}

/** Returns the addresses through which other places can reach a place. */
export const addressesOf = (all: readonly Interface[], of: Place): string[] =>
  all
    .filter(({ place }) => place === of)
    .flatMap(({ addresses }) => addresses.filter(({ global }) => global).map(({ address }) => address));

/** Returns whether an interface has an address, with any prefix length. */
export const hasAddress = ({ addresses }: Pick<Interface, "addresses">, wanted: string | undefined): boolean =>
  addresses.some(({ address }) => address === wanted);
