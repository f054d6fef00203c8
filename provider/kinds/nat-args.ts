import * as v from "valibot";
import { familyOf } from "../cidr.ts";
import { formatValue } from "../format-value.ts";
import { args, field, rule } from "../schema.ts";
import {
  addressPool,
  flag,
  hostOrNetwork,
  integer,
  interfacePattern,
  namespaceName,
  oneOf,
  ports,
  text,
} from "../values.ts";

const predecessor = () =>
  text(`the name of a rule and the hash of its URN, e.g. "lan-out@127ecf19"`, (name) =>
    /^\S*@[0-9a-f]{8}$/.test(name) ? name : undefined,
  );

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  type: field(oneOf(["masquerade", "snat", "dnat", "redirect"])),
  family: v.optional(field(oneOf(["ip", "ip6", "inet"]), { computed: true })),
  source: v.optional(field(hostOrNetwork())),
  destination: v.optional(field(hostOrNetwork())),
  protocol: v.optional(field(oneOf(["tcp", "udp", "sctp", "icmp", "icmpv6"]))),
  sourcePort: v.optional(field(ports())),
  destinationPort: v.optional(field(ports())),
  inInterface: v.optional(field(interfacePattern())),
  outInterface: v.optional(field(interfacePattern())),
  toAddress: v.optional(field(addressPool())),
  toPort: v.optional(field(ports())),
  exclude: v.optional(field(flag()), false),
  random: v.optional(field(flag()), false),
  fullyRandom: v.optional(field(flag()), false),
  persistent: v.optional(field(flag()), false),
  after: v.optional(field(predecessor(), { setBySdk: true })),
  priority: v.optional(field(integer("the priority of a nat chain", -199, 2_147_483_647, 100), { computed: true })),
});

const translates = rule<NatArgs, "type" | "toAddress" | "exclude">(["type", "toAddress", "exclude"], (given) => {
  const { type, toAddress, exclude } = given;
  const names = type === "snat" || type === "dnat";
  if (exclude)
    return names
      ? undefined
      : {
          at: "type",
          why: `an exception has no ${type}; use "${type === "redirect" ? "dnat" : "snat"}", which says the direction`,
        };
  if (names && toAddress === undefined)
    return { at: "toAddress", why: `missing: ${type} requires the address to translate to, e.g. "192.168.15.1"` };
  if (!names && toAddress !== undefined)
    return { at: "toAddress", why: `${type} takes no toAddress: it translates to the address of the interface` };
  return undefined;
});

/** The kernel knows the incoming interface also when a packet leaves, but the outgoing one only after it has routed the packet. */
const seesInterface = rule<NatArgs, "type" | "outInterface">(["type", "outInterface"], ({ type, outInterface }) =>
  outInterface !== undefined && (type === "dnat" || type === "redirect")
    ? { at: "outInterface", why: `"${outInterface}" cannot be matched by ${type}: ${BEFORE_ROUTING}` }
    : undefined,
);

const BEFORE_ROUTING = "it acts before a packet is routed; use inInterface or destination";

const portsOfProtocol = (at: "sourcePort" | "destinationPort" | "toPort") =>
  rule<NatArgs, "protocol" | typeof at>(["protocol", at], ({ protocol, ...args }) =>
    args[at] !== undefined && !(protocol === "tcp" || protocol === "udp" || protocol === "sctp")
      ? {
          at,
          why: `a port, here ${formatValue(args[at])}, requires a protocol with ports: set protocol to "tcp", "udp" or "sctp"`,
        }
      : undefined,
  );

/** An exception translates nothing, so arguments of a translation would have no effect. */
const excludes = (at: "toAddress" | "toPort" | (typeof FLAGS)[number]["argument"]) =>
  rule<NatArgs, "exclude" | typeof at>(["exclude", at], ({ exclude, ...given }) =>
    exclude && given[at] !== undefined && given[at] !== false
      ? { at, why: "has no effect: the rule excludes packets from translation" }
      : undefined,
  );

const oneKindOfRandom = rule<NatArgs, "random" | "fullyRandom">(["random", "fullyRandom"], (given) =>
  given.random && given.fullyRandom
    ? { at: "random", why: "has no effect: fullyRandom already chooses ports at random" }
    : undefined,
);

const oneFamily = rule<NatArgs, "family" | "source" | "destination" | "toAddress" | "protocol">(
  ["family", "source", "destination", "toAddress", "protocol"],
  (args) => {
    const [first, other] = families(args);
    return first === undefined || other === undefined
      ? undefined
      : {
          at: other.at,
          why: `is ${NAMES[other.family]} but ${first.at} is ${NAMES[first.family]}; a rule must use one family`,
        };
  },
);

const NAMES = { ip: "IPv4", ip6: "IPv6" };

/** The arguments of a NAT rule. */
export type NatArgs = v.InferOutput<typeof fields>;

/** The schema of a NAT rule's arguments: validation, defaults and traits. */
export const natSchema = v.pipe(
  fields,
  translates,
  seesInterface,
  portsOfProtocol("sourcePort"),
  portsOfProtocol("destinationPort"),
  portsOfProtocol("toPort"),
  excludes("toAddress"),
  excludes("toPort"),
  excludes("random"),
  excludes("fullyRandom"),
  excludes("persistent"),
  oneKindOfRandom,
  oneFamily,
);

/** The flags of a translation, each with its word in nft. */
export const FLAGS = [
  { argument: "random", word: "random" },
  { argument: "fullyRandom", word: "fully-random" },
  { argument: "persistent", word: "persistent" },
] as const;

/** Returns the families that a rule's arguments imply, each once, with the first argument that implies it. */
export function families(
  args: Partial<NatArgs>,
): { at: "family" | "source" | "destination" | "toAddress" | "protocol"; family: "ip" | "ip6" }[] {
  const told = [
    { at: "family", family: args.family },
    { at: "source", family: nftFamily(args.source) },
    { at: "destination", family: nftFamily(args.destination) },
    { at: "toAddress", family: nftFamily(args.toAddress) },
    { at: "protocol", family: args.protocol === "icmp" ? "ip" : args.protocol === "icmpv6" ? "ip6" : undefined },
  ] as const;
  return told.flatMap(({ at, family }, index) => {
    const isFirst = told.findIndex((other) => other.family === family) === index;
    return (family === "ip" || family === "ip6") && isFirst ? [{ at, family }] : [];
  });
}

/** Returns the family of a rule: `inet`, which is both, unless an argument implies one. */
export const impliedFamily = (args: Partial<NatArgs>): "ip" | "ip6" | "inet" => families(args)[0]?.family ?? "inet";

const nftFamily = (address: string | undefined): "ip" | "ip6" | undefined =>
  address === undefined ? undefined : familyOf(address) === "inet6" ? "ip6" : "ip";
