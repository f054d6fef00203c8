import * as pulumi from "@pulumi/pulumi";
import { withoutPrefixLength } from "../provider/cidr.ts";
import { givenArgs } from "./given-args.ts";
import { attachmentWith, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import { hostOf, type Place } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { recordAddress } from "./route-dependencies.ts";

/** Arguments of an {@link Address}. */
export interface AddressArgs extends Adoptable {
  /** The interface of the address: an end of a {@link Veth}, a {@link Bridge} or another link, or the name of an interface. */
  interface: InterfaceRef;
  /**
   * The namespace of the interface. It is needed only for an interface that is given by its name.
   *
   * @default the interface's namespace; for a name, the lab host
   */
  namespace?: Place;
  /** The address and its prefix length, for example `192.168.15.1/24` or `fd00:15::1/64`. */
  address: pulumi.Input<string>;
  /** The peer's address on a point-to-point link, without a prefix length. */
  peer?: pulumi.Input<string>;
  /**
   * The broadcast address. IPv4 only.
   *
   * @default none, as with `ip address add`
   */
  broadcast?: pulumi.Input<string>;
  /**
   * The scope of the address. IPv4 only: in IPv6 the address determines the scope.
   *
   * @default `host` for a loopback address, otherwise `global`, as with `ip address add`
   */
  scope?: pulumi.Input<"global" | "link" | "host">;
}

/**
 * An IPv4 or IPv6 address of an interface. IPv6 addresses are added without duplicate address detection, so they can be used at
 * once.
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
  /** The address without its prefix length, for example for the `via` of a {@link Route}. */
  readonly ip: pulumi.Output<string>;

  constructor(name: string, given: AddressArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { interface: link, namespace, adopt, ...args } = givenArgs("Address", name, given);
    const { address, peer } = args;
    const place = placeOn(link, namespace);
    const origin = originOf(link, place);
    const inputs = { ...args, interface: interfaceAt(link, place), namespace: namespaceOn(link, namespace) };
    super("Address", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: origin === undefined ? [] : [origin.resource],
      attachedTo: origin === undefined ? [] : [attachmentWith(origin, [address], "object")],
      adopt,
    });
    this.ip = this.address.apply(withoutPrefixLength);
    recordAddress({ resource: this, link, place, address, peer, ip: this.ip });
  }
}
