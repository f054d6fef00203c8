import * as pulumi from "@pulumi/pulumi";
import { Bridge } from "../bridge.ts";
import { Veth, type VethEnd } from "../veth.ts";
import { withArgument } from "./fault.ts";
import { Host } from "./host.ts";
import { interfaceNames } from "./names.ts";
import type { LabNode } from "./node.ts";
import type { Router } from "./router.ts";
import { Seats } from "./seats.ts";

/** Arguments of a {@link Lan}. */
export interface LanArgs<Name extends string = string> {
  /** The networks of the LAN, usually one of each family: `["192.168.15.0/24", "fd00:15::/64"]`. */
  networks: readonly string[];
  /**
   * The addresses of the gateway that the hosts' default routes lead to. An empty list is no gateway.
   *
   * @default the first address of each network
   */
  gateways?: readonly string[];
  /**
   * The router that has the gateways' addresses. In a network in which none is a gateway's, it gets one as a host does.
   *
   * @default none: the bridge has the gateways' addresses, and with it the lab host
   */
  router?: Router;
  /**
   * The hosts to make: by name, or with addresses of their own, without prefix lengths. In a network in which a host is
   * given no address, it gets one that follows from its name.
   *
   * @default none
   */
  hosts?: readonly (Name | LanHost<Name>)[];
  /**
   * The largest packet of the bridge and of all its cables, in bytes.
   *
   * @default what the kernel gives: 1500
   */
  mtu?: pulumi.Input<number>;
}

/** A host of a {@link Lan} with addresses of its own. */
export interface LanHost<Name extends string = string> extends LanAddresses {
  name: Name;
}

/** Which addresses of a {@link Lan} a host is to have. */
export interface LanAddresses {
  /** The addresses, without prefix lengths. */
  addresses: readonly string[];
}

/**
 * A LAN: a bridge on the lab host, its hosts, and their addresses and default routes.
 *
 * An address that is not given follows from the host's name: one hash of it is the number to begin with, another the
 * stride to the next number, until one is free. So it stays when other hosts come and go. Only where two hosts come upon
 * the same number does the order count: the one that is first in the program keeps it. So a host that is added behind the
 * others never moves one, and one in their midst seldom: in a /24 its chance is 1 in 254 for each host behind it, in IPv6
 * 1 in 4 billion, and the preview shows it. `addresses` fixes a host's for good; they are set aside before any other.
 *
 * @throws Error when a network has no room left, and when an address is not the LAN's or is another's.
 *
 * @example
 * const lan = new Lan("v-net-0", {
 *   networks: ["192.168.15.0/24", "fd00:15::/64"],
 *   hosts: ["red", { name: "blue", addresses: ["192.168.15.2"] }],
 * });
 * export const red = lan.hosts.red.address;
 */
export class Lan<const Name extends string = string> extends pulumi.ComponentResource {
  /** The name of the component. */
  readonly name: string;
  readonly bridge: Bridge;
  /** The hosts that the LAN has made, by their names. */
  readonly hosts: Readonly<Record<Name, Host>>;
  /** The addresses of the gateway, without prefix lengths. */
  readonly gateways: readonly string[];
  readonly #seats: Seats;
  readonly #mtu: { mtu?: pulumi.Input<number> };

  constructor(name: string, args: LanArgs<Name>, opts: pulumi.ComponentResourceOptions = {}) {
    super("netns:lab:Lan", name, {}, opts);
    const { networks, router, mtu } = args;
    this.name = name;
    this.#mtu = mtu === undefined ? {} : { mtu };
    this.#seats = withArgument(this, "networks", () => new Seats(name, networks));
    this.gateways = args.gateways ?? this.#seats.firsts;

    const holder = router === undefined ? "the gateway" : router.name;
    const gateways = withArgument(this, "gateways", () => this.#seats.reserve(this.gateways, holder));
    const hosts = (args.hosts ?? []).map((host) => (typeof host === "string" ? { name: host, addresses: [] } : host));
    const reserved = withArgument(this, "hosts", () =>
      hosts.map((host) => ({ ...host, addresses: this.#seats.reserve(host.addresses, host.name) })),
    );

    const own = router === undefined && gateways.length > 0 ? { addresses: gateways } : {};
    this.bridge = new Bridge(name, { ...interfaceNames(name), ...own, ...this.#mtu }, { parent: this });
    if (router !== undefined) this.#connect(router, this.#complete("networks", gateways, router.name), []);
    const made = reserved.map(({ name, addresses }) => {
      const host = new Host(name, {}, { parent: this });
      this.#connect(host, this.#complete("networks", addresses, name), this.gateways);
      return [name, host] as const;
    });
    this.hosts = Object.fromEntries(made) as Record<Name, Host>;
    this.registerOutputs({ bridge: this.bridge.name, gateways: this.gateways });
  }

  /** The first of the gateway's addresses; undefined where there is none. */
  get gateway(): string | undefined {
    return this.gateways[0];
  }

  /**
   * Connects a host or a router that the program has made, and gives its interface in the LAN.
   *
   * @throws Error when there is no address for it, as for the hosts that the LAN makes.
   */
  join(node: LabNode, { addresses }: LanAddresses = { addresses: [] }): VethEnd {
    const own = withArgument(this, "join", () => this.#seats.reserve(addresses, node.name));
    return this.#connect(node, this.#complete("join", own, node.name), this.gateways);
  }

  #complete(argument: string, addresses: readonly string[], holder: string): string[] {
    return withArgument(this, argument, () => this.#seats.complete(addresses, holder));
  }

  #connect(node: LabNode, addresses: readonly string[], gateways: readonly string[]): VethEnd {
    const port = `${this.name}-${node.name}`;
    const a = node.plug({ name: this.name, addresses, gateways, ...this.#mtu });
    const b = { ...interfaceNames(port), master: this.bridge, ...this.#mtu };
    return new Veth(port, { a, b }, { parent: this }).a;
  }
}
