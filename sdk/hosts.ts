import type * as pulumi from "@pulumi/pulumi";
import { LabHost } from "./components/lab-host.ts";
import { givenArgs } from "./given-args.ts";
import { hostOf, mayBeSamePlace, type Place, placeName } from "./place.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";
import { report } from "./reported-errors.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments of {@link Hosts}. */
export interface HostsArgs extends Adoptable {
  /** The namespace whose programs use these files. */
  namespace: Exclude<Place, LabHost | undefined>;
  /**
   * The addresses of hosts by name: `{ web: "10.0.0.80", db: ["10.0.0.5", "fd00::5"] }`. In the namespace, these entries and
   * `localhost` replace the contents of `/etc/hosts`.
   *
   * @default the lab host's `/etc/hosts`
   */
  addresses?: pulumi.Input<Record<string, pulumi.Input<string | pulumi.Input<string>[]>>>;
  /**
   * The addresses of the name servers. In the namespace, they replace the contents of `/etc/resolv.conf`.
   *
   * @default the lab host's `/etc/resolv.conf`
   */
  nameservers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Host names and name servers of a namespace. It writes the files `hosts` and `resolv.conf` in `/etc/netns/NAME`. Programs that
 * run with `ip netns exec`, and every {@link Process}, see them instead of the lab host's files. A running {@link Process} sees
 * changes of these files, but not a file that did not exist when it started.
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

  constructor(name: string, given: HostsArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { namespace, adopt, ...args } = givenArgs("Hosts", name, given);
    if (namespace instanceof LabHost)
      report(
        programError(
          `Hosts ${name}: property namespace: the files of the lab host ${namespace.name} itself are not managed`,
          `give a Namespace on it: new Namespace("red", { host: ${namespace.name} })`,
        ),
      );
    super("Hosts", name, { ...args, namespace: placeName(namespace) }, opts, {
      host: hostOf(namespace),
      adopt,
    });
    declared().push({ hosts: this, place: namespace });
  }
}

/** Returns the Hosts of a namespace that are declared so far. A process that starts before them does not see their files. */
export const hostsIn = (place: Place): readonly Hosts[] =>
  declared()
    .filter((other) => mayBeSamePlace(other.place, place))
    .map(({ hosts }) => hosts);

const declared = perProgram((): { readonly hosts: Hosts; readonly place: Place }[] => []);
