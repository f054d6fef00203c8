import type * as pulumi from "@pulumi/pulumi";
import { endsOf, type Interface, type InterfaceRef, interfaceName, register } from "./interface.ts";
import { endOf, type Place, placeName } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments of one end of a {@link Veth}. */
export interface VethEndArgs {
  /**
   * The interface's name: 1 to 15 bytes without `/`, `\`, `:`, `%`, `*`, quotes or whitespace, and not beginning with `-`.
   */
  name: pulumi.Input<string>;
  /**
   * The namespace that the end is in.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The hardware address. The default is locally administered and stays the same when the pair is made again.
   *
   * @default one that follows from the stack, the namespace and the name
   */
  mac?: pulumi.Input<string>;
  /**
   * The largest packet, in bytes.
   *
   * @default 1500
   */
  mtu?: pulumi.Input<number>;
  /** The bridge that the end is a port of: a {@link Bridge} in the same namespace, or its name. */
  master?: InterfaceRef;
  /**
   * Whether the end is up. The kernel drops the routes and IPv6 addresses of an interface that goes down.
   *
   * @default true
   */
  up?: pulumi.Input<boolean>;
}

/** Arguments of a {@link Veth}. */
export interface VethArgs extends Adoptable {
  /** The one end. */
  a: VethEndArgs;
  /** The other end. */
  b: VethEndArgs;
}

/** One end of a {@link Veth}, to be given wherever an interface is asked for. */
export interface VethEnd extends Interface {
  readonly mac: pulumi.Output<string>;
  readonly mtu: pulumi.Output<number>;
  readonly master: pulumi.Output<string | undefined>;
  readonly up: pulumi.Output<boolean>;
}

/**
 * A veth pair: a cable with an interface at each end, and each end in the namespace that it is for. When one end goes,
 * the kernel takes the other.
 *
 * Equivalent to: `ip link add veth-red netns red type veth peer name veth-blue netns blue`
 *
 * @example
 * const wire = new Veth("red-blue", {
 *   a: { name: "veth-red", namespace: red },
 *   b: { name: "veth-blue", namespace: blue },
 * });
 */
export class Veth extends KernelResource {
  declare readonly a: VethEnd;
  declare readonly b: VethEnd;

  constructor(name: string, args: VethArgs, opts: pulumi.CustomResourceOptions = {}) {
    const deletedWith = endOf(args.a.namespace) ?? endOf(args.b.namespace);
    super("Veth", name, { a: input(args.a), b: input(args.b) }, opts, { deletedWith, adopt: args.adopt });
    const ends = endsOf(args.a, args.b);
    for (const side of ["a", "b"] as const) {
      const end = output(this[side] as unknown as pulumi.Output<EndState>);
      if (opts.id === undefined) register(end, { resource: this, ends, place: args[side].namespace });
      Object.assign(this, { [side]: end });
    }
  }

  /**
   * A pair that this program does not make, by its id: its ends with a colon between them, each as its namespace, a slash
   * and its name, or only its name on the lab host. It can be referred to, and is never changed.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Veth {
    return new Veth(name, { a: { name }, b: { name } }, { ...opts, id });
  }
}

interface EndState {
  readonly name: string;
  readonly namespace?: string;
  readonly mac: string;
  readonly mtu: number;
  readonly master?: string;
  readonly up: boolean;
}

const input = ({ namespace, master, ...rest }: VethEndArgs): pulumi.Inputs => ({
  ...rest,
  namespace: placeName(namespace),
  master: master === undefined ? undefined : interfaceName(master),
});

const output = (end: pulumi.Output<EndState>): VethEnd => ({
  name: end.apply(({ name }) => name),
  namespace: end.apply(({ namespace }) => namespace),
  mac: end.apply(({ mac }) => mac),
  mtu: end.apply(({ mtu }) => mtu),
  master: end.apply(({ master }) => master),
  up: end.apply(({ up }) => up),
});
