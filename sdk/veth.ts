import type * as pulumi from "@pulumi/pulumi";
import type { PortSettings } from "./bridge-port.ts";
import { givenHost } from "./components/lab-host.ts";
import { givenArgs } from "./given-args.ts";
import {
  endsOf,
  gatewayTableOf,
  type Interface,
  masterAt,
  masterTies,
  originOf,
  recordInterface,
  recordReference,
  refuseOtherHost,
} from "./interface.ts";
import type { InterfaceArgs } from "./link-resource.ts";
import type { NetemSettings } from "./netem.ts";
import { hostOf, placeName } from "./place.ts";
import { reporting } from "./reported-errors.ts";
import { type Adoptable, type GetOptions, KernelResource } from "./resource.ts";
import { recordAddresses } from "./route-dependencies.ts";
import { defaultSettings, ipv6Switches } from "./sysctl-dependencies.ts";

/** Arguments of one end of a {@link Veth}. */
export interface VethEndArgs extends InterfaceArgs {
  /**
   * The name of the interface: 1 to 15 bytes, without `/`, `\`, `:`, `%`, `*`, quotes or whitespace, and not starting with `-`.
   */
  name: pulumi.Input<string>;
  /**
   * The MTU (the size of the largest packet), in bytes.
   *
   * @default 1500
   */
  mtu?: pulumi.Input<number>;
}

/** Arguments of a {@link Veth}. */
export interface VethArgs extends Adoptable {
  /** The first end. */
  a: VethEndArgs;
  /** The second end. */
  b: VethEndArgs;
}

/** One end of a {@link Veth}. It can be used wherever an interface is required. */
export interface VethEnd extends Interface {
  readonly mac: pulumi.Output<string>;
  readonly mtu: pulumi.Output<number>;
  readonly master: pulumi.Output<string | undefined>;
  readonly port: pulumi.Output<PortSettings | undefined>;
  readonly up: pulumi.Output<boolean>;
  readonly altname: pulumi.Output<string | undefined>;
  readonly addresses: pulumi.Output<string[] | undefined>;
  readonly gateways: pulumi.Output<string[] | undefined>;
  readonly gatewayTable: pulumi.Output<number | undefined>;
  readonly netem: pulumi.Output<NetemSettings | undefined>;
}

/**
 * A veth pair: two interfaces connected like the ends of a cable, each in its own namespace. Deleting one end deletes the other.
 *
 * Equivalent to: `ip link add veth-red netns red type veth peer name veth-blue netns blue`
 *
 * @example
 * const wire = new Veth("red-blue", {
 *   a: { name: "veth-red", namespace: red, addresses: ["192.168.15.1/24"] },
 *   b: { name: "veth-blue", namespace: blue, addresses: ["192.168.15.2/24"], gateways: ["192.168.15.1"] },
 * });
 */
export class Veth extends KernelResource {
  declare readonly a: VethEnd;
  declare readonly b: VethEnd;

  constructor(name: string, args: VethArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { a: one, b: other, adopt, ...more }: Partial<VethArgs> = givenArgs("Veth", name, args);
    const [a, b] = [givenEnd(one), givenEnd(other)];
    reporting(() => refuseOtherHost(a.namespace, b.namespace));
    const masters = [a, b].flatMap((end) => originOf(end.master, end.namespace) ?? []);
    super("Veth", name, { ...more, a: input(a), b: input(b) }, opts, {
      host: hostOf(a.namespace),
      dependsOn: [
        ...masters.map(({ resource }) => resource),
        ...[a, b].flatMap(({ namespace }) => defaultSettings(namespace)),
      ],
      follows: [...masters.flatMap(masterTies), ...[a, b].flatMap(({ namespace }) => ipv6Switches(namespace))],
      adopt,
    });
    const ends = endsOf(a, b);
    for (const side of ["a", "b"] as const) {
      const end = output(this[side] as unknown as pulumi.Output<EndState>);
      const { name: own, namespace: place, master, addresses } = { a, b }[side];
      const origin = { resource: this, side, name: own, place, master: originOf(master, place), ends };
      if (opts.id === undefined) recordInterface(end, origin);
      else recordReference(end, place);
      recordAddresses({ resource: this, link: end, place }, addresses);
      Object.assign(this, { [side]: end });
    }
  }

  /**
   * Refers to an existing pair that this program does not create. The id consists of both ends, separated by a colon: each is
   * `namespace/name`, or only the name on the lab host. The pair is never changed.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, { host, ...opts }: GetOptions = {}): Veth {
    const end = { name, namespace: givenHost("Veth", name, host) };
    return new Veth(name, { a: end, b: end }, { ...opts, id });
  }
}

/** Returns an end, which a program without types may omit. The provider then reports that its name is missing. */
const givenEnd = (end: VethEndArgs | null | undefined): VethEndArgs => end ?? ({} as VethEndArgs);

interface EndState {
  readonly name: string;
  readonly namespace?: string;
  readonly mac: string;
  readonly mtu: number;
  readonly master?: string;
  readonly port?: PortSettings;
  readonly up: boolean;
  readonly altname?: string;
  readonly addresses?: string[];
  readonly gateways?: string[];
  readonly gatewayTable?: number;
  readonly netem?: NetemSettings;
}

const input = ({ namespace, master, ...rest }: VethEndArgs): pulumi.Inputs => ({
  ...rest,
  namespace: placeName(namespace),
  master: masterAt(master, namespace),
  ...gatewayTableOf(rest, originOf(master, namespace)),
});

const output = (end: pulumi.Output<EndState>): VethEnd => ({
  name: end.apply(({ name }) => name),
  namespace: end.apply(({ namespace }) => namespace),
  mac: end.apply(({ mac }) => mac),
  mtu: end.apply(({ mtu }) => mtu),
  master: end.apply(({ master }) => master),
  port: end.apply(({ port }) => port),
  up: end.apply(({ up }) => up),
  altname: end.apply(({ altname }) => altname),
  addresses: end.apply(({ addresses }) => addresses),
  gateways: end.apply(({ gateways }) => gateways),
  gatewayTable: end.apply(({ gatewayTable }) => gatewayTable),
  netem: end.apply(({ netem }) => netem),
});
