import * as v from "valibot";
import { type NftRule, nftQuote } from "../kernel/tools/nft.ts";
import { valuesOf } from "../several.ts";
import { type FilterRule, filterRule } from "./filter-rule.ts";
import { limitText } from "./filter-values.ts";
import { ctMatch, headerMatch, merged, metaMatch, oneOrSet } from "./nft-match.ts";
import { matchText, matchTexts, PACKET_MATCHES } from "./packet-match-text.ts";

/** Returns a rule in nft syntax. */
export const ruleText = (rule: FilterRule): string =>
  [
    ...matchTexts(rule),
    ...(rule.ctState === undefined ? [] : [`ct state ${valuesOf(rule.ctState).join(",")}`]),
    ...matchText("meta mark", valuesOf(rule.mark)),
    ...matchText("ct mark", valuesOf(rule.ctMark)),
    ...(rule.limit === undefined ? [] : [`limit rate ${rule.limit}`]),
    ...(rule.counter ? ["counter"] : []),
    ...(rule.log === undefined ? [] : [`log prefix ${nftQuote(rule.log)}`]),
    ...setText("ct mark", rule.setCtMark),
    ...setText("meta mark", rule.setMark),
    verdictText(rule),
  ].join(" ");

/** Returns a kernel rule in terms of arguments; undefined if arguments cannot express it. */
export function ruleOf({ expr }: NftRule): FilterRule | undefined {
  const parts = v.safeParse(v.array(EXPRESSION), expr);
  const found = parts.success ? merged(parts.output) : undefined;
  const rule = v.safeParse(filterRule, found && { action: "continue", ...found });
  return rule.success ? rule.output : undefined;
}

const setText = (mark: string, to: number | string | undefined): string[] =>
  to === undefined ? [] : [`${mark} set ${to}`];

function verdictText({ action, rejectWith }: FilterRule): string {
  if (action !== "reject") return action;
  return `reject with ${rejectWith === "tcp reset" ? rejectWith : `icmpx ${rejectWith}`}`;
}

const verdict = (action: FilterRule["action"]) =>
  v.pipe(
    v.strictObject({ [action]: v.null() }),
    v.transform(() => ({ action })),
  );

/** The schema of the statement that sets the mark of a packet (`meta`) or of a connection (`ct`), or copies the other one. */
function markSetting<Part extends object>(of: MarkOwner, other: MarkOwner, part: (to: number | string) => Part) {
  const markOf = (owner: MarkOwner) => v.strictObject({ [owner]: v.strictObject({ key: v.literal("mark") }) });
  const copied = v.pipe(
    markOf(other),
    v.transform(() => `${other} mark`),
  );
  return v.pipe(
    v.object({ mangle: v.strictObject({ key: markOf(of), value: v.union([v.number(), copied]) }) }),
    v.transform(({ mangle }) => part(mangle.value)),
  );
}

type MarkOwner = "meta" | "ct";

/** The schema of one expression of a rule, which becomes a part of its arguments. */
const EXPRESSION = v.union([
  ...PACKET_MATCHES,
  headerMatch("type", oneOrSet(v.string()), (protocol, icmpType) => ({ protocol: [protocol], icmpType })),
  metaMatch("mark", v.number(), (mark) => ({ mark })),
  // A packet has one state, so that a set and a list of flags match the same.
  ctMatch("state", ["in", "=="], v.union([v.array(v.string()), oneOrSet(v.string())]), (ctState) => ({ ctState })),
  ctMatch("mark", ["=="], v.number(), (ctMark) => ({ ctMark })),
  markSetting("meta", "ct", (setMark) => ({ setMark })),
  markSetting("ct", "meta", (setCtMark) => ({ setCtMark })),
  v.pipe(
    v.object({ limit: v.strictObject({ rate: v.number(), burst: v.number(), per: v.string() }) }),
    v.transform(({ limit }) => ({ limit: limitText(limit) })),
  ),
  v.pipe(
    v.object({ counter: v.nullable(v.object({})) }),
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
