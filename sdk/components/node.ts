import * as pulumi from "@pulumi/pulumi";
import { familyOf } from "../../provider/cidr.ts";
import { Namespace } from "../namespace.ts";
import type { VethEndArgs } from "../veth.ts";
import { interfaceNames } from "./names.ts";
import { bare } from "./network.ts";

/** Arguments that a {@link Host} and a {@link Router} have in common. */
export interface LabNodeArgs {
  /**
   * The name of the namespace.
   *
   * @default the component's name
   */
  name?: pulumi.Input<string>;
}

/** What the end of a cable is to be that is plugged into a {@link Host} or {@link Router}. */
export interface Plug {
  /** What the interface is called. More than 15 bytes are shortened, and are then the alternative name. */
  name: string;
  /** The interface's addresses, as `192.168.15.1/24`. */
  addresses: readonly string[];
  /** The gateways of default routes. In a family that has its default route already, that one stays. */
  gateways?: readonly string[];
  /** The largest packet, in bytes. */
  mtu?: pulumi.Input<number> | undefined;
}

/** What cables are plugged into: a {@link Host} or a {@link Router}. */
export abstract class LabNode extends pulumi.ComponentResource {
  /** The name of the component. */
  readonly name: string;
  /** The namespace, for resources beside the component. */
  readonly namespace: Namespace;
  readonly #addresses: string[] = [];
  readonly #routed = new Set<string>();

  protected constructor(kind: string, name: string, args: LabNodeArgs, opts: pulumi.ComponentResourceOptions) {
    super(`netns:lab:${kind}`, name, {}, opts);
    this.name = name;
    this.namespace = new Namespace(name, { name: args.name ?? name }, { parent: this });
  }

  /** The addresses without their prefix lengths, in the order in which the cables were plugged in. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** The first of the addresses; undefined where no cable is plugged in. */
  get address(): string | undefined {
    return this.#addresses[0];
  }

  /** The end of a cable in this namespace, for a {@link Veth}. {@link Lan} and {@link Link} are made with it. */
  plug({ name, addresses, gateways = [], mtu }: Plug): VethEndArgs {
    const own = gateways.filter((gateway) => !this.#routed.has(familyOf(gateway)));
    for (const gateway of own) this.#routed.add(familyOf(gateway));
    this.#addresses.push(...addresses.map(bare));
    return {
      ...interfaceNames(name),
      namespace: this.namespace,
      addresses: [...addresses],
      ...(own.length > 0 && { gateways: own }),
      ...(mtu !== undefined && { mtu }),
    };
  }
}
