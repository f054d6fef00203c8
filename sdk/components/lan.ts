import * as pulumi from "@pulumi/pulumi";
import { type Family, familyOf, withoutPrefixLength } from "../../provider/cidr.ts";
import { withHelp } from "../../provider/message.ts";
import type { Bridge } from "../bridge.ts";
import { placeOn } from "../interface.ts";
import type { DestinationNetemArgs, LinkNetemArgs } from "../netem.ts";
import { Veth, type VethEnd, type VethEndArgs } from "../veth.ts";
import { Vlan } from "../vlan.ts";
import { Bridged, bridgeOf } from "./bridged.ts";
import { checkArgs } from "./component-args.ts";
import { startDhcpClient } from "./dhcp-client.ts";
import { Host } from "./host.ts";
import { hostsByName } from "./hosts-by-name.ts";
import type { LabHost } from "./lab-host.ts";
import { LanAddressPlan } from "./lan-addresses.ts";
import type { HostsByName, LanAddresses, LanArgs, LanHost, LanMember, LanOutputs, LanPair } from "./lan-args.ts";
import { LAN_ARGS, MEMBER_ARGS } from "./lan-shape.ts";
import { LanSpan, portArgs } from "./lan-span.ts";
import { interfaceNames } from "./names.ts";
import { LabNode } from "./node.ts";
import { reportAtComponent } from "./report-at-component.ts";
import type { Trunk } from "./trunk.ts";

/**
 * A LAN: a bridge on the lab host, hosts connected to it, and their addresses and default routes. A LAN that spans several lab hosts has a
 * bridge on each, and a {@link Vxlan} that joins it with the others.
 *
 * An address that is not given is derived from the host's name: one hash of the name is the first candidate, another is the stride to
 * the next candidate, until a free address is found. The address therefore stays the same when other hosts are added or removed.
 * If two hosts have the same candidate, the one that is declared first keeps it. A host that is added at the end never changes
 * another host's address. A host that is added earlier rarely does: the probability for each later host is 1 in 254 in a /24, and 1 in
 * 4 billion in IPv6. The preview shows such a change. `addresses` fixes the addresses of a host; they are reserved first.
 *
 * @throws Error if a network is full, if an address is outside the LAN's networks or in use, or if a node is on a lab host that the LAN does
 *   not span.
 *
 * @example
 * const lan = new Lan("v-net-0", {
 *   networks: ["192.168.15.0/24", "fd00:15::/64"],
 *   hosts: ["red", { name: "blue", addresses: ["192.168.15.2"] }],
 * });
 * export const red = lan.hosts.red.address;
 */
export class Lan<const Name extends string = string> extends Bridged<LanOutputs> {
  /** The name of the component. */
  readonly name: string;
  /** The bridge of the LAN, for resources beside the component. Of a LAN across lab hosts, it is the one on the first of them. */
  readonly bridge: Bridge;
  /** The hosts that the LAN creates, by name. A name that none of them has is an error. */
  readonly hosts: Readonly<HostsByName<Name>>;
  /** The addresses of the gateway, without prefix lengths. */
  readonly gateways: readonly string[];
  readonly #seats: LanAddressPlan;
  readonly #members = new Set<LabNode>();
  readonly #span: LanSpan;
  readonly #mtu: { mtu?: pulumi.Input<number> };
  readonly #netem: LinkNetemArgs | undefined;
  readonly #vlan: number | undefined;

  constructor(name: string, args: LanArgs<Name>, opts: pulumi.ComponentResourceOptions = {}) {
    super("Lan", name, opts);
    checkArgs(this, args as LanArgs, LAN_ARGS);
    const { networks, router } = args;
    this.name = name;
    this.#span = reportAtComponent(this, "spans", () => new LanSpan(name, args));
    const mtu = reportAtComponent(this, "mtu", () => this.#span.mtu(args.mtu));
    this.#mtu = mtu === undefined ? {} : { mtu };
    this.#netem = args.netem;
    this.#vlan = args.vlan;
    this.#seats = reportAtComponent(this, "networks", () => new LanAddressPlan(name, networks));
    this.gateways = args.gateways ?? this.#seats.firsts;

    const holder = router === undefined ? "the gateway" : router.name;
    const gateways = reportAtComponent(this, "gateways", () => this.#seats.reserve(this.gateways, holder));
    reportAtComponent(this, "hosts", () => refuseTwice(args.hosts ?? []));
    const hosts = (args.hosts ?? []).map((host) => (typeof host === "string" ? { name: host } : host));
    const members = (args.members ?? []).map((member) => (member instanceof LabNode ? { node: member } : member));
    if (router !== undefined) reportAtComponent(this, "router", () => this.#span.check(router.name, router.host));
    for (const { name, host } of hosts)
      if (host !== undefined) reportAtComponent(this, "hosts", () => this.#span.check(name, host));
    for (const { node } of members) reportAtComponent(this, "members", () => this.#span.check(node.name, node.host));
    const reserved = reportAtComponent(this, "hosts", () =>
      hosts.map((host: LanHost<Name>) => ({ ...host, addresses: this.#reserve(host, host.name) })),
    );

    const own = router === undefined && gateways.length > 0 ? { addresses: gateways } : {};
    this.bridge = this.#span.create(own, { ...this.#mtu, vlan: args.vlan }, { parent: this });
    if (args.bridge !== undefined && own.addresses) this.#addToBridge(own.addresses);
    if (router !== undefined)
      this.#connect(router, this.#complete("networks", gateways, router.name), [], { trunk: args.trunk });
    const seated = reserved.map(({ addresses, ...cable }) => ({
      ...cable,
      addresses: this.#complete("networks", addresses, cable.name, cable.dhcp),
    }));
    const addressesOf = new Map<string, readonly string[]>(seated.map(({ name, addresses }) => [name, addresses]));
    reportAtComponent(this, "pairs", () => refuseUnknown(args.pairs ?? [], addressesOf));
    const made = seated.map(({ name, addresses, host: place = this.#span.first, ...cable }) => {
      const host = new Host(name, place === undefined ? {} : { host: place }, { parent: this });
      const pairs = (args.pairs ?? [])
        .filter(({ from }) => from === name)
        .map(({ to, netem }) => ({ to: (addressesOf.get(to) ?? []).map(withoutPrefixLength), ...netem }));
      this.#connect(host, addresses, this.gateways, { ...cable, pairs });
      return [name, host] as const;
    });
    this.hosts = hostsByName(name, made) as HostsByName<Name>;
    for (const { node, ...cable } of members) this.join(node, cable);
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
   * Returns the bridge of the LAN on one of the lab hosts that it spans, for resources beside the component.
   *
   * @throws Error if the LAN does not span the lab host.
   */
  bridgeOn(host: LabHost): Bridge {
    return this.#span.bridgeOn(host);
  }

  /**
   * Connects an existing host or router to the LAN and returns its interface.
   *
   * @throws Error if no address is available, as for the hosts that the LAN creates, or if the LAN does not span the node's lab host.
   */
  join(node: LabNode, args: Omit<LanMember, "node"> = {}): VethEnd | Vlan {
    reportAtComponent(this, "join", () => checkArgs(this, { ...args, node }, MEMBER_ARGS));
    const { addresses, ...cable } = args;
    const own = reportAtComponent(this, "join", () => {
      if (this.#members.has(node)) throw new Error(`${node.name} is already on the LAN ${this.name}`);
      this.#span.check(node.name, node.host);
      return this.#reserve({ addresses, ...cable }, node.name);
    });
    return this.#connect(node, this.#complete("join", own, node.name, cable.dhcp), this.gateways, cable);
  }

  #reserve({ addresses = [], dhcp = false }: Unfilled<LanAddresses>, holder: string): string[] {
    const given = dhcp ? addresses.find((address) => familyOf(address) === "inet") : undefined;
    if (given !== undefined)
      throw new Error(`${holder} has dhcp: true and the IPv4 address ${given}. Use only one of them`);
    return this.#seats.reserve(addresses, holder);
  }

  #complete(argument: string, addresses: readonly string[], holder: string, dhcp = false): string[] {
    const families: readonly Family[] = dhcp ? ["inet6"] : ["inet", "inet6"];
    return reportAtComponent(this, argument, () => this.#seats.complete(addresses, holder, families));
  }

  /** Creates the interface of a bridge of other LANs that has the gateway addresses of this one. */
  #addToBridge(addresses: string[]): void {
    const [link, vid] = [this.bridge, this.#vlan];
    if (vid === undefined) throw new pulumi.ResourceError(`gateways: ${NO_HOLDER}`, this, true);
    const args = { ...interfaceNames(this.name), ...this.#mtu, addresses, link, vid };
    new Vlan(this.name, args, { parent: this });
  }

  #connect(
    node: LabNode,
    addresses: readonly string[],
    gateways: readonly string[],
    {
      interface: link = this.name,
      netem = this.#netem,
      dhcp = false,
      pairs = [],
      bridge = this.#span.bridgeOn(node.host),
      trunk,
    }: Cable = {},
  ): VethEnd | Vlan {
    this.#members.add(node);
    const port = `${this.name}-${node.name}`;
    const declared = dhcp ? gateways.filter((gateway) => familyOf(gateway) === "inet6") : gateways;
    const own = pairs.length === 0 ? netem : withPairs(netem, pairs);
    const plugged = node.plug({ name: link, addresses, gateways: declared, ...this.#mtu, netem: own, dhcp });
    // The empty list tells the check no-default-route that there is no way out on purpose.
    const a = { ...(this.gateways.length === 0 && { gateways: [] }), ...plugged };
    const end =
      trunk === undefined
        ? new Veth(port, { a, b: this.#port(port, bridgeOf(bridge), netem) }, { parent: this }).a
        : reportAtComponent(this, "trunk", () => trunk.addVlan(port, node, this.#vlan, a, this));
    if (dhcp) startDhcpClient(`${port}-dhcp`, node, end, this.#seats.ipv4Networks, this);
    return end;
  }

  /** Returns a port of a bridge for a host, whose frames it puts into the VLAN. */
  #port(name: string, master: Bridge, netem: LinkNetemArgs | undefined): VethEndArgs {
    return {
      ...{ ...interfaceNames(name), namespace: placeOn(master, undefined), master, ...this.#mtu },
      ...portArgs(this.#vlan),
      ...(netem !== undefined && { netem }),
    };
  }
}

const NO_HOLDER = withHelp(
  "a LAN without a vlan has no interface on the bridge of another one, and so no place for its gateway addresses",
  "set router, vlan, or gateways: []",
);

/** The cable of a host: all of its arguments but the addresses, and its settings for pairs of hosts. */
interface Cable extends Unfilled<Omit<LanAddresses, "addresses">> {
  readonly trunk?: Trunk | undefined;
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
