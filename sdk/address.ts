import * as pulumi from "@pulumi/pulumi";
import {
  type InterfaceRef,
  interfaceName,
  isIpv6,
  linkOf,
  namespaceOn,
  type Origin,
  originOf,
  placeOn,
} from "./interface.ts";
import type { Place } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { noteAddress } from "./route-dependencies.ts";

/** Arguments of an {@link Address}. */
export interface AddressArgs extends Adoptable {
  /** The interface that has the address: an end of a {@link Veth}, a {@link Bridge}, or the name of an interface. */
  interface: InterfaceRef;
  /**
   * The namespace of an interface that is given by its name.
   *
   * @default where the interface is; for a name, the lab host
   */
  namespace?: Place;
  /** The address with the length of its network's prefix, as `192.168.15.1/24` or `fd00:15::1/64`. */
  address: pulumi.Input<string>;
  /** The address of the other side of a point-to-point link, without a prefix length. */
  peer?: pulumi.Input<string>;
  /** The broadcast address. As with `ip`, there is none unless it is given. IPv4 only. */
  broadcast?: pulumi.Input<string>;
  /**
   * How far the address is valid: `global`, `link` or `host`. IPv4 only: in IPv6 it follows from the address.
   *
   * @default what `ip` chooses: `host` for a loopback address, else `global`
   */
  scope?: pulumi.Input<"global" | "link" | "host">;
}

/**
 * An address of an interface. An IPv6 address can be used at once, without the seconds of duplicate address detection.
 *
 * Equivalent to: `ip -n red address add 192.168.15.1/24 dev veth-red`
 *
 * @example
 * new Address("red-ip", { interface: wire.a, address: "192.168.15.1/24" });
 */
export class Address extends KernelResource {
  declare readonly interface: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly address: pulumi.Output<string>;
  declare readonly peer: pulumi.Output<string | undefined>;
  declare readonly broadcast: pulumi.Output<string | undefined>;
  declare readonly scope: pulumi.Output<"global" | "link" | "host" | undefined>;
  /** The address without its prefix length, as a route's `via` takes it. */
  readonly ip: pulumi.Output<string>;

  constructor(
    name: string,
    { interface: link, namespace, adopt, ...args }: AddressArgs,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const { address, peer } = args;
    const place = placeOn(link, namespace);
    const origin = originOf(link, place);
    const inputs = { ...args, interface: interfaceName(link), namespace: namespaceOn(link, namespace) };
    super("Address", name, inputs, opts, {
      after: origin === undefined ? [] : [origin.resource],
      on: origin === undefined ? [] : [linkUnder(origin, address)],
      adopt,
    });
    this.ip = this.address.apply((text) => text.split("/")[0] ?? text);
    noteAddress({ resource: this, link, place, address, peer, ip: this.ip });
  }
}

/** The link under an address: an IPv6 address also goes when the link loses its IPv6. */
const linkUnder = (origin: Origin, address: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.output(address).apply((text) => (isIpv6(text) ? linkOf(origin, "object", "ipv6") : linkOf(origin, "object")));
