import * as pulumi from "@pulumi/pulumi";
import { publicKeyOf } from "../provider/wire-guard-key.ts";
import { givenArgs } from "./given-args.ts";
import { type LinkArgs, LinkResource } from "./link-resource.ts";
import type { Place } from "./place.ts";
import { underlayName } from "./underlay.ts";

/** A peer of a {@link WireGuard} interface. */
export interface WireGuardPeerArgs {
  /** The public key of the peer, for example the `publicKey` of another WireGuard interface of the program. */
  publicKey: pulumi.Input<string>;
  /**
   * A key that both peers share, in addition to their own. The stack's state and the output of Pulumi treat it as a secret.
   *
   * @default none
   */
  presharedKey?: pulumi.Input<string>;
  /**
   * The networks behind the peer: packets to them go to this peer, and packets from the peer must come from them. Each network belongs
   * to one peer. Routes to them are added with `routes`, or declared with {@link Route}.
   *
   * @default none
   */
  allowedIps?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The address and the UDP port of the peer, for example `192.168.1.3:51820` or `[fd00::2]:51820`. Host names are not allowed. The
   * kernel replaces it when packets of the peer come from elsewhere. The change is drift, which `pulumi up --refresh` reverts.
   *
   * @default learned from the packets of the peer
   */
  endpoint?: pulumi.Input<string>;
  /**
   * The interval of packets that keep the peer's firewall open, in seconds; 0 for none.
   *
   * @default 0
   */
  persistentKeepalive?: pulumi.Input<number>;
}

/** A peer of a WireGuard interface, as an output. */
export interface WireGuardPeer {
  publicKey: string;
  presharedKey?: string | undefined;
  allowedIps?: string[] | undefined;
  endpoint?: string | undefined;
  persistentKeepalive: number;
}

/** Arguments of a {@link WireGuard}. */
export interface WireGuardArgs extends Omit<LinkArgs, "mac"> {
  /**
   * The private key, as `wg genkey` prints it. The stack's state and the output of Pulumi treat it as a secret. Without it, a key is generated
   * when the interface is created, and kept in the state until the resource is replaced, for example with `pulumi up --replace`.
   *
   * @default generated once
   */
  privateKey?: pulumi.Input<string>;
  /**
   * The UDP port that the interface receives packets at. Removing the argument later keeps the current port.
   *
   * @default chosen by the kernel
   */
  listenPort?: pulumi.Input<number>;
  /**
   * The firewall mark of the tunnel's own packets, for routing rules; 0 for none.
   *
   * @default 0
   */
  fwmark?: pulumi.Input<number>;
  /**
   * The peers of the interface.
   *
   * @default none
   */
  peers?: pulumi.Input<pulumi.Input<WireGuardPeerArgs>[]>;
  /**
   * Whether the allowed IPs of the peers are also the destinations of routes over the interface, as `wg-quick` adds them, in the routing table
   * `gatewayTable`. A default route needs an `underlay`: without one it would also carry the tunnel's own packets.
   *
   * Equivalent to: `ip route add 10.255.0.2/32 dev wg0`, for each network
   *
   * @default false
   */
  routes?: pulumi.Input<boolean>;
  /**
   * The namespace whose addresses and routes carry the tunnel's packets, or `/` for the lab host. `listenPort` is a port of this
   * namespace. Equivalent to `ip link add wg0 netns red type wireguard`.
   *
   * @default the namespace of the interface
   */
  underlay?: Place;
}

/**
 * A WireGuard interface: an encrypted tunnel to its peers. The addresses and routes of the namespace carry its packets, or those of
 * another one, its `underlay`. It needs the command `wg` on the lab host, of the package wireguard-tools.
 *
 * Equivalent to: `ip link add wg0 type wireguard && wg setconf wg0 wg0.conf && ip link set wg0 up`
 *
 * @example
 * import { Config } from "@pulumi/pulumi";
 * const config = new Config();
 * const site = new WireGuard("wg0", {
 *   privateKey: config.requireSecret("siteKey"),
 *   listenPort: 51820,
 *   addresses: ["10.255.0.1/24"],
 *   peers: [{ publicKey: config.require("peerKey"), endpoint: "192.168.1.3:51820", allowedIps: ["10.255.0.2/32"] }],
 * });
 */
export class WireGuard extends LinkResource {
  declare readonly privateKey: pulumi.Output<string>;
  declare readonly listenPort: pulumi.Output<number | undefined>;
  declare readonly fwmark: pulumi.Output<number>;
  declare readonly peers: pulumi.Output<WireGuardPeer[] | undefined>;
  declare readonly routes: pulumi.Output<boolean>;
  declare readonly underlay: pulumi.Output<string | undefined>;
  /** The public key, which belongs to the private key. It is known at preview, unless the private key is yet to be generated. */
  readonly publicKey: pulumi.Output<string>;

  constructor(name: string, given: WireGuardArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const { underlay, ...args } = givenArgs("WireGuard", name, given);
    // The provider generates a key in place of an empty one. The base class marks this argument as a secret.
    const { privateKey = "", namespace } = args;
    const own = { ...args, underlay: underlayName(underlay, namespace), privateKey };
    super("WireGuard", name, own, opts);
    const key = opts.id === undefined ? args.privateKey : undefined;
    // A preview generates another key than the up, so the key is unknown until the create, as the id is.
    this.publicKey = WireGuard.publicKeyOf(key ?? pulumi.all([this.privateKey, this.id]).apply(([key]) => key));
  }

  /**
   * Returns the public key that belongs to a private key, for example for two interfaces that are peers of each other. It is known at
   * preview.
   */
  static publicKeyOf(privateKey: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.unsecret(pulumi.output(privateKey)).apply(publicKeyOf);
  }
}
