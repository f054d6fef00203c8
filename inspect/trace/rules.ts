import * as v from "valibot";
import { boundsOf } from "../../provider/address-ranges.ts";
import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";
import { type PacketFacts, ruleMatches, VERDICTS } from "./rule-match.ts";
import { chainText, ruleText, sourceText } from "./rule-text.ts";

/** The outcome for a packet at a hook. */
export interface RulesVerdict {
  /** The rule or policy that drops the packet; undefined if it passes. */
  readonly droppedBy?: string;
  /** The address translation that applies to the packet. */
  readonly translation?: Translation;
  /** A NatRule of the usual priority that lets the packet pass as it is, so that no later one decides; undefined if none does. */
  readonly exemptedBy?: string | undefined;
  /** The marks of the packet and of its connection after the rules; undefined if none is known to have set one. */
  readonly mark?: number | undefined;
  readonly ctMark?: number | undefined;
  /** The rule or policy that may drop the packet, where rules could not be evaluated; undefined if none may. */
  readonly mayBeDroppedBy?: string;
}

/** The address translation of a rule. */
export interface Translation {
  readonly kind: "masquerade" | "snat" | "dnat" | "redirect";
  /** The new address, or the range from which the kernel takes one, if the rule gives any. */
  readonly to: string | readonly [first: string, last: string] | undefined;
  /** The new port, or the range from which the kernel takes one, if the rule gives any. */
  readonly port: number | readonly [first: number, last: number] | undefined;
  readonly rule: string;
  /** The NatRule of which the rule is; the rule itself if it is of none. */
  readonly by: string;
}

/** A hook at which rules see a packet. */
export type Hook = "prerouting" | "input" | "forward" | "output" | "postrouting";

/** The rules of a place. */
export type Ruleset = v.InferOutput<typeof RULESET>["nftables"];

/** Reads all rules of a place; none if `nft` is not installed or not permitted. */
export async function readRules(host: LabHost, place: Place): Promise<Ruleset> {
  const { code, stdout } = await host.run(place, "nft", "--json", "list", "ruleset");
  if (code !== 0) return [];
  const ruleset = v.parse(RULESET, JSON.parse(stdout)).nftables;
  if (!ruleset.some(({ rule }) => rule !== undefined)) return ruleset;
  const texts = ruleTexts((await host.run(place, "nft", "--handle", "list", "ruleset")).stdout);
  return ruleset.map((item) => {
    const text = item.rule && texts.get(handleOf(item.rule));
    return item.rule && text !== undefined ? { ...item, rule: { ...item.rule, text } } : item;
  });
}

/** Returns the rules in a listing of nft as their texts, by their table and handle. */
function ruleTexts(listing: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let [family, table] = ["", ""];
  for (const line of listing.split("\n")) {
    [, family = family, table = table] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    const [, text, handle] = /^\t\t(.*) # handle (\d+)$/.exec(line) ?? [];
    if (text === undefined) continue;
    // The counters differ at each look.
    const steady = text.replaceAll(/counter packets \d+ bytes \d+/g, "counter");
    texts.set(handleOf({ family, table, handle: Number(handle) }), steady);
  }
  return texts;
}

const handleOf = ({ family, table, handle }: { family: string; table: string; handle: number }): string =>
  `${family} ${table} ${handle}`;

/** Evaluates the chains of a hook for a packet, in their order. */
export function evaluateRules(
  ruleset: Ruleset,
  hook: Hook,
  type: "filter" | "nat" | "route",
  packet: PacketFacts,
): RulesVerdict {
  const effects: Effects = { lets: false, mark: packet.mark, ctMark: packet.ctMark };
  let exemptedBy: string | undefined;
  const families = packet.tables === "bridge" ? ["bridge"] : ["inet", packet.family];
  const chains = ruleset
    .flatMap(({ chain }) => chain ?? [])
    .filter((chain) => chain.hook === hook && chain.type === type && families.includes(chain.family))
    // Of chains with the same priority, the kernel runs the newest first, which nft lists last.
    .toReversed()
    .sort((left, right) => Number(left.prio) - Number(right.prio));
  for (const chain of chains) {
    const end = evaluateChain(ruleset, chain, packet, effects) ?? policyOf(ruleset, chain);
    if (end.translation !== undefined) return { translation: end.translation };
    // A rule that could not be evaluated may have accepted the packet before.
    if (end.drop && !effects.lets) return { droppedBy: end.rule };
    if (end.drop) return { mayBeDroppedBy: end.rule };
    // NatRules of the usual priority are in a chain that has the name of its hook.
    if (type === "nat" && chain.name === hook && end.by !== end.rule) exemptedBy ??= end.by;
  }
  const { drops, mark, ctMark } = effects;
  return {
    ...(exemptedBy !== undefined && { exemptedBy }),
    ...(drops !== undefined && { mayBeDroppedBy: drops }),
    ...(mark !== undefined && { mark }),
    ...(ctMark !== undefined && { ctMark }),
  };
}

/** The marks that rules set, and the possible effects of rules that could not be evaluated. */
interface Effects {
  lets: boolean;
  drops?: string;
  mark: number | undefined;
  ctMark: number | undefined;
}

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly policy?: string | undefined;
}

/** The result of evaluating a chain. */
interface Verdict {
  readonly rule: string;
  /** The NatRule of which the rule is; the rule itself if it is of none. */
  readonly by: string;
  readonly drop: boolean;
  readonly translation?: Translation;
}

function policyOf(ruleset: Ruleset, chain: Chain): Verdict {
  const rule = `policy drop of ${chainText(chain, rulesIn(ruleset, chain))}`;
  return { rule, by: rule, drop: chain.policy === "drop" };
}

/** Returns undefined if no rule of the chain decides. */
function evaluateChain(
  ruleset: Ruleset,
  chain: Chain,
  packet: PacketFacts,
  effects: Effects,
  depth = 0,
): Verdict | undefined {
  const rules = rulesIn(ruleset, chain);
  for (const rule of rules) {
    const parts = rule.expr.flatMap((part) => Object.entries(part));
    const { mark, ctMark } = effects;
    const matches = parts.map(([key, value]) => ruleMatches(key, value, { ...packet, mark, ctMark }));
    if (matches.includes(false)) continue;
    const [verb, value] = parts.find(([key]) => VERDICTS.includes(key)) ?? [];
    const shown = `${ruleText(rule)} of ${chainText(chain, rules)}`;
    if (matches.includes(undefined)) {
      if (verb === "drop" || verb === "reject") effects.drops = shown;
      else effects.lets = true;
      continue;
    }
    for (const [key, one] of parts) if (key === "mangle") setMark(one, effects);
    if (verb === undefined) continue;
    if (verb === "return") return undefined;
    if (verb === "jump" || verb === "goto") {
      const next = { ...chain, name: v.parse(TARGET, value).target };
      const end = depth < DEEPEST ? evaluateChain(ruleset, next, packet, effects, depth + 1) : undefined;
      if (end !== undefined || verb === "goto") return end;
      continue;
    }
    const translation = v.safeParse(TRANSLATES, verb);
    const by = sourceText(rule, shown);
    if (!translation.success) return { rule: shown, by, drop: verb !== "accept" };
    const { addr: to, port } = v.parse(TO, value) ?? {};
    return { rule: shown, by, drop: false, translation: { kind: translation.output, to, port, rule: shown, by } };
  }
  return undefined;
}

/** Applies a statement that sets a mark of the packet or of its connection to a number, or to the other mark. */
function setMark(statement: unknown, effects: Effects): void {
  const set = v.safeParse(SETS_MARK, statement);
  if (!set.success) return;
  const { key, value } = set.output;
  const given = typeof value === "number" ? value : "meta" in value ? (effects.mark ?? 0) : effects.ctMark;
  effects["meta" in key ? "mark" : "ctMark"] = given;
}

const rulesIn = (ruleset: Ruleset, { family, table, name }: Chain) =>
  ruleset
    .flatMap(({ rule }) => rule ?? [])
    .filter((rule) => rule.chain === name && rule.table === table && rule.family === family);

const TRANSLATES = v.picklist(["masquerade", "snat", "dnat", "redirect"]);
/** The maximum depth of jumps between chains, which nft enforces. */
const DEEPEST = 16;

const MARK = v.union([
  v.object({ meta: v.object({ key: v.literal("mark") }) }),
  v.object({ ct: v.strictObject({ key: v.literal("mark") }) }),
]);

/** The statements `meta mark set` and `ct mark set`, with a number or with the other mark. */
const SETS_MARK = v.object({ key: MARK, value: v.union([v.number(), MARK]) });

const TARGET = v.object({ target: v.string() });
const rangeOf = <S extends v.GenericSchema>(end: S) =>
  v.pipe(
    v.object({ range: v.tuple([end, end]) }),
    v.transform(({ range }) => range),
  );

/** A range of addresses that nft shows as a network. */
const ofPrefix = v.pipe(
  v.object({ prefix: v.object({ addr: v.string(), len: v.number() }) }),
  v.transform(({ prefix: { addr, len } }) => boundsOf(`${addr}/${len}`)),
);

/** The target of a translation. Maps, whose choice is not known in advance, are left out. */
const TO = v.nullable(
  v.object({
    addr: v.optional(v.fallback(v.optional(v.union([v.string(), rangeOf(v.string()), ofPrefix])), undefined)),
    port: v.optional(v.fallback(v.optional(v.union([v.number(), rangeOf(v.number())])), undefined)),
  }),
);
const RULESET = v.object({
  nftables: v.array(
    v.object({
      chain: v.optional(
        v.object({
          family: v.string(),
          table: v.string(),
          name: v.string(),
          type: v.optional(v.string()),
          hook: v.optional(v.string()),
          prio: v.optional(v.union([v.number(), v.string()])),
          policy: v.optional(v.string()),
        }),
      ),
      rule: v.optional(
        v.object({
          family: v.string(),
          table: v.string(),
          chain: v.string(),
          handle: v.number(),
          comment: v.optional(v.string()),
          /** The rule as nft displays it. */
          text: v.optional(v.string()),
          expr: v.array(v.record(v.string(), v.unknown())),
        }),
      ),
    }),
  ),
});
