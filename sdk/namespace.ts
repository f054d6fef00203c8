import type * as pulumi from "@pulumi/pulumi";
import { recordNamespaceName } from "./namespace-names.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments of a {@link Namespace}. */
export interface NamespaceArgs extends Adoptable {
  /**
   * The name that `ip netns` lists: 1 to 255 bytes, without `/`, `\`, `:`, `%`, `*`, quotes or whitespace, and not starting with
   * `-`.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
}

/**
 * A network namespace: a separate network stack with its own interfaces, routes and firewall rules. Its loopback interface is
 * up. Deleting the namespace deletes the objects in it.
 *
 * Equivalent to: `ip netns add red && ip -n red link set lo up`
 *
 * @example
 * const red = new Namespace("red");
 */
export class Namespace extends KernelResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, { adopt, ...args }: NamespaceArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const own = args.name ?? name;
    super("Namespace", name, { ...args, name: own }, opts, { adopt });
    recordNamespaceName(this, own);
  }

  /** Refers to an existing namespace that this program does not create. The id is its name. The namespace is never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Namespace {
    return new Namespace(name, {}, { ...opts, id });
  }
}
