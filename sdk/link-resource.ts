import type * as pulumi from "@pulumi/pulumi";
import {
  endsOf,
  type Interface,
  type InterfaceRef,
  interfaceName,
  linkOf,
  originOf,
  placeOn,
  register,
} from "./interface.ts";
import { type Place, placeName } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { noteAddresses } from "./route-dependencies.ts";
import { defaultSettings, ipv6Switches } from "./sysctl-dependencies.ts";

/** The arguments that an interface has at least, whatever its kind. */
export interface InterfaceArgs {
  /**
   * The namespace that the interface is in.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The hardware address. The default is locally administered and stays the same when the interface is made again.
   *
   * @default one that follows from the stack, the namespace and the name
   */
  mac?: pulumi.Input<string>;
  /** The master of the interface, such as the {@link Bridge} that it is a port of: a link in the same namespace, or its name. */
  master?: InterfaceRef;
  /**
   * Whether the interface is up. The kernel drops the routes and IPv6 addresses of an interface that goes down.
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
   * The interface's addresses, as `192.168.15.5/24` or `fd00:15::5/64`. They are created and deleted with the interface, and save
   * a resource each; an {@link Address} has more options (`peer`, `scope`, `broadcast`).
   *
   * @default none
   */
  addresses?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The gateways of the default routes over the interface, at most one of each family, each in a network of `addresses`.
   *
   * @default none
   */
  gateways?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The arguments that every link takes. */
export interface LinkArgs extends InterfaceArgs, Adoptable {
  /**
   * The interface's name: 1 to 15 bytes without `/`, `\`, `:`, `%`, `*`, quotes or whitespace, and not beginning with `-`.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * The largest packet, in bytes. Left out, the kernel chooses it; left out again after it was given, it stays as it is.
   *
   * @default what the kernel chooses
   */
  mtu?: pulumi.Input<number>;
}

/** The arguments of a link that stands on another one, its parent, and goes with it. */
export interface ChildLinkArgs extends Omit<LinkArgs, "namespace"> {
  /** The parent: an interface, or the name of one. */
  link: InterfaceRef;
  /**
   * The namespace of the parent.
   *
   * @default where the interface is; for a name, the lab host
   */
  linkNamespace?: Place;
  /**
   * The namespace that the link is in. It may be another one than the parent's.
   *
   * @default the parent's
   */
  namespace?: Place;
}

/** What a link stands on. */
interface Base {
  /** The link that takes this one along when it goes. */
  readonly on?: InterfaceRef | undefined;
  /** The namespace of that link. */
  readonly place?: Place;
}

/** A resource whose object is one link. */
export abstract class LinkResource extends KernelResource implements Interface {
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly mac: pulumi.Output<string>;
  declare readonly mtu: pulumi.Output<number | undefined>;
  declare readonly master: pulumi.Output<string | undefined>;
  declare readonly up: pulumi.Output<boolean>;
  declare readonly altname: pulumi.Output<string | undefined>;
  declare readonly addresses: pulumi.Output<string[] | undefined>;
  declare readonly gateways: pulumi.Output<string[] | undefined>;

  protected constructor(
    kind: string,
    name: string,
    { adopt, namespace: place, master: masterRef, ...args }: LinkArgs,
    opts: pulumi.CustomResourceOptions,
    base: Base = {},
  ) {
    const inputs = {
      ...args,
      name: args.name ?? name,
      namespace: placeName(place),
      master: interfaceName(masterRef),
    };
    const [master, parent] = [originOf(masterRef, place), originOf(base.on, base.place)];
    super(kind, name, inputs, opts, {
      after: [...[master, parent].flatMap((origin) => origin?.resource ?? []), ...defaultSettings(place)],
      on: parent === undefined ? [] : [linkOf(parent, "object")],
      follows: [...(master === undefined ? [] : [linkOf(master, "object")]), ...ipv6Switches(place)],
      adopt,
    });
    if (opts.id === undefined) {
      const ends = endsOf({ name: inputs.name, namespace: place });
      register(this, { resource: this, side: "self", name: inputs.name, place, ends });
    }
    noteAddresses({ resource: this, link: this, place }, args.addresses);
  }

  /**
   * Refers to a link that this program does not make, by its id: its name, behind its namespace and a slash if it is in one. The
   * link is read at each preview and never changed.
   */
  static get<Link extends LinkResource>(
    this: new (
      name: string,
      args: never,
      opts: pulumi.CustomResourceOptions,
    ) => Link,
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts: pulumi.CustomResourceOptions = {},
  ): Link {
    return new this(name, {} as never, { ...opts, id });
  }
}

/** A link that stands on another one. */
export abstract class ChildLinkResource extends LinkResource {
  declare readonly link: pulumi.Output<string>;
  declare readonly linkNamespace: pulumi.Output<string | undefined>;

  protected constructor(
    kind: string,
    name: string,
    { link, linkNamespace, namespace, ...args }: ChildLinkArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    const place = placeOn(link, linkNamespace);
    const own = {
      ...args,
      namespace: namespace ?? place,
      link: interfaceName(link),
      linkNamespace: placeName(place),
    };
    super(kind, name, own, opts, { on: link, place });
  }
}
