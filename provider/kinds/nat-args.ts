import * as v from "valibot";
import { formatValue } from "../format-value.ts";
import { args, field, rule } from "../schema.ts";
import { inOrderOf, several } from "../several.ts";
import { observedOnly } from "../value.ts";
import { addressPool, flag, integer, namespaceName, oneOf, ports, text } from "../values.ts";
import { interfaces, networks, packetRules, portRanges } from "./packet-match.ts";

const PROTOCOLS = ["tcp", "udp", "sctp", "icmp", "icmpv6"] as const;

const predecessor = () =>
  text(`the name of a rule and the hash of its URN, e.g. "lan-out@127ecf19"`, (name) =>
    /^\S*@[0-9a-f]{8}$/.test(name) ? name : undefined,
  );

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  type: field(oneOf(["masquerade", "snat", "dnat", "redirect"])),
  family: v.optional(field(oneOf(["ip", "ip6", "inet"]), { computed: true })),
  source: v.optional(field(networks())),
  destination: v.optional(field(networks())),
  protocol: v.optional(field(several(oneOf(PROTOCOLS), inOrderOf(PROTOCOLS)))),
  sourcePort: v.optional(field(portRanges())),
  destinationPort: v.optional(field(portRanges())),
  inInterface: v.optional(field(interfaces())),
  outInterface: v.optional(field(interfaces())),
  toAddress: v.optional(field(addressPool())),
  toPort: v.optional(field(ports())),
  exclude: v.optional(field(flag()), false),
  random: v.optional(field(flag()), false),
  fullyRandom: v.optional(field(flag()), false),
  persistent: v.optional(field(flag()), false),
  after: v.optional(field(predecessor(), { setBySdk: true })),
  priority: v.optional(field(integer("the priority of a nat chain", -199, 2_147_483_647, 100), { computed: true })),
  copies: v.optional(field(observedOnly("the number of copies of the rule in the kernel"), { setBySdk: true })),
  policy: v.optional(field(observedOnly("a changed policy of the rule's chain in the kernel"), { setBySdk: true })),
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
    ? { at: "outInterface", why: `${formatValue(outInterface)} cannot be matched by ${type}: ${BEFORE_ROUTING}` }
    : undefined,
);

const BEFORE_ROUTING = "it acts before a packet is routed; use inInterface or destination";

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

/** The arguments of a NAT rule. */
export type NatArgs = v.InferOutput<typeof fields>;

/** The schema of a NAT rule's arguments: validation, defaults and traits. */
export const natSchema = v.pipe(
  fields,
  translates,
  seesInterface,
  excludes("toAddress"),
  excludes("toPort"),
  excludes("random"),
  excludes("fullyRandom"),
  excludes("persistent"),
  oneKindOfRandom,
  ...packetRules<NatArgs>(),
);

/** The flags of a translation, each with its word in nft. */
export const FLAGS = [
  { argument: "random", word: "random" },
  { argument: "fullyRandom", word: "fully-random" },
  { argument: "persistent", word: "persistent" },
] as const;
