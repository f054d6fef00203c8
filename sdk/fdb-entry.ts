import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { attachmentTo, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import { hostOf, type Place } from "./place.ts";
import { checkArgument } from "./program-error.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments of an {@link FdbEntry}. */
export interface FdbEntryArgs extends Adoptable {
  /** The interface through which the MAC address is reached: a port of a {@link Bridge}, or with `dst` a {@link Vxlan}; or its name. */
  interface: InterfaceRef;
  /**
   * The namespace of the interface. It is needed only for an interface that is given by its name.
   *
   * @default the interface's namespace; for a name, the lab host
   */
  namespace?: Place;
  /**
   * The MAC address, for example `02:00:00:00:00:09`. With `srcVni`, `00:00:00:00:00:00` stands for broadcasts and frames to unknown
   * addresses: each such entry is one of the remote ends to which the tunnel sends them (head-end replication).
   */
  lladdr: pulumi.Input<string>;
  /** The VLAN of the entry, on a bridge that filters VLANs. Only without `dst`. */
  vlan?: pulumi.Input<number>;
  /**
   * Whether the entry stays when a frame from the address arrives through another port. Only without `dst`.
   *
   * @default false
   */
  sticky?: pulumi.Input<boolean>;
  /** The address of the remote end of the tunnel behind which the MAC address is. The entry is then in the database of the {@link Vxlan}. */
  dst?: pulumi.Input<string>;
  /**
   * The VNI of the frames that the entry is for, in the database of a {@link Vxlan} with `external`, which requires it. Only with `dst`.
   * Equivalent to `bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.2 src_vni 1010`.
   *
   * @default none
   */
  srcVni?: pulumi.Input<number>;
  /**
   * The UDP port of the remote end. Only with `dst`.
   *
   * @default the tunnel's
   */
  port?: pulumi.Input<number>;
  /**
   * The VNI with which the remote end receives the frames. Only with `dst`.
   *
   * @default `srcVni`, or the tunnel's
   */
  vni?: pulumi.Input<number>;
  /**
   * The outgoing interface to the remote end. Only with `dst`.
   *
   * @default the tunnel's, or the one of the route
   */
  via?: InterfaceRef;
}

/**
 * A static entry in a forwarding database (FDB): the port of a bridge, or the remote end of a VXLAN tunnel, behind which a MAC address
 * is. The kernel deletes the entry when the port leaves its bridge; the entry is created again then.
 *
 * Equivalent to: `bridge fdb add 02:00:00:00:00:09 dev veth-red-br master static`, or for a tunnel
 * `bridge fdb add 02:00:00:00:00:09 dev vx0 dst 10.0.0.2 self permanent`
 *
 * @example
 * new FdbEntry("printer", { interface: wire.b, lladdr: "02:00:00:00:00:09" });
 */
export class FdbEntry extends KernelResource {
  declare readonly interface: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly lladdr: pulumi.Output<string>;
  declare readonly vlan: pulumi.Output<number | undefined>;
  declare readonly sticky: pulumi.Output<boolean>;
  declare readonly dst: pulumi.Output<string | undefined>;
  declare readonly srcVni: pulumi.Output<number | undefined>;
  declare readonly port: pulumi.Output<number | undefined>;
  declare readonly vni: pulumi.Output<number | undefined>;
  declare readonly via: pulumi.Output<string | undefined>;

  constructor(name: string, given: FdbEntryArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { interface: link, namespace, adopt, via, ...args } = givenArgs("FdbEntry", name, given);
    const place = placeOn(link, namespace);
    checkArgument(`FdbEntry ${name}: property via`, () => interfaceAt(via, place));
    const [origin, out] = [originOf(link, place), originOf(via, place)];
    const { master } = origin ?? {};
    const inputs = {
      ...args,
      interface: interfaceAt(link, place),
      namespace: namespaceOn(link, namespace),
      via: interfaceAt(via, place),
    };
    super("FdbEntry", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: [origin, out].flatMap((one) => one?.resource ?? []),
      attachedTo: [
        ...(origin === undefined ? [] : [attachmentTo(origin, "object", "membership")]),
        ...(master === undefined ? [] : [attachmentTo(master, "object")]),
      ],
      adopt,
    });
  }
}
