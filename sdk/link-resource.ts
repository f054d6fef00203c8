import type * as pulumi from "@pulumi/pulumi";
import type { BridgePortArgs, PortSettings } from "./bridge-port.ts";
import { givenHost } from "./components/lab-host.ts";
import { givenArgs } from "./given-args.ts";
import {
  attachmentTo,
  endsOf,
  gatewayTableOf,
  type Interface,
  type InterfaceRef,
  interfaceAt,
  masterAt,
  masterTies,
  originOf,
  placeOn,
  recordInterface,
  recordReference,
  refuseOtherHost,
} from "./interface.ts";
import type { LinkNetemArgs, NetemSettings } from "./netem.ts";
import { hostOf, type Place, placeName } from "./place.ts";
import { reporting } from "./reported-errors.ts";
import { type Adoptable, type GetOptions, KernelResource } from "./resource.ts";
import { recordAddresses } from "./route-dependencies.ts";
import { defaultSettings, ipv6Switches } from "./sysctl-dependencies.ts";

/** Arguments that every kind of interface has. */
export interface InterfaceArgs {
  /**
   * The namespace of the interface.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The MAC address. The default is locally administered and stays the same when the interface is created again.
   *
   * @default derived from the stack, the namespace and the name
   */
  mac?: pulumi.Input<string>;
  /**
   * The master of the interface, for example the {@link Bridge} of which it is a port: a link in the same namespace, or its name.
   *
   * @default none
   */
  master?: InterfaceRef;
  /**
   * The settings of the interface as a port of the {@link Bridge} that is its `master`. The kernel drops them when the interface leaves
   * the bridge, and the provider sets them again when it joins one. Equivalent to `ip link set dev veth-red-br type bridge_slave …`.
   *
   * @default those of a new port
   */
  port?: BridgePortArgs;
  /**
   * Whether the interface is up. When an interface goes down, the kernel deletes its routes and IPv6 addresses.
   *
   * @default true
   */
  up?: pulumi.Input<boolean>;
  /**
   * An alternative name, which may be longer than `name`: 1 to 127 bytes, with the same rules. `ip` accepts both names. Equivalent to
   * `ip link property add dev v-net-0 altname office-lan`.
   *
   * @default none
   */
  altname?: pulumi.Input<string>;
  /**
   * The addresses of the interface with their prefix lengths, for example `192.168.15.5/24` or `fd00:15::5/64`. They are created and
   * deleted with the interface. An {@link Address} is a separate resource with more options (`peer`, `scope`, `broadcast`).
   *
   * @default none
   */
  addresses?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The gateways of default routes through the interface: at most one for each family, each in a network of `addresses`.
   *
   * @default none
   */
  gateways?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The number of the routing table of the default routes to `gateways`.
   *
   * @default the table of the {@link Vrf} that is the `master`; without one 254, the table `main`
   */
  gatewayTable?: pulumi.Input<number>;
  /**
   * Delay, jitter, loss and rate of the packets that leave through the interface, for example `{ delay: "20ms", loss: "1%" }`. For both
   * directions of a veth pair, give it to both ends. A {@link Netem} is a separate resource, also for packets that arrive. Equivalent to
   * `tc qdisc add dev veth-red root netem delay 20ms loss 1%`.
   *
   * @default none
   */
  netem?: LinkNetemArgs;
}

/** Arguments that every link takes. */
export interface LinkArgs extends InterfaceArgs, Adoptable {
  /**
   * The name of the interface: 1 to 15 bytes, without `/`, `\`, `:`, `%`, `*`, quotes or whitespace, and not starting with `-`.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * The MTU (the size of the largest packet), in bytes. Removing the argument later keeps the current MTU.
   *
   * @default chosen by the kernel
   */
  mtu?: pulumi.Input<number>;
}

/** Arguments of a link that is created on a parent link. The kernel deletes it with the parent. */
export interface ChildLinkArgs extends Omit<LinkArgs, "namespace"> {
  /** The parent link: an interface, or the name of one. */
  link: InterfaceRef;
  /**
   * The namespace of the parent. It is needed only for a parent that is given by its name.
   *
   * @default the parent's namespace; for a name, the lab host
   */
  linkNamespace?: Place;
  /**
   * The namespace of the link. It may differ from the parent's.
   *
   * @default the parent's namespace
   */
  namespace?: Place;
}

/** The relation of a kind of link to other links. */
interface Relation {
  /** The link whose deletion also deletes this one. */
  readonly on?: InterfaceRef | undefined;
  /** The namespace of the parent. */
  readonly place?: Place;
  /** Whether other links can have it as their master. */
  readonly isMaster?: boolean;
  /** Whether the kernel takes a link down and up when this link becomes its master, or no longer is. */
  readonly cyclesMembers?: boolean;
}

/** A link with a routing table of its own. */
interface RoutingTable {
  readonly table?: pulumi.Output<number>;
}

/** A resource that manages one link. */
export abstract class LinkResource extends KernelResource implements Interface {
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly mtu: pulumi.Output<number | undefined>;
  declare readonly master: pulumi.Output<string | undefined>;
  declare readonly port: pulumi.Output<PortSettings | undefined>;
  declare readonly up: pulumi.Output<boolean>;
  declare readonly altname: pulumi.Output<string | undefined>;
  declare readonly addresses: pulumi.Output<string[] | undefined>;
  declare readonly gateways: pulumi.Output<string[] | undefined>;
  declare readonly gatewayTable: pulumi.Output<number | undefined>;
  declare readonly netem: pulumi.Output<NetemSettings | undefined>;

  protected constructor(
    kind: string,
    name: string,
    given: LinkArgs,
    opts: pulumi.CustomResourceOptions,
    relation: Relation = {},
  ) {
    const { adopt, namespace: place, master: masterRef, ...args } = givenArgs(kind, name, given);
    const [master, parent] = [originOf(masterRef, place), originOf(relation.on, relation.place)];
    const inputs = {
      ...args,
      name: args.name ?? name,
      namespace: placeName(place),
      master: masterAt(masterRef, place),
      ...gatewayTableOf(args, master),
    };
    if (relation.on !== undefined) reporting(() => refuseOtherHost(relation.place, place));
    super(kind, name, inputs, opts, {
      host: hostOf(place),
      dependsOn: [...[master, parent].flatMap((origin) => origin?.resource ?? []), ...defaultSettings(place)],
      attachedTo: parent === undefined ? [] : [attachmentTo(parent, "object")],
      follows: [...masterTies(master), ...ipv6Switches(place)],
      adopt,
    });
    if (opts.id !== undefined) recordReference(this, place);
    else {
      const ends = endsOf({ name: inputs.name, namespace: place });
      const { isMaster = false, cyclesMembers = false } = relation;
      const origin = { resource: this, side: "self", name: inputs.name, place, master, ends, isMaster, cyclesMembers };
      recordInterface(this, cyclesMembers ? { ...origin, table: (this as RoutingTable).table } : origin);
    }
    recordAddresses({ resource: this, link: this, place }, args.addresses);
  }

  /**
   * Refers to an existing link that this program does not create. The id is the link's name on the lab host, or `namespace/name`.
   * The link is read at each preview and never changed.
   */
  static get<Link extends LinkResource>(
    this: new (
      name: string,
      args: never,
      opts: pulumi.CustomResourceOptions,
    ) => Link,
    name: string,
    id: pulumi.Input<pulumi.ID>,
    { host, ...opts }: GetOptions = {},
  ): Link {
    return new this(name, { namespace: givenHost(this.name, name, host) } as never, { ...opts, id });
  }
}

/** A resource that manages one link on a parent link. */
export abstract class ChildLinkResource extends LinkResource {
  declare readonly link: pulumi.Output<string>;
  declare readonly linkNamespace: pulumi.Output<string | undefined>;

  protected constructor(kind: string, name: string, given: ChildLinkArgs, opts: pulumi.CustomResourceOptions) {
    const { link, linkNamespace, namespace, ...args } = givenArgs(kind, name, given);
    const place = placeOn(link, linkNamespace);
    const own = {
      ...args,
      namespace: namespace ?? place,
      link: interfaceAt(link, place),
      linkNamespace: placeName(place),
    };
    super(kind, name, own, opts, { on: link, place });
  }
}
