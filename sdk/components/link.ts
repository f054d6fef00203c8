import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { withoutPrefixLength } from "../../provider/cidr.ts";
import { interfaceAddress } from "../../provider/values.ts";
import type { LinkNetemArgs } from "../netem.ts";
import { Veth, type VethEnd, type VethEndArgs } from "../veth.ts";
import type { Vlan } from "../vlan.ts";
import { Vxlan } from "../vxlan.ts";
import { Component } from "./component.ts";
import {
  checkArgs,
  fieldsIn,
  flag,
  listOf,
  objectOf,
  passedTo,
  plainText,
  type Shape,
  text,
  word,
} from "./component-args.ts";
import { eachNetwork, firstTwo, NETWORKS, type PerEnd } from "./network.ts";
import { type LabNode, node } from "./node.ts";
import { Overlay } from "./overlay.ts";
import { isSameHost, type ReachableHost, reachable } from "./reachable-host.ts";
import { reportAtComponent } from "./report-at-component.ts";
import { Trunk, trunk } from "./trunk.ts";

/** Arguments of a {@link Link}. */
export interface LinkArgs {
  /** The node at the first end: a {@link Host} or a {@link Router}. */
  a: LabNode;
  /** The node at the second end: a {@link Host} or a {@link Router}. */
  b: LabNode;
  /**
   * Networks in which `a` gets the first address and `b` the second, for example `["10.0.0.0/31", "fd00:0:0:1::/64"]`. A `/31` or
   * `/127` has only these two addresses; in a larger network they are numbers 1 and 2.
   *
   * @default none
   */
  networks?: readonly string[];
  /**
   * Additional addresses of the two ends, with prefix lengths.
   *
   * @default none
   */
  addresses?: PerEnd<readonly string[]>;
  /**
   * The names of the two interfaces, for example `{ a: "eth1", b: "swp1" }`.
   *
   * @default the name of the link, at both ends
   */
  interfaces?: PerEnd<string>;
  /**
   * The end that is the default gateway of the other end. It is an error if the other end already has a default route of the same family;
   * a second one is a {@link Route} with another metric or table.
   *
   * @default none: no default route
   */
  gateway?: "a" | "b";
  /**
   * The MTU of both interfaces, in bytes.
   *
   * @default 1500; across lab hosts, the smaller `mtu` of the two {@link LabHost}s less the headers of VXLAN, usually 1450, or 1390 with
   *   `secure`
   */
  mtu?: pulumi.Input<number>;
  /**
   * The VXLAN identifier of a link across lab hosts, from 1 to 16777215. On one lab host, it has no effect.
   *
   * @default derived from the names of the stack and the link
   */
  vni?: number;
  /**
   * Whether a link across lab hosts is encrypted: WireGuard carries its packets. On one lab host, it has no effect.
   *
   * @default false
   */
  secure?: boolean;
  /**
   * Delay, jitter, loss and rate of the link, for each of its two directions: a ping takes the delay twice. For one end alone, or different
   * ones, give them by end, for example `{ a: { rate: "10mbit" }, b: { rate: "1mbit" } }`: each is for the packets that the end sends.
   *
   * @default none
   */
  netem?: LinkNetemArgs | Partial<PerEnd<LinkNetemArgs>>;
  /**
   * The ID of a VLAN, from 1 to 4094: the two interfaces are VLAN interfaces, and frames on the cable have its tag.
   *
   * @default none
   */
  vlan?: number;
  /**
   * The trunk between the two nodes whose cable a link with a `vlan` uses.
   *
   * @default a cable of its own, named after the link with `-trunk` appended
   */
  trunk?: Trunk;
}

/** Outputs of a {@link Link}. */
export interface LinkOutputs {
  /** The addresses of both ends, without prefix lengths. The addresses from `networks` come first. */
  addresses: PerEnd<string[]>;
  /** The names of both interfaces. */
  interfaces: PerEnd<string>;
}

/**
 * A veth pair between two hosts or routers, with addresses at both ends. By default both interfaces have the name of the link. If the
 * nodes are on different lab hosts, a {@link Vxlan} in each of their namespaces takes the place of the pair.
 *
 * @throws Error if a network is invalid or has fewer than two addresses, if the gateway has no address or the other end already has a
 *   default route, or if a {@link LabHost} of a link
 *   across lab hosts has no `address`.
 *
 * @example
 * const [left, right] = [new Router("left"), new Router("right")];
 * const link = new Link("left-right", { a: left, b: right, networks: ["10.0.0.0/31"] });
 * new Route("back", { namespace: right.namespace, destination: "10.1.0.0/24", via: link.addresses.a[0]! });
 */
export class Link extends Component<LinkOutputs> {
  /** The interface at the end `a`. */
  readonly a: VethEnd | Vlan | Vxlan;
  /** The interface at the end `b`. */
  readonly b: VethEnd | Vlan | Vxlan;
  /** The addresses of both ends, without prefix lengths. The addresses from `networks` come first. */
  readonly addresses: PerEnd<string[]>;
  readonly #name: string;

  constructor(name: string, args: LinkArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("Link", name, opts);
    checkArgs(this, args, LINK_ARGS);
    if (args.a === args.b) throw new pulumi.ResourceError(`b: ${args.b.name} ${IS_OTHER_END}`, this, true);
    this.#name = name;
    const { networks = [], addresses = { a: [], b: [] }, interfaces = { a: name, b: name }, gateway } = args;
    const isTagged = args.vlan !== undefined || args.trunk !== undefined;
    const across = isTagged || isSameHost(args.a.host, args.b.host) ? undefined : this.#across(args);
    const mtu = across === undefined ? args.mtu : reportAtComponent(this, "mtu", () => across.overlay.mtu(args.mtu));
    const netem = perEnd(args.netem);
    const pairs = reportAtComponent(this, "networks", () => eachNetwork(networks, firstTwo));
    const a = [...pairs.map((pair) => pair.a), ...addresses.a];
    const b = [...pairs.map((pair) => pair.b), ...addresses.b];
    this.addresses = { a: a.map(withoutPrefixLength), b: b.map(withoutPrefixLength) };
    if (gateway !== undefined && this.addresses[gateway].length === 0)
      throw new pulumi.ResourceError(`gateway: ${NO_ADDRESS(gateway)}`, this, true);
    const gateways = { a: gateway === "b" ? this.addresses.b : [], b: gateway === "a" ? this.addresses.a : [] };
    reportAtComponent(this, "gateway", () => {
      args.a.checkGateways(interfaces.a, gateways.a);
      args.b.checkGateways(interfaces.b, gateways.b);
    });
    const ends = {
      a: args.a.plug({ name: interfaces.a, addresses: a, gateways: gateways.a, mtu, netem: netem.a }),
      b: args.b.plug({ name: interfaces.b, addresses: b, gateways: gateways.b, mtu, netem: netem.b }),
    };
    const cable =
      across !== undefined
        ? this.#tunnel(across, ends)
        : isTagged
          ? reportAtComponent(this, "trunk", () => this.#addVlans(args, ends))
          : new Veth(name, ends, { parent: this });
    this.a = cable.a;
    this.b = cable.b;
    this.publish({
      addresses: this.addresses,
      interfaces: pulumi.all([cable.a.name, cable.b.name]).apply(([a, b]) => ({ a, b })),
    });
  }

  /** Creates the VLAN interfaces of both ends on a trunk. */
  #addVlans({ a, b, vlan, mtu, ...args }: LinkArgs, ends: PerEnd<VethEndArgs>): PerEnd<Vlan> {
    const own = { a, b, vlans: vlan === undefined ? [] : [vlan], ...(mtu !== undefined && { mtu }) };
    const trunk = args.trunk ?? new Trunk(`${this.#name}-trunk`, own, { parent: this });
    return {
      a: trunk.addVlan(`${this.#name}-a`, a, vlan, ends.a, this),
      b: trunk.addVlan(`${this.#name}-b`, b, vlan, ends.b, this),
    };
  }

  /** Returns the network and the lab hosts of a link across lab hosts. */
  #across({ a, b, ...args }: LinkArgs): Across {
    const one = reportAtComponent(this, "a", () => reachable(a.host));
    const other = reportAtComponent(this, "b", () => reachable(b.host));
    const overlay = reportAtComponent(this, "b", () => new Overlay("Link", this.#name, [one, other], args));
    return { overlay, a: one, b: other };
  }

  /** Creates the two ends of a link across lab hosts. */
  #tunnel({ overlay, a, b }: Across, ends: PerEnd<VethEndArgs>): PerEnd<Vxlan> {
    const end = (name: keyof PerEnd<unknown>, own: ReachableHost): Vxlan => {
      const [remote = ""] = overlay.remotesOf(own);
      // Without learning, all frames go to the other end, also after its address has changed.
      const fixed = { ...overlay.endOn(own), remote, learning: false, mac: overlay.macOf(name) };
      return new Vxlan(overlay.nameOn(own), { ...ends[name], ...fixed }, { parent: this });
    };
    return { a: end("a", a), b: end("b", b) };
  }
}

/** The network and the lab hosts of a link across lab hosts. */
interface Across extends PerEnd<ReachableHost> {
  readonly overlay: Overlay;
}

/** Returns the netem of each end. */
const perEnd = (netem: LinkArgs["netem"]): Partial<PerEnd<LinkNetemArgs>> =>
  netem === undefined || "a" in netem || "b" in netem
    ? (netem ?? {})
    : { a: netem as LinkNetemArgs, b: netem as LinkNetemArgs };

/** Returns whether a netem has settings for each end. */
const hasEnds = (netem: unknown): boolean =>
  typeof netem === "object" && netem !== null && ("a" in netem || "b" in netem);

const NETEM = passedTo("Vlan", "netem");

const ADDRESSES = listOf(
  plainText(interfaceAddress()),
  'a list of addresses with their prefix lengths, e.g. ["10.0.0.1/24"]',
);

const LINK_ARGS: Shape<LinkArgs> = {
  ...{ a: node(), b: node(), networks: NETWORKS, gateway: word("a", "b") },
  addresses: v.optional(objectOf({ a: ADDRESSES, b: ADDRESSES })),
  interfaces: v.optional(objectOf({ a: text, b: text })),
  ...{ secure: flag, mtu: passedTo("Vlan", "mtu"), vni: passedTo("Vxlan", "vni"), vlan: passedTo("Vlan", "vid") },
  netem: v.optional(
    Object.assign(
      v.lazy((input) => (hasEnds(input) ? objectOf({ a: NETEM, b: NETEM }) : NETEM)),
      fieldsIn(NETEM),
    ),
  ),
  trunk: v.optional(trunk()),
};

const IS_OTHER_END = "is the end a already; connect two nodes, or use a Veth for a pair of interfaces in one namespace";

const NO_ADDRESS = (end: string): string =>
  `end ${end} has no address for a default route; set networks, e.g. ["10.0.0.0/31"], or addresses`;
