import * as pulumi from "@pulumi/pulumi";
import { familyOf, withoutPrefixLength } from "../../provider/cidr.ts";
import type { Bridge } from "../bridge.ts";
import { placeOn } from "../interface.ts";
import type { DestinationNetemArgs, LinkNetemArgs } from "../netem.ts";
import { Veth, type VethEnd, type VethEndArgs } from "../veth.ts";
import { Vlan } from "../vlan.ts";
import { Bridged, bridgeOf } from "./bridged.ts";
import { ArgumentChecks, atArgument, partOf, resultOf } from "./component-errors.ts";
import { startDhcpClient } from "./dhcp-client.ts";
import { Host } from "./host.ts";
import { hostsByName } from "./hosts-by-name.ts";
import type { LabHost } from "./lab-host.ts";
import type { LanAddressPlan } from "./lan-addresses.ts";
import type { HostsByName, LanAddresses, LanArgs, LanMember, LanOutputs, Unfilled } from "./lan-args.ts";
import { isJoined, type LanPlan, planLan, seat } from "./lan-plan.ts";
import { MEMBER_ARGS } from "./lan-shape.ts";
import { type LanSpan, portArgs } from "./lan-span.ts";
import { interfaceNames } from "./names.ts";
import type { LabNode } from "./node.ts";
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
 * It is an error if a network is full, if an address is outside the LAN's networks or in use, or if a node is on a lab host that the LAN does
 * not span. In TypeScript, the errors of all resources and components are reported together.
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
    const plan = partOf(this, () => planLan(this, name, args as LanArgs));
    this.name = name;
    this.#span = plan.span;
    this.#mtu = plan.mtu === undefined ? {} : { mtu: plan.mtu };
    this.#netem = plan.netem;
    this.#vlan = plan.vlan;
    this.#seats = plan.seats;
    this.gateways = plan.gateways;
    const { bridge, hosts } = partOf(this, () => this.#create(plan, args as LanArgs));
    this.bridge = bridge;
    this.hosts = hosts as HostsByName<Name>;
    const made = Object.entries(hosts);
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
   * It is an error if no address is available, as for the hosts that the LAN creates, or if the LAN does not span the node's lab host.
   */
  join(node: LabNode, args: Omit<LanMember, "node"> = {}): VethEnd | Vlan {
    return resultOf(this, () => {
      const { addresses, ...cable } = atArgument(this, "join", () => {
        const checks = new ArgumentChecks<LanMember>(this, { ...args, node }, MEMBER_ARGS);
        checks.end();
        if (this.#members.has(node)) throw new Error(isJoined(node, this.name));
        this.#span.check(node.name, node.host);
        return { ...args, addresses: seat(this.#seats, args, node.name) };
      });
      atArgument(this, "trunk", () => args.trunk?.check(node, this.#vlan));
      return this.#connect(node, addresses, this.gateways, cable);
    });
  }

  /** Creates the resources of the LAN. */
  #create({ span, gateways, ofBridge, ofRouter, hosts, members }: LanPlan, args: LanArgs) {
    const own = ofBridge === undefined ? {} : { addresses: ofBridge };
    const bridge = span.create(own, { ...this.#mtu, vlan: args.vlan }, { parent: this });
    if (args.bridge !== undefined && ofBridge !== undefined && args.vlan !== undefined)
      this.#addToBridge(bridge, args.vlan, ofBridge);
    if (args.router !== undefined) this.#connect(args.router, ofRouter, [], { trunk: args.trunk });
    const addressesOf = new Map(hosts.map(({ name, addresses }) => [name, addresses]));
    const made = hosts.map(({ name, addresses, host: place = span.first, ...cable }) => {
      const host = new Host(name, place === undefined ? {} : { host: place }, { parent: this });
      const pairs = (args.pairs ?? [])
        .filter(({ from }) => from === name)
        .map(({ to, netem }) => ({ to: (addressesOf.get(to) ?? []).map(withoutPrefixLength), ...netem }));
      this.#connect(host, addresses, gateways, { ...cable, pairs });
      return [name, host] as const;
    });
    for (const { node, addresses, ...cable } of members) this.#connect(node, addresses, gateways, cable);
    return { bridge, hosts: hostsByName(this.name, made) };
  }

  /** Creates the interface of a bridge of other LANs that has the gateway addresses of this one. */
  #addToBridge(link: Bridge, vid: number, addresses: string[]): void {
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
        : trunk.addVlan(port, node, this.#vlan, a, this);
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

/** The cable of a host: all of its arguments but the addresses, and its settings for pairs of hosts. */
interface Cable extends Unfilled<Omit<LanAddresses, "addresses">> {
  readonly trunk?: Trunk | undefined;
  readonly pairs?: readonly DestinationNetemArgs[] | undefined;
}

/** Returns the netem of a cable with settings for pairs, which come before those of the cable for the same destinations. */
const withPairs = (
  { perDestination, ...netem }: LinkNetemArgs = {},
  pairs: readonly DestinationNetemArgs[],
): LinkNetemArgs => ({
  ...netem,
  perDestination: pulumi.output(perDestination ?? []).apply((given) => [...pairs, ...given]),
});
