import { mergeNetworks } from "../address-ranges.ts";
import { familyOf } from "../cidr.ts";
import { formatValue } from "../format-value.ts";
import { isUnknown, rule } from "../schema.ts";
import { mergePorts, several, sorted, valuesOf } from "../several.ts";
import { hostOrNetwork, interfacePattern, ports } from "../values.ts";
import type { Protocol } from "./filter-words.ts";

/*
 * The arguments by which a rule of nft matches packets.
 */

/** The arguments that select packets, and those to which a rule translates them, in their normal form. Any value of a list matches. */
export interface PacketMatch {
  readonly family?: "ip" | "ip6" | "inet" | undefined;
  readonly source?: Several<string>;
  readonly destination?: Several<string>;
  readonly protocol?: Several<Protocol>;
  readonly sourcePort?: Several<number | string>;
  readonly destinationPort?: Several<number | string>;
  readonly inInterface?: Several<string>;
  readonly outInterface?: Several<string>;
  readonly toAddress?: string | undefined;
  readonly toPort?: number | string | undefined;
}

type Several<T> = T | readonly T[] | undefined;

/** Declares addresses and networks. */
export const networks = () => several(hostOrNetwork(), mergeNetworks);

/** Declares ports and ranges of ports. */
export const portRanges = () => several(ports(), mergePorts);

/** Declares interfaces, or one prefix of names. */
export const interfaces = () => several(interfacePattern(), sorted<string>(String));

/** Returns the checks of the arguments together. */
export const packetRules = <Args extends PacketMatch>() =>
  RULES.map(({ reads, faultOf }) => rule<Args, keyof PacketMatch>(reads, faultOf));

/** Returns the families that the arguments of a rule imply, each once, with the first argument that implies it. */
export function families(args: PacketMatch): { at: keyof PacketMatch; family: "ip" | "ip6" }[] {
  const told = [
    { at: "family", family: args.family },
    { at: "source", family: familyIn(args.source) },
    { at: "destination", family: familyIn(args.destination) },
    { at: "toAddress", family: familyIn(args.toAddress) },
    { at: "protocol", family: familyOfProtocol(args.protocol) },
  ] as const;
  return told.flatMap(({ at, family }, index) => {
    const isFirst = told.findIndex((other) => other.family === family) === index;
    return (family === "ip" || family === "ip6") && isFirst ? [{ at, family }] : [];
  });
}

/** Returns the family of a rule: `inet`, which is both, unless an argument implies one. */
export const impliedFamily = (args: PacketMatch): "ip" | "ip6" | "inet" => families(args)[0]?.family ?? "inet";

function familyIn(given: Several<string>): "ip" | "ip6" | undefined {
  const [first] = knownIn(given);
  return first === undefined ? undefined : familyOf(first) === "inet6" ? "ip6" : "ip";
}

/** Returns the family of a version of ICMP; undefined for other protocols, and for several. */
function familyOfProtocol(given: Several<Protocol>): "ip" | "ip6" | undefined {
  const [only, ...more] = valuesOf(given);
  return more.length > 0 ? undefined : only === "icmp" ? "ip" : only === "icmpv6" ? "ip6" : undefined;
}

const knownIn = (given: Several<string>): string[] => valuesOf(given).filter((one) => !isUnknown(one));

type Argument = keyof PacketMatch;

/** A check of some arguments, which are known. */
interface PacketRule {
  readonly reads: readonly Argument[];
  readonly faultOf: (given: PacketMatch) => { at: Argument; why: string } | undefined;
}

const hasPorts = (at: "sourcePort" | "destinationPort" | "toPort"): PacketRule => ({
  reads: ["protocol", at],
  faultOf: ({ protocol, ...given }) => {
    const protocols = valuesOf(protocol);
    const have = protocols.every((one) => isUnknown(one) || one === "tcp" || one === "udp" || one === "sctp");
    return given[at] === undefined || (have && protocols.length > 0)
      ? undefined
      : {
          at,
          why: `a port, here ${formatValue(given[at])}, requires protocols with ports: set protocol to "tcp", "udp" or "sctp", or a list of these`,
        };
  },
});

const ofOneFamily = (at: "source" | "destination"): PacketRule => ({
  reads: [at],
  faultOf: (given) =>
    new Set(knownIn(given[at]).map(familyOf)).size > 1
      ? { at, why: `${formatValue(given[at])} mixes IPv4 and IPv6; declare a rule for each family` }
      : undefined,
});

const agreesOnFamily: PacketRule = {
  reads: ["family", "source", "destination", "toAddress", "protocol"],
  faultOf: (given) => {
    const [first, other] = families(given);
    return first === undefined || other === undefined
      ? undefined
      : {
          at: other.at,
          why: `is ${NAMES[other.family]} but ${first.at} is ${NAMES[first.family]}; a rule must use one family`,
        };
  },
};

const NAMES = { ip: "IPv4", ip6: "IPv6" };

/** nft cannot list a set in which it has merged a prefix of names with an adjacent name or prefix. */
const namesOrPrefix = (at: "inInterface" | "outInterface"): PacketRule => ({
  reads: [at],
  faultOf: (given) => {
    const values = valuesOf(given[at]);
    const prefix = values.find((value) => value.endsWith("*"));
    return values.length > 1 && prefix !== undefined
      ? { at, why: `a list of interfaces cannot include the prefix "${prefix}"; declare a rule for the prefix` }
      : undefined;
  },
});

const RULES: readonly PacketRule[] = [
  hasPorts("sourcePort"),
  hasPorts("destinationPort"),
  hasPorts("toPort"),
  ofOneFamily("source"),
  ofOneFamily("destination"),
  agreesOnFamily,
  namesOrPrefix("inInterface"),
  namesOrPrefix("outInterface"),
];
