import type * as pulumi from "@pulumi/pulumi";
import { defaultHost, givenHost, type LabHost } from "./components/lab-host.ts";
import { recordNamespace } from "./namespace-names.ts";
import { refuseSecondNamespace } from "./one-namespace.ts";
import { placeholderOutput } from "./placeholder.ts";
import { plainArgs } from "./plain-args.ts";
import { reporting } from "./reported-errors.ts";
import { type Adoptable, type GetOptions, KernelResource } from "./resource.ts";

/** Arguments of a {@link Namespace}. */
export interface NamespaceArgs extends Adoptable {
  /**
   * The name that `ip netns` lists: 1 to 255 bytes, without `/`, `\`, `:`, `%`, `*`, quotes or whitespace, and not starting with
   * `-`.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * The lab host of the namespace. All that is in the namespace follows it. A namespace that moves to another lab host is replaced.
   *
   * @default this machine, or the lab host in the configuration `pulumi-netns:host`
   */
  host?: LabHost;
  /**
   * The layer of the namespace in the picture of the lab, from 0 for hosts at the bottom to 99. Of two namespaces that a cable joins, the
   * one with the higher layer is above the other. It changes nothing in the kernel: a change of it updates the state.
   *
   * @default the number of cables between the namespace and the nearest host
   */
  layer?: pulumi.Input<number>;
  /**
   * Whether the loopback interface `lo` is up, as after `ip link set lo up`. While it is down, the namespace does not reach its own addresses.
   *
   * @default true
   */
  loopback?: pulumi.Input<boolean>;
}

/**
 * A network namespace: a separate network stack with its own interfaces, routes and firewall rules. Its loopback interface is
 * up unless the program says otherwise. Deleting the namespace deletes the objects in it.
 *
 * Equivalent to: `ip netns add red && ip -n red link set lo up`
 *
 * @example
 * const red = new Namespace("red");
 */
export class Namespace extends KernelResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly layer: pulumi.Output<number | undefined>;
  declare readonly loopback: pulumi.Output<boolean | undefined>;

  constructor(name: string, given: NamespaceArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const { adopt, host: wanted, ...args } = plainArgs("Namespace", name, given);
    const host = givenHost("Namespace", name, wanted) ?? defaultHost();
    const wantedName = args.name ?? name;
    const isFirst =
      opts.id !== undefined || reporting(() => refuseSecondNamespace(name, wantedName, host, opts.parent));
    const own = isFirst ? wantedName : placeholderOutput();
    super("Namespace", name, { ...args, name: own }, opts, { host, adopt });
    recordNamespace(this, own, host);
  }

  /** Refers to an existing namespace that this program does not create. The id is its name. The namespace is never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, { host, ...opts }: GetOptions = {}): Namespace {
    return new Namespace(name, { ...(host !== undefined && { host }) }, { ...opts, id });
  }
}
