import type * as pulumi from "@pulumi/pulumi";
import { type Place, placeName } from "./place.ts";
import { program } from "./program.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments of {@link Hosts}. */
export interface HostsArgs extends Adoptable {
  /** The namespace whose programs look names up by it. */
  namespace: NonNullable<Place>;
  /**
   * The addresses of hosts by their names: `{ web: "10.0.0.80", db: ["10.0.0.5", "fd00::5"] }`. It is all that the namespace
   * then sees of `/etc/hosts`, with `localhost` beside it.
   *
   * @default what the lab host has
   */
  addresses?: pulumi.Input<Record<string, pulumi.Input<string | pulumi.Input<string>[]>>>;
  /**
   * The addresses of the name servers, which the namespace then sees in `/etc/resolv.conf`.
   *
   * @default what the lab host has
   */
  nameservers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * How names are looked up in a namespace: the files `hosts` and `resolv.conf` in `/etc/netns/NAME`, which `ip netns exec`
 * and every {@link Process} see in the place of those of the lab host. A {@link Process} that runs already sees a change of
 * a file, but no file that was not there when it started.
 *
 * Equivalent to: `echo "10.0.0.80 web" > /etc/netns/red/hosts`
 *
 * @example
 * new Hosts("red-names", { namespace: red, addresses: { web: "10.0.0.80" }, nameservers: ["10.0.0.1"] });
 */
export class Hosts extends KernelResource {
  declare readonly namespace: pulumi.Output<string>;
  declare readonly addresses: pulumi.Output<Readonly<Record<string, string | readonly string[]>> | undefined>;
  declare readonly nameservers: pulumi.Output<string[] | undefined>;

  constructor(name: string, { namespace, adopt, ...args }: HostsArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Hosts", name, { ...args, namespace: placeName(namespace) }, opts, { adopt });
    declared.set(program(), [...(declared.get(program()) ?? []), { hosts: this, place: namespace }]);
  }
}

/** The Hosts of a place that the program has declared so far. A program that starts before them does not see their files. */
export const hostsIn = (place: Place): readonly Hosts[] =>
  (declared.get(program()) ?? []).filter((other) => other.place === place).map(({ hosts }) => hosts);

// Several programs may run in one process; each has a stack resource of its own.
const declared = new WeakMap<object, { readonly hosts: Hosts; readonly place: Place }[]>();
