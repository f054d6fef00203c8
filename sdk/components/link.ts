import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { withoutPrefixLength } from "../../provider/cidr.ts";
import { interfaceAddress } from "../../provider/values.ts";
import type { LinkNetemArgs } from "../netem.ts";
import { Veth, type VethEnd, type VethEndArgs } from "../veth.ts";
import type { Vlan } from "../vlan.ts";
import { Vxlan } from "../vxlan.ts";
import { Component } from "./component.ts";
import { fieldsIn, flag, listOf, objectOf, passedTo, plainText, type Shape, text, word } from "./component-args.ts";
import { ArgumentChecks, partOf } from "./component-errors.ts";
import { eachNetwork, firstTwo, NETWORKS, type PerEnd } from "./network.ts";
import { type LabNode, node } from "./node.ts";
import { Overlay } from "./overlay.ts";
import { isSameHost, type ReachableHost, reachable } from "./reachable-host.ts";
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
 * It is an error if a network is invalid or has fewer than two addresses, if the gateway has no address or the other end already has a
 * default route, or if a {@link LabHost} of a link across lab hosts has no `address`.
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
    this.#name = name;
    const plan = partOf(this, () => this.#plan(args));
    this.addresses = plan.withoutLengths;
    const cable = partOf(this, () => this.#create(plan, args));
    this.a = cable.a;
    this.b = cable.b;
    this.publish({
      addresses: this.addresses,
      interfaces: pulumi.all([cable.a.name, cable.b.name]).apply(([a, b]) => ({ a, b })),
    });
  }

  /**
   * Computes what the link creates.
   *
   * @throws pulumi.ResourceError with all errors of the arguments.
   */
  #plan(given: LinkArgs): LinkPlan {
    const checks = new ArgumentChecks(this, given, LINK_ARGS);
    const { args } = checks;
    checks.at("b", () => {
      if (args.a === args.b) throw new Error(`${args.b.name} ${IS_OTHER_END}`);
    });
    const across = this.#across(checks);
    const mtu = checks.at("mtu", () => (across === undefined ? args.mtu : across.overlay.mtu(args.mtu)), [across]);
    const pairs = checks.at("networks", () => eachNetwork(args.networks ?? [], firstTwo));
    const addresses = checks.at("addresses", () => perSide((end) => allOf(end, pairs, args)), [pairs]);
    const withoutLengths = checks.at("addresses", () => perSide((end) => addresses[end].map(withoutPrefixLength)), [
      addresses,
    ]);
    const interfaces = checks.at("interfaces", () => args.interfaces ?? perSide(() => this.#name));
    const gateways = checks.at("gateway", () => gatewaysOf(args.gateway, withoutLengths), [withoutLengths]);
    for (const end of SIDES)
      checks.at("gateway", () => args[end].checkGateways(interfaces[end], gateways[end]), [interfaces, gateways]);
    for (const end of SIDES) checks.at("trunk", () => args.trunk?.check(args[end], args.vlan));
    checks.end();
    return { across, mtu, addresses, withoutLengths, interfaces, gateways };
  }

  #create({ across, mtu, addresses, interfaces, gateways }: LinkPlan, args: LinkArgs): PerEnd<VethEnd | Vlan | Vxlan> {
    const netem = perEnd(args.netem);
    const ends = perSide((end) => {
      const plug = {
        name: interfaces[end],
        addresses: addresses[end],
        gateways: gateways[end],
        mtu,
        netem: netem[end],
      };
      return args[end].plug(plug);
    });
    if (across !== undefined) return this.#tunnel(across, ends);
    return isTagged(args) ? this.#addVlans(args, ends) : new Veth(this.#name, ends, { parent: this });
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

  /** Returns the network and the lab hosts of a link across lab hosts; undefined for another link. */
  #across(checks: ArgumentChecks<LinkArgs>): Across | undefined {
    const { args } = checks;
    const isAcross = checks.at("b", () => !isTagged(args) && !isSameHost(args.a.host, args.b.host));
    if (isAcross === false) return undefined;
    const a = checks.at("a", () => reachable(args.a.host), [isAcross]);
    const b = checks.at("b", () => reachable(args.b.host), [isAcross]);
    return checks.at(
      "b",
      () => ({ overlay: new Overlay("Link", this.#name, [a, b], { vni: args.vni, secure: args.secure }), a, b }),
      [a, b],
    );
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

/** What a link creates, as computed from its arguments. */
interface LinkPlan {
  readonly across: Across | undefined;
  readonly mtu: pulumi.Input<number> | undefined;
  readonly addresses: PerEnd<string[]>;
  readonly withoutLengths: PerEnd<string[]>;
  readonly interfaces: PerEnd<string>;
  readonly gateways: PerEnd<string[]>;
}

const SIDES = ["a", "b"] as const;
type Side = (typeof SIDES)[number];

const perSide = <T>(of: (end: Side) => T): PerEnd<T> => ({ a: of("a"), b: of("b") });

/** Returns whether the ends are VLAN interfaces. */
const isTagged = ({ vlan, trunk }: LinkArgs): boolean => vlan !== undefined || trunk !== undefined;

/** Returns all addresses of an end, with their prefix lengths. */
const allOf = (end: Side, pairs: readonly PerEnd<string>[], { addresses }: LinkArgs): string[] => [
  ...pairs.map((pair) => pair[end]),
  ...(addresses?.[end] ?? []),
];

/** Returns the gateways of each end, which are the addresses of the other one. */
function gatewaysOf(gateway: LinkArgs["gateway"], addresses: PerEnd<string[]>): PerEnd<string[]> {
  if (gateway !== undefined && addresses[gateway].length === 0) throw new Error(NO_ADDRESS(gateway));
  return { a: gateway === "b" ? addresses.b : [], b: gateway === "a" ? addresses.a : [] };
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
