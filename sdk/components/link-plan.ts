import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { withoutPrefixLength } from "../../provider/cidr.ts";
import { interfaceAddress } from "../../provider/values.ts";
import { fieldsIn, flag, listOf, objectOf, passedTo, plainText, type Shape, text, word } from "./component-args.ts";
import { ArgumentChecks } from "./component-errors.ts";
import type { LinkArgs } from "./link-args.ts";
import { eachNetwork, firstTwo, NETWORKS, type PerEnd } from "./network.ts";
import { node } from "./node.ts";
import { Overlay } from "./overlay.ts";
import { isSameHost, type ReachableHost, reachable } from "./reachable-host.ts";
import { trunk } from "./trunk.ts";

/** The network and the lab hosts of a link across lab hosts. */
export interface Across extends PerEnd<ReachableHost> {
  readonly overlay: Overlay;
}

/** What a link creates, as computed from its arguments. */
export interface LinkPlan {
  readonly across: Across | undefined;
  readonly mtu: pulumi.Input<number> | undefined;
  readonly addresses: PerEnd<string[]>;
  readonly withoutLengths: PerEnd<string[]>;
  readonly interfaces: PerEnd<string>;
  readonly gateways: PerEnd<string[]>;
}

/**
 * Computes what a link creates.
 *
 * @throws pulumi.ResourceError with all errors of the arguments.
 */
export function planLink(component: pulumi.ComponentResource, name: string, given: LinkArgs): LinkPlan {
  const checks = new ArgumentChecks(component, given, LINK_ARGS);
  const { args } = checks;
  checks.at("b", () => {
    if (args.a === args.b) throw new Error(`${args.b.name} ${IS_OTHER_END}`);
  });
  const across = acrossHosts(name, checks);
  const mtu = checks.at("mtu", () => (across === undefined ? args.mtu : across.overlay.mtu(args.mtu)), [across]);
  const pairs = checks.at("networks", () => eachNetwork(args.networks ?? [], firstTwo));
  const addresses = checks.at("addresses", () => perSide((end) => allOf(end, pairs, args)), [pairs]);
  const withoutLengths = checks.at("addresses", () => perSide((end) => addresses[end].map(withoutPrefixLength)), [
    addresses,
  ]);
  const interfaces = checks.at("interfaces", () => args.interfaces ?? perSide(() => name));
  const gateways = checks.at("gateway", () => gatewaysOf(args.gateway, withoutLengths), [withoutLengths]);
  for (const end of ["a", "b"] as const) {
    checks.at("gateway", () => args[end].checkGateways(interfaces[end], gateways[end]), [interfaces, gateways]);
    checks.at("trunk", () => args.trunk?.check(args[end], args.vlan));
  }
  checks.end();
  return { across, mtu, addresses, withoutLengths, interfaces, gateways };
}

/** Returns the network and the lab hosts of a link across lab hosts; undefined for another link. */
function acrossHosts(name: string, checks: ArgumentChecks<LinkArgs>): Across | undefined {
  const { args } = checks;
  const isAcross = checks.at("b", () => !isTagged(args) && !isSameHost(args.a.host, args.b.host));
  // A placeholder goes on, so that the result is one, too.
  if (!isAcross) return undefined;
  const a = checks.at("a", () => reachable(args.a.host), [isAcross]);
  const b = checks.at("b", () => reachable(args.b.host), [isAcross]);
  return checks.at(
    "b",
    () => ({ overlay: new Overlay("Link", name, [a, b], { vni: args.vni, secure: args.secure }), a, b }),
    [a, b],
  );
}

/** Returns a value for each end. */
export const perSide = <T>(of: (end: keyof PerEnd<unknown>) => T): PerEnd<T> => ({ a: of("a"), b: of("b") });

/** Returns whether the ends are VLAN interfaces. */
export const isTagged = ({ vlan, trunk }: LinkArgs): boolean => vlan !== undefined || trunk !== undefined;

/** Returns all addresses of an end, with their prefix lengths. */
const allOf = (end: keyof PerEnd<unknown>, pairs: readonly PerEnd<string>[], { addresses }: LinkArgs): string[] => [
  ...pairs.map((pair) => pair[end]),
  ...(addresses?.[end] ?? []),
];

/** Returns the gateways of each end, which are the addresses of the other one. */
function gatewaysOf(gateway: LinkArgs["gateway"], addresses: PerEnd<string[]>): PerEnd<string[]> {
  if (gateway !== undefined && addresses[gateway].length === 0) throw new Error(NO_ADDRESS(gateway));
  return { a: gateway === "b" ? addresses.b : [], b: gateway === "a" ? addresses.a : [] };
}

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
