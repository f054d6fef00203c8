import * as pulumi from "@pulumi/pulumi";
import { withHelp } from "../../provider/message.ts";
import { vlansOf } from "../../provider/vlans.ts";
import { placeOn } from "../interface.ts";
import type { LinkNetemArgs } from "../netem.ts";
import { placeKey } from "../place.ts";
import { Veth, type VethEnd, type VethEndArgs } from "../veth.ts";
import { Vlan } from "../vlan.ts";
import { type BridgeRef, bridgeOf, isBridge } from "./bridged.ts";
import { Component } from "./component.ts";
import { instance, passedTo, required, type Shape } from "./component-args.ts";
import { ArgumentChecks, partOf } from "./component-errors.ts";
import { interfaceNames } from "./names.ts";
import type { PerEnd } from "./network.ts";
import { LabNode } from "./node.ts";

/** Arguments of a {@link Trunk}. */
export interface TrunkArgs {
  /** The first end: a {@link Bridge} with `vlanFiltering`, the {@link Lan} that has it, or a {@link Host} or {@link Router}. */
  a: BridgeRef | LabNode;
  /** The second end: a {@link Bridge} with `vlanFiltering`, the {@link Lan} that has it, or a {@link Host} or {@link Router}. */
  b: BridgeRef | LabNode;
  /**
   * The VLANs of the trunk, in the form of the `vlans` of a bridge port: IDs and ranges, for example `[10, "20-29"]`. Their frames are tagged.
   */
  vlans: readonly (number | string)[];
  /**
   * The MTU of both interfaces, in bytes.
   *
   * @default 1500
   */
  mtu?: pulumi.Input<number>;
  /**
   * Delay, jitter, loss and rate of the trunk, for each of its two directions.
   *
   * @default none
   */
  netem?: LinkNetemArgs;
}

/** Outputs of a {@link Trunk}. */
export interface TrunkOutputs {
  /** The names of both interfaces. */
  interfaces: PerEnd<string>;
}

/**
 * A cable that carries several VLANs, tagged, between two bridges with VLAN filtering, or between one and a host or router. Both interfaces
 * have the name of the trunk; where both bridges are in the same place, `-a` and `-b` are appended. A {@link Lan} or {@link Link} with a
 * `vlan` uses the trunk of a host or router for a VLAN interface there, in place of a cable of its own.
 *
 * @example
 * const sw1 = new Bridge("sw1", { vlanFiltering: true, vlanDefaultPvid: 0 });
 * const sw2 = new Bridge("sw2", { vlanFiltering: true, vlanDefaultPvid: 0 });
 * new Trunk("trunk", { a: sw1, b: sw2, vlans: [10, 20] });
 * const hosts = ["anna", { name: "carla", bridge: sw2 }];
 * new Lan("sales", { vlan: 10, networks: ["10.0.10.0/24"], gateways: [], bridge: sw1, hosts });
 */
export class Trunk extends Component<TrunkOutputs> {
  /** The name of the component. */
  readonly name: string;
  /** The interface at the end `a`. */
  readonly a: VethEnd;
  /** The interface at the end `b`. */
  readonly b: VethEnd;
  readonly #nodes: PerEnd<BridgeRef | LabNode>;
  readonly #vlans: readonly (number | string)[];

  constructor(name: string, args: TrunkArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("Trunk", name, opts);
    const { a, b, vlans, mtu, netem } = partOf(this, () => {
      new ArgumentChecks(this, args, TRUNK_ARGS).end();
      return args;
    });
    this.name = name;
    this.#nodes = { a, b };
    this.#vlans = vlans;
    const cable = partOf(this, () => {
      const together = placeKey(placeOf(a)) === placeKey(placeOf(b));
      const end = (ref: BridgeRef | LabNode, side: keyof PerEnd<unknown>): VethEndArgs => ({
        ...interfaceNames(together ? `${name}-${side}` : name),
        namespace: placeOf(ref),
        ...(ref instanceof LabNode ? {} : { master: bridgeOf(ref), port: { vlans: [...vlans] } }),
        ...(mtu !== undefined && { mtu }),
        ...(netem !== undefined && { netem }),
      });
      return new Veth(name, { a: end(a, "a"), b: end(b, "b") }, { parent: this });
    });
    this.a = cable.a;
    this.b = cable.b;
    this.publish({ interfaces: pulumi.all([cable.a.name, cable.b.name]).apply(([a, b]) => ({ a, b })) });
  }

  /**
   * Creates the interface of a host or router in a VLAN of the trunk.
   *
   * @throws Error as {@link check}.
   */
  addVlan(name: string, node: LabNode, vid: number | undefined, end: VethEndArgs, parent: pulumi.Resource): Vlan {
    const at = this.check(node, vid);
    return new Vlan(name, { ...end, link: this[at.side], vid: at.vid }, { parent });
  }

  /**
   * Returns the end at which a node is, and the VLAN of an interface there.
   *
   * @throws Error if the node is at neither end, or if the trunk does not have the VLAN.
   */
  check(node: LabNode, vid: number | undefined): { side: keyof PerEnd<unknown>; vid: number } {
    const side = (["a", "b"] as const).find((one) => this.#nodes[one] === node);
    if (side === undefined)
      throw new Error(
        withHelp(`the trunk ${this.name} does not end at ${node.name}`, `give ${node.name} as its a or b`),
      );
    if (vid === undefined) throw new Error(withHelp(`a trunk requires a vlan`, `set vlan to a VLAN of the trunk`));
    if (!vlansOf(this.#vlans).has(vid))
      throw new Error(withHelp(`the trunk ${this.name} does not have the VLAN ${vid}`, `add ${vid} to its vlans`));
    return { side, vid };
  }
}

const END = instance(
  "a Bridge, a Lan, a Host or a Router",
  (value) => value instanceof LabNode || isBridge(value),
  'new Bridge("br0")',
);

/** A {@link Trunk}, as an argument of another component. */
export const trunk = () => instance("a Trunk", (value) => value instanceof Trunk, 'new Trunk("uplink", …)');

const TRUNK_ARGS: Shape<TrunkArgs> = {
  ...{ a: END, b: END, vlans: required(passedTo("Bridge", "vlans"), 'the VLANs, e.g. [10, "20-29"]') },
  ...{ mtu: passedTo("Vlan", "mtu"), netem: passedTo("Vlan", "netem") },
};

const placeOf = (ref: BridgeRef | LabNode) =>
  ref instanceof LabNode ? ref.namespace : placeOn(bridgeOf(ref), undefined);
