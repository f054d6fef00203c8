import * as v from "valibot";
import { networksBetween } from "../address-ranges.ts";
import { type NftRule, nftQuote } from "../kernel/tools/nft.ts";
import { valuesOf } from "../several.ts";
import { type FilterRule, filterRule } from "./filter-rule.ts";
import { limitText } from "./filter-values.ts";
import { PROTOCOL_NUMBERS, protocolName, protocolNumber } from "./filter-words.ts";
import { ADDRESS, headerMatch, merged, metaMatch, oneOrSet, PORTS } from "./nft-match.ts";

/** Returns a rule in nft syntax. */
export function ruleText(rule: FilterRule): string {
  const { family, source, destination, protocol, sourcePort, destinationPort, icmpType } = rule;
  const isAddressed = source !== undefined || destination !== undefined;
  const isOfProtocol = (sourcePort ?? destinationPort ?? icmpType) !== undefined && valuesOf(protocol).length === 1;
  // The header with the ports of any of several protocols.
  const header = valuesOf(protocol).length === 1 ? String(protocol) : "th";
  return [
    ...(family !== "inet" && !isAddressed ? [`meta nfproto ${family === "ip6" ? "ipv6" : "ipv4"}`] : []),
    ...matching("iifname", valuesOf(rule.inInterface).map(nftQuote)),
    ...matching("oifname", valuesOf(rule.outInterface).map(nftQuote)),
    ...matching(`${family} saddr`, valuesOf(source)),
    ...matching(`${family} daddr`, valuesOf(destination)),
    ...(isOfProtocol ? [] : matching("meta l4proto", valuesOf(protocol).map(protocolNumber))),
    ...matching(`${header} sport`, valuesOf(sourcePort)),
    ...matching(`${header} dport`, valuesOf(destinationPort)),
    ...matching(`${header} type`, valuesOf(icmpType)),
    ...(rule.ctState === undefined ? [] : [`ct state ${valuesOf(rule.ctState).join(",")}`]),
    ...matching("meta mark", valuesOf(rule.mark)),
    ...(rule.limit === undefined ? [] : [`limit rate ${rule.limit}`]),
    ...(rule.counter ? ["counter"] : []),
    ...(rule.log === undefined ? [] : [`log prefix ${nftQuote(rule.log)}`]),
    verdictText(rule),
  ].join(" ");
}

/** Returns a kernel rule in terms of arguments; undefined if arguments cannot express it. */
export function ruleOf({ expr }: NftRule): FilterRule | undefined {
  const parts = v.safeParse(v.array(EXPRESSION), expr);
  const found = parts.success ? merged(parts.output) : undefined;
  const rule = v.safeParse(filterRule, found && { action: "continue", ...found });
  return rule.success ? rule.output : undefined;
}

const matching = (left: string, values: readonly (string | number)[]): string[] =>
  values.length === 0 ? [] : [`${left} ${values.length === 1 ? values[0] : `{ ${values.join(", ")} }`}`];

function verdictText({ action, rejectWith }: FilterRule): string {
  if (action !== "reject") return action;
  return `reject with ${rejectWith === "tcp reset" ? rejectWith : `icmpx ${rejectWith}`}`;
}

const ADDRESSES = v.pipe(
  oneOrSet(
    v.union([
      v.pipe(
        v.object({ range: v.tuple([v.string(), v.string()]) }),
        v.transform(({ range }) => networksBetween(...range)),
      ),
      v.pipe(
        ADDRESS,
        v.transform((one) => [one]),
      ),
    ]),
  ),
  v.transform((all) => all.flat()),
);

const TEXTS = oneOrSet(v.string());

/** Returns the protocol of a header; undefined for `th`, the header of several protocols. */
const ofHeader = (protocol: string): { protocol?: string[] } =>
  protocol in PROTOCOL_NUMBERS ? { protocol: [protocol] } : {};

/** The schema of one source port and one destination port of any of several protocols, which nft lists as raw bytes. */
const BOTH_PORTS = v.pipe(
  v.object({
    match: v.object({
      op: v.literal("=="),
      left: v.object({ payload: v.strictObject({ base: v.literal("th"), offset: v.literal(0), len: v.literal(32) }) }),
      right: v.number(),
    }),
  }),
  v.transform(({ match: { right } }) => ({ sourcePort: [right >>> 16], destinationPort: [right & 0xffff] })),
);

const verdict = (action: FilterRule["action"]) =>
  v.pipe(
    v.strictObject({ [action]: v.null() }),
    v.transform(() => ({ action })),
  );

/** The schema of one expression of a rule, which becomes a part of its arguments. */
const EXPRESSION = v.union([
  metaMatch("nfproto", v.picklist(["ipv4", "ipv6"]), (family) => ({ family: family === "ipv6" ? "ip6" : "ip" })),
  metaMatch("iifname", TEXTS, (inInterface) => ({ inInterface })),
  metaMatch("oifname", TEXTS, (outInterface) => ({ outInterface })),
  metaMatch("l4proto", oneOrSet(v.number()), (numbers) => ({ protocol: numbers.map(protocolName) })),
  metaMatch("mark", v.number(), (mark) => ({ mark })),
  headerMatch("saddr", ADDRESSES, (family, source) => ({ family, source })),
  headerMatch("daddr", ADDRESSES, (family, destination) => ({ family, destination })),
  headerMatch("sport", oneOrSet(PORTS), (protocol, sourcePort) => ({ ...ofHeader(protocol), sourcePort })),
  headerMatch("dport", oneOrSet(PORTS), (protocol, destinationPort) => ({ ...ofHeader(protocol), destinationPort })),
  BOTH_PORTS,
  headerMatch("type", TEXTS, (protocol, icmpType) => ({ ...ofHeader(protocol), icmpType })),
  v.pipe(
    v.object({
      match: v.object({
        op: v.literal("in"),
        left: v.object({ ct: v.strictObject({ key: v.literal("state") }) }),
        right: v.union([v.string(), v.array(v.string())]),
      }),
    }),
    v.transform(({ match }) => ({ ctState: match.right })),
  ),
  v.pipe(
    v.object({ limit: v.strictObject({ rate: v.number(), burst: v.number(), per: v.string() }) }),
    v.transform(({ limit }) => ({ limit: limitText(limit) })),
  ),
  v.pipe(
    v.object({ counter: v.unknown() }),
    v.transform(() => ({ counter: true })),
  ),
  v.pipe(
    v.object({ log: v.strictObject({ prefix: v.string() }) }),
    v.transform(({ log }) => ({ log: log.prefix })),
  ),
  v.pipe(
    v.object({ reject: v.strictObject({ type: v.string(), expr: v.optional(v.string()) }) }),
    v.transform(({ reject }) => ({ action: "reject", rejectWith: rejectWord(reject) })),
  ),
  ...(["accept", "drop", "return", "continue"] as const).map(verdict),
]);

/** Returns the answer of a `reject` in terms of arguments; other answers, such as those of one family, are not accepted. */
const rejectWord = ({ type, expr = "" }: { type: string; expr?: string | undefined }): string =>
  type === "icmpx" ? expr : type === "tcp reset" ? type : `${type} ${expr}`;
