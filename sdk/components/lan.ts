import * as pulumi from "@pulumi/pulumi";
import { type Family, familyOf, withoutPrefixLength } from "../../provider/cidr.ts";
import { Bridge } from "../bridge.ts";
import type { DestinationNetemArgs, LinkNetemArgs, PacketNetemArgs } from "../netem.ts";
import { Veth, type VethEnd } from "../veth.ts";
import { Component } from "./component.ts";
import { startDhcpClient } from "./dhcp-client.ts";
import { Host } from "./host.ts";
import { LanAddressPlan } from "./lan-addresses.ts";
import { interfaceNames } from "./names.ts";
import { LabNode } from "./node.ts";
import { reportAtComponent } from "./report-at-component.ts";
import type { Router } from "./router.ts";

/** The hosts of a {@link Lan}. Where the names are not constant, a host may be undefined. */
export type HostsByName<Name extends string> = string extends Name
  ? Record<string, Host | undefined>
  : Record<Name, Host>;

/** Arguments of a {@link Lan}. */
export interface LanArgs<Name extends string = string> {
  /** The networks of the LAN, usually one for each family: `["192.168.15.0/24", "fd00:15::/64"]`. */
  networks: readonly string[];
  /**
   * The gateway addresses of the hosts' default routes. With an empty list, the hosts get no default route.
   *
   * @default the first address of each network
   */
  gateways?: readonly string[];
  /**
   * The router that has the gateway addresses. In a network without a gateway address, it gets an address like a host.
   *
   * @default none: the bridge, and so the lab host, has the gateway addresses
   */
  router?: Router;
  /**
   * The hosts to create: names, or names with addresses without prefix lengths. In each network in which a host is given no address,
   * it gets one that is derived from its name.
   *
   * @default none
   */
  hosts?: readonly (Name | LanHost<Name>)[];
  /**
   * The existing hosts and routers to connect, each with addresses and an interface name of its own, or without. In a network in which
   * none is given, a node gets an address like one of the `hosts`. `lan.join` does the same later.
   *
   * @default none
   */
  members?: readonly (LabNode | LanMember)[];
  /**
   * The MTU of the bridge and of all veth pairs of the LAN, in bytes.
   *
   * @default 1500, chosen by the kernel
   */
  mtu?: pulumi.Input<number>;
  /**
   * Delay, jitter, loss and rate of every cable between a host and the bridge, for each of its two directions. A ping between two hosts
   * crosses two cables, and so takes the delay four times.
   *
   * @default none
   */
  netem?: LinkNetemArgs;
  /**
   * Settings for what one of the `hosts` sends to another, in place of those of its cable. For both directions, give two. A reply takes
   * the settings of the other direction.
   *
   * @default none
   */
  pairs?: readonly LanPair<Name>[];
}

/** What happens to the packets that one host of a {@link Lan} sends to another. */
export interface LanPair<Name extends string = string> {
  /** The name of the host that sends the packets. */
  from: Name;
  /** The name of the host to whose addresses they go. */
  to: Name;
  /** The delay, jitter, loss and rate of these packets. */
  netem: PacketNetemArgs;
}

/** A host of a {@link Lan} with given addresses, a given interface name, or a cable of its own kind. */
export interface LanHost<Name extends string = string> extends LanAddresses {
  /** The name of the host. */
  name: Name;
}

/** An existing host or router that is connected to a {@link Lan} with given addresses or a given interface name. */
export interface LanMember extends LanAddresses {
  /** The node to connect: a {@link Host} or a {@link Router}. */
  node: LabNode;
}

/** The given addresses, the given interface name and the cable of a host of a {@link Lan}. */
export interface LanAddresses {
  /**
   * The addresses, without prefix lengths.
   *
   * @default one in each network, derived from the host's name
   */
  addresses?: readonly string[];
  /**
   * The name of the interface in the host's namespace, for example `eth0`.
   *
   * @default the name of the LAN
   */
  interface?: string;
  /**
   * Delay, jitter, loss and rate of the host's cable, for each of its two directions.
   *
   * @default the LAN's
   */
  netem?: LinkNetemArgs;
  /**
   * Whether the node gets its IPv4 address and default route from a DHCP server on the LAN, such as a {@link Process} that runs dnsmasq. The
   * LAN then gives it no IPv4 address, and creates a Process that runs the DHCP client `udhcpc`, which must be installed on the lab host.
   * The address is not in the state: `pulumi-netns status`, `ping` and `graph --live` show it. A default route that the program declares
   * is used before that of the lease. Name servers are not taken from the lease: see {@link Hosts}.
   *
   * @default false
   */
  dhcp?: boolean;
}

/** Outputs of a {@link Lan}. */
export interface LanOutputs {
  /** The name of the bridge. */
  bridge: string;
  /** The addresses of the gateway, without prefix lengths. */
  gateways: string[];
  /** The names of the namespaces of the hosts that the LAN creates, by the names of the hosts. */
  namespaces: Record<string, string>;
  /** The first addresses of the hosts that the LAN creates, without prefix lengths, by the names of the hosts. */
  addresses: Record<string, string>;
}

/**
 * A LAN: a bridge on the lab host, hosts connected to it, and their addresses and default routes.
 *
 * An address that is not given is derived from the host's name: one hash of the name is the first candidate, another is the stride to
 * the next candidate, until a free address is found. The address therefore stays the same when other hosts are added or removed.
 * If two hosts have the same candidate, the one that is declared first keeps it. A host that is added at the end never changes
 * another host's address. A host that is added earlier rarely does: the probability for each later host is 1 in 254 in a /24, and 1 in
 * 4 billion in IPv6. The preview shows such a change. `addresses` fixes the addresses of a host; they are reserved first.
 *
 * @throws Error if a network is full, or if an address is outside the LAN's networks or in use.
 *
 * @example
 * const lan = new Lan("v-net-0", {
 *   networks: ["192.168.15.0/24", "fd00:15::/64"],
 *   hosts: ["red", { name: "blue", addresses: ["192.168.15.2"] }],
 * });
 * export const red = lan.hosts.red.address;
 */
export class Lan<const Name extends string = string> extends Component<LanOutputs> {
  /** The name of the component. */
  readonly name: string;
  /** The bridge of the LAN, for resources beside the component. */
  readonly bridge: Bridge;
  /** The hosts that the LAN creates, by name. */
  readonly hosts: Readonly<HostsByName<Name>>;
  /** The addresses of the gateway, without prefix lengths. */
  readonly gateways: readonly string[];
  readonly #seats: LanAddressPlan;
  readonly #members = new Set<LabNode>();
  readonly #mtu: { mtu?: pulumi.Input<number> };
  readonly #netem: LinkNetemArgs | undefined;

  constructor(name: string, args: LanArgs<Name>, opts: pulumi.ComponentResourceOptions = {}) {
    super("Lan", name, opts);
    const { networks, router, mtu } = args;
    this.name = name;
    this.#mtu = mtu === undefined ? {} : { mtu };
    this.#netem = args.netem;
    this.#seats = reportAtComponent(this, "networks", () => new LanAddressPlan(name, networks));
    this.gateways = args.gateways ?? this.#seats.firsts;

    const holder = router === undefined ? "the gateway" : router.name;
    const gateways = reportAtComponent(this, "gateways", () => this.#seats.reserve(this.gateways, holder));
    reportAtComponent(this, "hosts", () => refuseTwice(args.hosts ?? []));
    const hosts = (args.hosts ?? []).map((host) => (typeof host === "string" ? { name: host } : host));
    const reserved = reportAtComponent(this, "hosts", () =>
      hosts.map((host: LanHost<Name>) => ({ ...host, addresses: this.#reserve(host, host.name) })),
    );

    const own = router === undefined && gateways.length > 0 ? { addresses: gateways } : {};
    this.bridge = new Bridge(name, { ...interfaceNames(name), ...own, ...this.#mtu }, { parent: this });
    if (router !== undefined) this.#connect(router, this.#complete("networks", gateways, router.name), []);
    const seated = reserved.map(({ addresses, ...cable }) => ({
      ...cable,
      addresses: this.#complete("networks", addresses, cable.name, cable.dhcp),
    }));
    const addressesOf = new Map<string, readonly string[]>(seated.map(({ name, addresses }) => [name, addresses]));
    reportAtComponent(this, "pairs", () => refuseUnknown(args.pairs ?? [], addressesOf));
    const made = seated.map(({ name, addresses, ...cable }) => {
      const host = new Host(name, {}, { parent: this });
      const pairs = (args.pairs ?? [])
        .filter(({ from }) => from === name)
        .map(({ to, netem }) => ({ to: (addressesOf.get(to) ?? []).map(withoutPrefixLength), ...netem }));
      this.#connect(host, addresses, this.gateways, { ...cable, pairs });
      return [name, host] as const;
    });
    this.hosts = Object.fromEntries(made) as HostsByName<Name>;
    for (const member of args.members ?? [])
      if (member instanceof LabNode) this.join(member);
      else this.join(member.node, member);
    this.publish({
      bridge: this.bridge.name,
      gateways: [...this.gateways],
      namespaces: pulumi.output(Object.fromEntries(made.map(([name, { namespace }]) => [name, namespace.name]))),
      addresses: Object.fromEntries(made.map(([name, { address = "" }]) => [name, address])),
    });
  }

  /** The first gateway address; undefined if there is none. */
  get gateway(): string | undefined {
    return this.gateways[0];
  }

  /**
   * Connects an existing host or router to the LAN and returns its interface.
   *
   * @throws Error if no address is available, as for the hosts that the LAN creates.
   */
  join(node: LabNode, { addresses, ...cable }: LanAddresses = {}): VethEnd {
    const own = reportAtComponent(this, "join", () => {
      if (this.#members.has(node)) throw new Error(`${node.name} is already on the LAN ${this.name}`);
      return this.#reserve({ addresses, ...cable }, node.name);
    });
    return this.#connect(node, this.#complete("join", own, node.name, cable.dhcp), this.gateways, cable);
  }

  #reserve({ addresses = [], dhcp = false }: Unfilled<LanAddresses>, holder: string): string[] {
    const given = dhcp ? addresses.find((address) => familyOf(address) === "inet") : undefined;
    if (given !== undefined) throw new Error(`${holder} has dhcp: true and the IPv4 address ${given}. Use one of them`);
    return this.#seats.reserve(addresses, holder);
  }

  #complete(argument: string, addresses: readonly string[], holder: string, dhcp = false): string[] {
    const families: readonly Family[] = dhcp ? ["inet6"] : ["inet", "inet6"];
    return reportAtComponent(this, argument, () => this.#seats.complete(addresses, holder, families));
  }

  #connect(
    node: LabNode,
    addresses: readonly string[],
    gateways: readonly string[],
    { interface: link = this.name, netem = this.#netem, dhcp = false, pairs = [] }: Cable = {},
  ): VethEnd {
    this.#members.add(node);
    const port = `${this.name}-${node.name}`;
    const declared = dhcp ? gateways.filter((gateway) => familyOf(gateway) === "inet6") : gateways;
    const own = pairs.length === 0 ? netem : withPairs(netem, pairs);
    const a = node.plug({ name: link, addresses, gateways: declared, ...this.#mtu, netem: own, dhcp });
    const b = { ...interfaceNames(port), master: this.bridge, ...this.#mtu, ...(netem !== undefined && { netem }) };
    const end = new Veth(port, { a, b }, { parent: this }).a;
    if (dhcp) startDhcpClient(`${port}-dhcp`, node, end, this);
    return end;
  }
}

/** The cable of a host: all of its arguments but the addresses, and its settings for pairs of hosts. */
interface Cable extends Unfilled<Omit<LanAddresses, "addresses">> {
  readonly pairs?: readonly DestinationNetemArgs[] | undefined;
}

/** Arguments that may be given as undefined. */
type Unfilled<Args> = { readonly [Name in keyof Args]: Args[Name] | undefined };

/** Returns the netem of a cable with settings for pairs, which come before those of the cable for the same destinations. */
const withPairs = (
  { perDestination, ...netem }: LinkNetemArgs = {},
  pairs: readonly DestinationNetemArgs[],
): LinkNetemArgs => ({
  ...netem,
  perDestination: pulumi.output(perDestination ?? []).apply((given) => [...pairs, ...given]),
});

function refuseUnknown(pairs: readonly LanPair[], hosts: ReadonlyMap<string, unknown>): void {
  const name = pairs.flatMap(({ from, to }) => [from, to]).find((one) => !hosts.has(one));
  if (name !== undefined) throw new Error(`${name} is not one of the hosts: ${[...hosts.keys()].join(", ")}`);
}

function refuseTwice(hosts: readonly (string | { readonly name: string })[]): void {
  const names = hosts.map((host) => (typeof host === "string" ? host : host.name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is listed twice`);
}
