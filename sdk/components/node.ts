import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { familyOf, withoutPrefixLength } from "../../provider/cidr.ts";
import { withHelp } from "../../provider/message.ts";
import { usesPlugin } from "../door.ts";
import { isNamed } from "../names.ts";
import { Namespace } from "../namespace.ts";
import { hostOfNamespace } from "../namespace-names.ts";
import type { LinkNetemArgs } from "../netem.ts";
import { placeholder } from "../placeholder.ts";
import { isFailing } from "../reported-errors.ts";
import type { VethEndArgs } from "../veth.ts";
import { Component, componentType } from "./component.ts";
import { instance, passedTo, type Shape } from "./component-args.ts";
import { ArgumentChecks, partOf } from "./component-errors.ts";
import { type LabHost, labHost } from "./lab-host.ts";
import { interfaceNames } from "./names.ts";

/** Arguments of a {@link Host} and a {@link Router}. */
export interface LabNodeArgs {
  /**
   * The name of the namespace.
   *
   * @default the component's name
   */
  name?: pulumi.Input<string>;
  /**
   * The lab host of the namespace.
   *
   * @default this machine, or the lab host in the configuration `pulumi-netns:host`
   */
  host?: LabHost;
  /**
   * The layer in the picture of the lab, from 0 for hosts at the bottom to 99; see {@link Namespace}.
   *
   * @default the number of cables between the node and the nearest host
   */
  layer?: pulumi.Input<number>;
}

/** The rules of the arguments of a {@link Host}. */
export const LAB_NODE_ARGS: Shape<LabNodeArgs> = {
  name: passedTo("Namespace", "name"),
  host: v.optional(labHost()),
  layer: passedTo("Namespace", "layer"),
};

/** Outputs of a {@link Host} and a {@link Router}. */
export interface LabNodeOutputs {
  /** The name of the namespace. */
  namespace: string;
}

/** The interface that {@link LabNode.plug} creates. */
export interface PlugArgs {
  /** The name of the interface. A name of more than 15 bytes is shortened, and the full name becomes the alternative name. */
  name: string;
  /** The addresses of the interface with their prefix lengths, for example `192.168.15.1/24`. */
  addresses: readonly string[];
  /** The gateways of default routes. A family that already has a default route keeps it. */
  gateways?: readonly string[];
  /** The MTU, in bytes. */
  mtu?: pulumi.Input<number> | undefined;
  /** Delay, jitter, loss and rate of the packets that leave through the interface. */
  netem?: LinkNetemArgs | undefined;
  /** Whether a DHCP client of the node will set an IPv4 address and a default route. */
  dhcp?: boolean;
}

/** The base class of {@link Host} and {@link Router}: a namespace to which links are connected. */
export abstract class LabNode extends Component<LabNodeOutputs> {
  /** The name of the component. */
  readonly name: string;
  /** The namespace, for resources beside the component. */
  readonly namespace: Namespace;
  readonly #addresses: string[] = [];
  /** The interface of the default route of each family. */
  readonly #routed = new Map<string, string>();

  /** @param check Checks more than the shape of the arguments. */
  protected constructor(
    kind: string,
    name: string,
    args: LabNodeArgs,
    opts: pulumi.ComponentResourceOptions,
    shape: Shape<LabNodeArgs>,
    check: (checks: ArgumentChecks<LabNodeArgs>) => void = () => undefined,
  ) {
    super(kind, name, { ...opts, aliases: [...(opts.aliases ?? []), otherKind(kind, name, opts)] });
    this.name = name;
    this.namespace = partOf(this, () => {
      const checks = new ArgumentChecks(this, args, shape);
      check(checks);
      checks.end();
      const { name: own = name, host, layer } = checks.args;
      const optional = { ...(host && { host }), ...(layer !== undefined && { layer }) };
      return new Namespace(name, { name: own, ...optional }, { parent: this });
    });
  }

  /** The lab host of the namespace; undefined for this machine. */
  get host(): LabHost | undefined {
    return hostOfNamespace(this.namespace);
  }

  /** The addresses without prefix lengths, in the order in which the links were connected. */
  get addresses(): readonly string[] {
    return this.#addresses.length === 0 && isFailing() ? placeholder() : this.#addresses;
  }

  /** The first address; undefined if no link is connected. */
  get address(): string | undefined {
    return this.addresses[0];
  }

  /**
   * Checks that an interface gives the node its first default route of each family. The gateways of a {@link Lan} are for all of its hosts,
   * of which some may have a default route elsewhere, but that of a {@link Link} is for this node alone.
   *
   * @throws Error if there is another default route.
   */
  checkGateways(link: string, gateways: readonly string[]): void {
    for (const gateway of gateways) {
      const other = this.#routed.get(familyOf(gateway));
      if (other !== undefined) throw new Error(twoDefaultRoutes(this.name, other, link, gateway));
    }
  }

  /** Returns the arguments of a {@link Veth} end in this namespace. {@link Lan} and {@link Link} use it. */
  plug({ name, addresses, gateways = [], mtu, netem }: PlugArgs): VethEndArgs {
    const own = gateways.filter((gateway) => !this.#routed.has(familyOf(gateway)));
    if (usesPlugin()) this.checkGateways(name, gateways);
    for (const gateway of own) this.#routed.set(familyOf(gateway), name);
    this.#addresses.push(...addresses.map(withoutPrefixLength));
    return {
      ...interfaceNames(name),
      namespace: this.namespace,
      addresses: [...addresses],
      ...(own.length > 0 && { gateways: own }),
      ...(mtu !== undefined && { mtu }),
      ...(netem !== undefined && { netem }),
    };
  }
}

/**
 * Returns the alias by which a host that becomes a router, or a router that becomes a host, keeps its namespace in the state. A program may
 * have one of each with the same name; then neither has been the other, which is known after the program has created all.
 */
async function otherKind(
  kind: string,
  name: string,
  { parent }: pulumi.ComponentResourceOptions,
): Promise<pulumi.Alias> {
  await new Promise((resolve) => setImmediate(resolve));
  const other = kind === "Host" ? "Router" : "Host";
  return isNamed(other, name, parent) ? {} : { type: componentType(other) };
}

/** A {@link Host} or a {@link Router}, as an argument of another component. */
export const node = () => instance("a Host or a Router", (value) => value instanceof LabNode, 'new Router("edge")');

/** In TypeScript, the first connection to a LAN decides. Pulumi creates the components of other programs in any order. */
const twoDefaultRoutes = (node: string, other: string, link: string, via: string): string =>
  withHelp(
    `${node} already has a default route over ${other}, and ${link} gives it another one of the same family`,
    "leave out the gateway of one of the links, or set gateways: [] on one of the LANs; for two default routes, declare the second as a " +
      `Route with another metric or table, e.g. { destination: "default", via: "${via}", metric: 100 }`,
  );
