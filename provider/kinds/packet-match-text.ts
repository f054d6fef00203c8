import * as v from "valibot";
import { nftQuote } from "../kernel/tools/nft.ts";
import { valuesOf } from "../several.ts";
import { PROTOCOL_NUMBERS, protocolNamed, protocolNumber } from "./filter-words.ts";
import { ADDRESSES, headerMatch, metaMatch, oneOrSet, PORTS } from "./nft-match.ts";
import type { PacketMatch } from "./packet-match.ts";

/*
 * The matches of a rule on packets: in nft syntax, and parsed from what `nft --json` shows.
 */

/** The arguments of a match, and those of the header of its protocol. */
interface HeaderMatch extends PacketMatch {
  readonly icmpType?: string | readonly string[] | undefined;
}

/** Returns the matches of a rule in nft syntax. */
export function matchTexts(args: HeaderMatch): string[] {
  const { family, source, destination, protocol, sourcePort, destinationPort, icmpType } = args;
  const isAddressed = source !== undefined || destination !== undefined;
  const isOfProtocol = (sourcePort ?? destinationPort ?? icmpType) !== undefined && valuesOf(protocol).length === 1;
  // The header with the ports of any of several protocols.
  const header = valuesOf(protocol).length === 1 ? String(protocol) : "th";
  return [
    ...(family !== "inet" && !isAddressed ? [`meta nfproto ${family === "ip6" ? "ipv6" : "ipv4"}`] : []),
    ...matchText("iifname", valuesOf(args.inInterface).map(nftQuote)),
    ...matchText("oifname", valuesOf(args.outInterface).map(nftQuote)),
    ...matchText(`${family} saddr`, valuesOf(source)),
    ...matchText(`${family} daddr`, valuesOf(destination)),
    ...(isOfProtocol ? [] : matchText("meta l4proto", valuesOf(protocol).map(protocolNumber))),
    ...matchText(`${header} sport`, valuesOf(sourcePort)),
    ...matchText(`${header} dport`, valuesOf(destinationPort)),
    ...matchText(`${header} type`, valuesOf(icmpType)),
  ];
}

/** Returns a match on one value or a set of them in nft syntax; none without values. */
export const matchText = (left: string, values: readonly (string | number)[]): string[] =>
  values.length === 0 ? [] : [`${left} ${values.length === 1 ? values[0] : `{ ${values.join(", ")} }`}`];

const TEXTS = oneOrSet(v.string());

/** The schema of a protocol, by number or in the words of nft. */
const PROTOCOL = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((shown) => protocolNamed(shown)),
);

/** Returns the protocol of a header; undefined for `th`, the header of several protocols. */
const ofHeader = (protocol: string): { protocol?: string[] } =>
  protocol in PROTOCOL_NUMBERS ? { protocol: [protocol] } : {};

/** The schemas of the matches, each of which becomes a part of the arguments. */
export const PACKET_MATCHES = [
  metaMatch("nfproto", v.picklist(["ipv4", "ipv6"]), (family) => ({ family: family === "ipv6" ? "ip6" : "ip" })),
  metaMatch("iifname", TEXTS, (inInterface) => ({ inInterface })),
  metaMatch("oifname", TEXTS, (outInterface) => ({ outInterface })),
  metaMatch("l4proto", oneOrSet(PROTOCOL), (protocol) => ({ protocol })),
  headerMatch("saddr", ADDRESSES, (family, source) => ({ family, source })),
  headerMatch("daddr", ADDRESSES, (family, destination) => ({ family, destination })),
  headerMatch("sport", oneOrSet(PORTS), (protocol, sourcePort) => ({ ...ofHeader(protocol), sourcePort })),
  headerMatch("dport", oneOrSet(PORTS), (protocol, destinationPort) => ({ ...ofHeader(protocol), destinationPort })),
  // One source port and one destination port of any of several protocols, which nft lists as raw bytes.
  v.pipe(
    v.object({
      match: v.object({
        op: v.literal("=="),
        left: v.object({
          payload: v.strictObject({ base: v.literal("th"), offset: v.literal(0), len: v.literal(32) }),
        }),
        right: v.number(),
      }),
    }),
    v.transform(({ match: { right } }) => ({ sourcePort: [right >>> 16], destinationPort: [right & 0xffff] })),
  ),
];
