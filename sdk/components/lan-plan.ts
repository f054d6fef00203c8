import type * as pulumi from "@pulumi/pulumi";
import { type Family, familyOf } from "../../provider/cidr.ts";
import { withHelp } from "../../provider/message.ts";
import type { LinkNetemArgs } from "../netem.ts";
import { ArgumentChecks } from "./component-errors.ts";
import { LanAddressPlan } from "./lan-addresses.ts";
import type { LanAddresses, LanArgs, LanHost, LanMember, Unfilled } from "./lan-args.ts";
import { LAN_ARGS } from "./lan-shape.ts";
import { LanSpan } from "./lan-span.ts";
import { LabNode } from "./node.ts";

/** What a {@link Lan} creates, as computed from its arguments. */
export interface LanPlan {
  readonly span: LanSpan;
  readonly seats: LanAddressPlan;
  readonly mtu: pulumi.Input<number> | undefined;
  readonly netem: LinkNetemArgs | undefined;
  readonly vlan: number | undefined;
  /** The addresses of the gateway, without prefix lengths. */
  readonly gateways: readonly string[];
  /** The addresses of the gateway with their prefix lengths, if the bridge has them. */
  readonly ofBridge: string[] | undefined;
  /** The addresses of the router with their prefix lengths. */
  readonly ofRouter: readonly string[];
  readonly hosts: readonly Seated<LanHost>[];
  readonly members: readonly Seated<LanMember>[];
}

/** A host or member with all of its addresses, with their prefix lengths. */
export type Seated<T extends LanAddresses> = Omit<T, "addresses"> & { readonly addresses: readonly string[] };

/**
 * Computes what a LAN creates.
 *
 * @throws pulumi.ResourceError with all errors of the arguments.
 */
export function planLan(component: pulumi.ComponentResource, name: string, given: LanArgs): LanPlan {
  const checks = new ArgumentChecks(component, given, LAN_ARGS);
  const { args } = checks;
  const span = checks.at("spans", () => {
    const { spans, router, bridge, vni, secure } = args;
    return new LanSpan(name, { spans, router, bridge, vni, secure });
  });
  const mtu = checks.at("mtu", () => span.mtu(args.mtu), [span]);
  const seats = checks.at("networks", () => new LanAddressPlan(name, args.networks));
  const gateways = checks.at("gateways", () => args.gateways ?? seats.firsts, [seats]);
  const ofGateway = checks.at("gateways", () => seats.reserve(gateways, args.router?.name ?? "the gateway"), [
    seats,
    gateways,
  ]);
  const hosts = checks.at("hosts", () =>
    (args.hosts ?? []).map((host): LanHost => (typeof host === "string" ? { name: host } : host)),
  );
  const members = checks.at("members", () =>
    (args.members ?? []).map((member): LanMember => (member instanceof LabNode ? { node: member } : member)),
  );
  checks.at("hosts", () => refuseTwice(hosts), [hosts]);
  checks.at("router", () => args.router && span.check(args.router.name, args.router.host), [span]);
  for (const { name, host } of hosts) checks.at("hosts", () => host && span.check(name, host), [span]);
  for (const { node } of members) checks.at("members", () => span.check(node.name, node.host), [span]);
  const reserved = hosts.map((host) =>
    checks.at("hosts", () => ({ ...host, addresses: reserve(seats, host, host.name) }), [seats]),
  );
  checks.at("gateways", () => refuseHomeless(args, gateways), [gateways]);
  checks.at("trunk", () => args.router && args.trunk?.check(args.router, args.vlan));
  const ofRouter = checks.at(
    "networks",
    () => (args.router === undefined ? [] : complete(seats, ofGateway, args.router.name)),
    [seats, ofGateway],
  );
  const seated = reserved.map((host) =>
    checks.at("networks", () => ({ ...host, addresses: complete(seats, host.addresses, host.name, host.dhcp) }), [
      host,
    ]),
  );
  const pairs = checks.at("pairs", () => args.pairs ?? []);
  for (const { from, to } of pairs) checks.at("pairs", () => refuseUnknown([from, to], hosts), [hosts]);
  const joined = members.map((member, index) => {
    checks.at("trunk", () => member.trunk?.check(member.node, args.vlan));
    return checks.at("members", () => {
      const before = [args.router, ...members.slice(0, index).map(({ node }) => node)];
      if (before.includes(member.node)) throw new Error(isJoined(member.node, name));
      return { ...member, addresses: seat(seats, member, member.node.name) };
    }, [seats]);
  });
  checks.end();
  const isOnBridge = given.router === undefined && gateways.length > 0;
  return {
    ...{ span, seats, mtu, netem: given.netem, vlan: given.vlan, gateways, ofRouter },
    ofBridge: isOnBridge ? ofGateway : undefined,
    hosts: seated,
    members: joined,
  };
}

/**
 * Reserves the given addresses of a node and adds one in each network in which it has none. Returns them with their prefix lengths.
 *
 * @throws Error if an address is outside the networks or in use, or if a network is full.
 */
export const seat = (seats: LanAddressPlan, args: Unfilled<LanAddresses>, holder: string): readonly string[] =>
  complete(seats, reserve(seats, args, holder), holder, args.dhcp);

/** Returns the error of a node that is on the LAN already. */
export const isJoined = (node: LabNode, lan: string): string => `${node.name} is already on the LAN ${lan}`;

function reserve(seats: LanAddressPlan, { addresses = [], dhcp = false }: Unfilled<LanAddresses>, holder: string) {
  const given = dhcp ? addresses.find((address) => familyOf(address) === "inet") : undefined;
  if (given !== undefined)
    throw new Error(`${holder} has dhcp: true and the IPv4 address ${given}. Use only one of them`);
  return seats.reserve(addresses, holder);
}

function complete(seats: LanAddressPlan, addresses: readonly string[], holder: string, dhcp = false): string[] {
  const families: readonly Family[] = dhcp ? ["inet6"] : ["inet", "inet6"];
  return seats.complete(addresses, holder, families);
}

function refuseTwice(hosts: readonly LanHost[]): void {
  const names = hosts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is listed twice`);
}

/** Refuses gateway addresses for which the LAN has no interface. */
function refuseHomeless({ bridge, router, vlan }: LanArgs, gateways: readonly string[]): void {
  if (bridge !== undefined && router === undefined && gateways.length > 0 && vlan === undefined)
    throw new Error(NO_HOLDER);
}

const NO_HOLDER = withHelp(
  "a LAN without a vlan has no interface on the bridge of another one, and so no place for its gateway addresses",
  "set router, vlan, or gateways: []",
);

function refuseUnknown(names: readonly string[], hosts: readonly LanHost[]): void {
  const unknown = names.find((name) => !hosts.some((host) => host.name === name));
  if (unknown === undefined) return;
  throw new Error(`${unknown} is not one of the hosts: ${hosts.map(({ name }) => name).join(", ")}`);
}
