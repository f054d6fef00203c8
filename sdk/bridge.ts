import type * as pulumi from "@pulumi/pulumi";
import { endsOf, type Interface, register } from "./interface.ts";
import { type Place, placeName } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { noteAddresses } from "./route-dependencies.ts";
import { defaultSettings, ipv6Switches } from "./sysctl-dependencies.ts";

/** Arguments of a {@link Bridge}. */
export interface BridgeArgs extends Adoptable {
  /**
   * The interface's name: 1 to 15 bytes without `/`, `\`, `:`, `%`, `*`, quotes or
   * whitespace, and not beginning with `-`.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * The namespace that the bridge is in.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The hardware address. The default is locally administered and stays the same when the bridge is made again.
   *
   * @default one that follows from the stack, the namespace and the name
   */
  mac?: pulumi.Input<string>;
  /**
   * The largest packet, in bytes. Left out, the kernel keeps it at the smallest MTU of the ports; left out again after it
   * was given, it stays as it is.
   */
  mtu?: pulumi.Input<number>;
  /**
   * Whether the bridge speaks the spanning tree protocol. It needs that only where bridges form a ring.
   *
   * @default false
   */
  stp?: pulumi.Input<boolean>;
  /**
   * Whether the bridge keeps VLANs apart. The kernel must have been built for it.
   *
   * @default false
   */
  vlanFiltering?: pulumi.Input<boolean>;
  /**
   * Whether the bridge is up.
   *
   * @default true
   */
  up?: pulumi.Input<boolean>;
  /**
   * A second name, which may be longer: 1 to 127 bytes under the rules of `name`. `ip` takes either. As with
   * `ip link property add dev v-net-0 altname office-lan`.
   *
   * @default none
   */
  altname?: pulumi.Input<string>;
  /**
   * The bridge's own addresses, as `192.168.15.5/24` or `fd00:15::5/64`. They come and go with it, and save a resource each.
   *
   * @default none
   */
  addresses?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A bridge: a switch whose ports are the interfaces that name it as their `master`. With an address of its own it is also
 * an interface of the place that it is in.
 *
 * Equivalent to: `ip link add v-net-0 type bridge && ip link set v-net-0 up`
 *
 * @example
 * const lan = new Bridge("v-net-0");
 */
export class Bridge extends KernelResource implements Interface {
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly mac: pulumi.Output<string>;
  declare readonly mtu: pulumi.Output<number | undefined>;
  declare readonly stp: pulumi.Output<boolean>;
  declare readonly vlanFiltering: pulumi.Output<boolean>;
  declare readonly up: pulumi.Output<boolean>;
  declare readonly altname: pulumi.Output<string | undefined>;
  declare readonly addresses: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: BridgeArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const { namespace: place, mac, mtu, stp, vlanFiltering, up, altname, addresses } = args;
    const inputs = {
      name: args.name ?? name,
      namespace: placeName(place),
      mac,
      mtu,
      stp,
      vlanFiltering,
      up,
      altname,
      addresses,
    };
    super("Bridge", name, { ...inputs, __generations: undefined }, opts, {
      after: defaultSettings(place),
      follows: ipv6Switches(place),
      adopt: args.adopt,
    });
    if (opts.id === undefined) {
      const ends = endsOf({ name: inputs.name, namespace: place });
      register(this, { resource: this, side: "self", name: inputs.name, place, ends });
    }
    noteAddresses({ resource: this, link: this, place }, addresses);
  }

  /**
   * A bridge that this program does not make, by its id: its name, behind its namespace and a slash if it is in one. It can
   * be referred to, and is never changed.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Bridge {
    return new Bridge(name, {}, { ...opts, id });
  }
}
