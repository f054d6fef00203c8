import * as v from "valibot";
import type { Command } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/** A rule as `nft --json list` shows it. */
export type NftRule = v.InferOutput<typeof RULE>;

/** Returns the command for one transaction of nft, which is atomic. */
export const nft = (namespace: string | undefined, ...lines: readonly string[]): Command => ({
  tool: "nft",
  namespace,
  args: ["-f", "-"],
  stdin: `${lines.join("\n")}\n`,
});

/** Returns a table, with protocols by name; without chains and rules if the table or the namespace does not exist. */
export const listTable = (kernel: KernelClient, namespace: string | undefined, table: string): Promise<NftTable> =>
  tableIn(list(kernel, namespace, "list", "table", "inet", table));

/** A table with its chains, and the rules of each in order. */
export interface NftTable {
  readonly chains: readonly BaseChain[];
  readonly rules: readonly NftRule[];
  /** The kinds of its other objects, such as `set`. */
  readonly others: readonly string[];
}

/** Returns a table, with protocols as numbers; without chains and rules if the table or the namespace does not exist. */
export const showTable = (kernel: KernelClient, namespace: string | undefined, table: string): Promise<NftTable> =>
  tableIn(list(kernel, namespace, "--numeric-protocol", "list", "table", "inet", table));

/** Returns the rules of a chain as nft displays them, by handle. */
export async function showRuleTexts(
  kernel: KernelClient,
  namespace: string | undefined,
  table: string,
  chain: string,
  family = "inet",
): Promise<ReadonlyMap<number, string>> {
  const args = ["--handle", "list", "chain", family, table, chain];
  const listing = await runQuery(kernel, { tool: "nft", namespace, args, query: true });
  const lines = [...(listing ?? "").matchAll(/^\t\t(.*) # handle (\d+)$/gm)];
  return new Map(lines.map(([, text = "", handle]) => [Number(handle), text]));
}

/** Returns all chains, rules and sets of a place, in all tables, with protocols as numbers; none if the place does not exist. */
export async function listRuleset(kernel: KernelClient, namespace: string | undefined): Promise<NftRuleset> {
  const listing = await runQuery(kernel, {
    tool: "nft",
    namespace,
    args: ["--json", "--numeric-protocol", "list", "ruleset"],
    query: true,
  });
  const items = listing === undefined ? [] : v.parse(RULESET, JSON.parse(listing)).nftables;
  return {
    chains: items.flatMap(({ chain }) => chain ?? []),
    rules: items.flatMap(({ rule }) => rule ?? []),
    sets: items.flatMap(({ set, map }) => set ?? map ?? []),
  };
}

/** The chains, rules and sets of all tables. */
export interface NftRuleset {
  readonly chains: readonly BaseChain[];
  readonly rules: readonly RuleInTable[];
  /** The sets and maps that have a name. */
  readonly sets: readonly v.InferOutput<typeof SET>[];
}

/** Returns the rules of a chain, in order. */
export const rulesOf = ({ rules }: NftRuleset, { family, table, name }: BaseChain): RuleInTable[] =>
  rules.filter((rule) => rule.family === family && rule.table === table && rule.chain === name);

/** A rule with its table. */
export type RuleInTable = v.InferOutput<typeof RULE_IN_TABLE>;

/** A base chain: a chain that is attached to a hook. */
export type BaseChain = v.InferOutput<typeof CHAIN>;

/** Returns all chains of a place, in all tables; none if the place does not exist. */
export async function listChains(kernel: KernelClient, namespace: string | undefined): Promise<BaseChain[]> {
  const items = await list(kernel, namespace, "list", "chains");
  return items.flatMap(({ chain }) => chain ?? []);
}

async function tableIn(listing: ReturnType<typeof list>): Promise<NftTable> {
  const items = await listing;
  return {
    chains: items.flatMap(({ chain }) => chain ?? []),
    rules: items.flatMap(({ rule }) => rule ?? []),
    others: items.flatMap((item) => Object.keys(item)).filter((kind) => !USUAL.has(kind)),
  };
}

/** The kinds of objects in a listing of a table that every table has. */
const USUAL: ReadonlySet<string> = new Set(["metainfo", "table", "chain", "rule"]);

async function list(kernel: KernelClient, namespace: string | undefined, ...words: string[]) {
  const command: Command = { tool: "nft", namespace, args: ["--json", ...words], query: true };
  const listing = await runQuery(kernel, command);
  if (listing === undefined) return [];
  if (listing !== lastListing.listing) lastListing = { listing, items: v.parse(LISTING, JSON.parse(listing)).nftables };
  return lastListing.items;
}

/** The last listing that was parsed. Many concurrent queries, each for one rule, receive the same listing. */
let lastListing: { readonly listing: string; readonly items: v.InferOutput<typeof LISTING>["nftables"] } = {
  listing: "",
  items: [],
};

/** Quotes a string for nft. nft has no escapes, so a text that would end the string early cannot be expressed. */
export function nftQuote(text: string): string {
  if (/["\p{Cc}]/u.test(text)) throw new Error(`${JSON.stringify(text)} cannot be written for nft`);
  return `"${text}"`;
}

const RULE = v.object({
  chain: v.string(),
  handle: v.number(),
  comment: v.optional(v.string()),
  expr: v.array(v.unknown()),
});

const CHAIN = v.object({
  family: v.string(),
  table: v.string(),
  name: v.string(),
  type: v.optional(v.string()),
  hook: v.optional(v.string()),
  prio: v.optional(v.number()),
  policy: v.optional(v.string()),
});

const RULE_IN_TABLE = v.object({ ...RULE.entries, family: v.string(), table: v.string() });
const SET = v.object({ family: v.string(), table: v.string(), name: v.string() });
const RULESET = v.object({
  nftables: v.array(
    v.object({
      ...{ rule: v.optional(RULE_IN_TABLE), chain: v.optional(CHAIN) },
      ...{ set: v.optional(SET), map: v.optional(SET) },
    }),
  ),
});

const LISTING = v.object({ nftables: v.array(v.looseObject({ rule: v.optional(RULE), chain: v.optional(CHAIN) })) });
