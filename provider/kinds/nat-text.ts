import * as v from "valibot";
import { boundsOf } from "../address-ranges.ts";
import { type BaseChain, type NftRule, nftQuote } from "../kernel/tools/nft.ts";
import { FLAGS, type NatArgs, natSchema } from "./nat-args.ts";
import { natParts } from "./nat-parts.ts";
import { impliedFamily } from "./packet-match.ts";
import { matchTexts } from "./packet-match-text.ts";

/** Returns the base chain of a rule: one per hook of a type, and one per priority other than the usual one. */
export const chainOf = ({ type, priority }: NatArgs): string => nameAt(HOOKS[type], priority);

/** Returns whether a chain is one of those that {@link chainOf} names. */
export const isNatChain = ({ type, hook, prio, name }: BaseChain): boolean =>
  type === "nat" && [SOURCE_SIDE, DESTINATION_SIDE].some((side) => side.hook === hook && nameAt(side, prio) === name);

/** Returns the default priority of a type: nft's srcnat or dstnat. */
export const usualPriority = (type: NatArgs["type"]): number => HOOKS[type].usual;

/** Returns the hook of a type, in whose chains its rules are. */
export const hookOf = (type: NatArgs["type"]): string => HOOKS[type].hook;

/** Returns the definition of a rule's chain. */
export const definition = (args: NatArgs): string =>
  `{ type nat hook ${HOOKS[args.type].hook} priority ${args.priority}; policy ${POLICY}; }`;

/** The policy of the chains of NAT rules: a packet that no rule translates passes. */
export const POLICY = "accept";

/** Returns a rule in nft syntax, with its mark as the comment. */
export const statement = (args: NatArgs, mark: string): string =>
  [
    ...matchTexts(args),
    translation(args),
    `comment ${nftQuote(args.after === undefined ? mark : `${mark}${AFTER}${hashOf(args.after)}`)}`,
  ].join(" ");

/** Returns the mark in a rule's comment, without the hash of the preceding rule that may follow it. */
export const markIn = (comment = ""): string | undefined => COMMENT.exec(comment)?.[1];

/** Returns the hash in a rule's comment of the rule that it should come right after. */
export const predecessorIn = (comment = ""): string | undefined => COMMENT.exec(comment)?.[2];

/** Returns the name by which other rules refer to a rule: that of its resource, and the hash of its URN. */
export const nameOf = (comment: string | undefined): string | undefined => markIn(comment)?.split(":").at(-1);

/** Returns the hash at the end of a mark or a name. */
export const hashOf = (name: string): string => name.slice(-8);

const AFTER = " after ";
const COMMENT = /^(pulumi-netns:\S+@[0-9a-f]{8})(?: after ([0-9a-f]{8}))?$/;

/** Returns a kernel rule in terms of arguments; undefined if arguments cannot express it. */
export function stateOf(rule: NftRule, namespace: string | undefined): NatArgs | undefined {
  const told = natParts(rule.expr);
  if (told === undefined) return undefined;
  const [, priority] = /_at_(-?\d+)$/.exec(rule.chain) ?? [];
  // Only the chain of an exception tells its type.
  const exception: Partial<NatArgs> = { type: rule.chain.startsWith(SOURCE_SIDE.hook) ? "snat" : "dnat" };
  const found = told.exclude ? { ...told, ...exception } : told;
  if (found.type === undefined) return undefined;
  const state = v.safeParse(natSchema, {
    ...(namespace !== undefined && { namespace }),
    ...found,
    // nft does not show a family that the rest of the rule implies.
    family: impliedFamily(found),
    priority: priority === undefined ? HOOKS[found.type].usual : Number(priority),
  });
  return state.success ? state.output : undefined;
}

const SOURCE_SIDE = { hook: "postrouting", usual: 100 };
const DESTINATION_SIDE = { hook: "prerouting", usual: -100 };

/** The hook and the usual priority of each type. */
const HOOKS: Record<NatArgs["type"], { hook: string; usual: number }> = {
  masquerade: SOURCE_SIDE,
  snat: SOURCE_SIDE,
  dnat: DESTINATION_SIDE,
  redirect: DESTINATION_SIDE,
};

const nameAt = ({ hook, usual }: typeof SOURCE_SIDE, priority: number | undefined): string =>
  priority === usual ? hook : `${hook}_at_${priority}`;

function translation({ type, toAddress, toPort, exclude, ...given }: NatArgs): string {
  if (exclude) return "accept";
  const flags = FLAGS.flatMap(({ argument, word }) => (given[argument] ? [word] : []));
  const target = targetText(toAddress, toPort);
  return [type, ...(target === "" ? [] : [target]), ...(flags.length === 0 ? [] : [flags.join(",")])].join(" ");
}

/** Returns the addresses and ports that a rule translates to, in nft syntax. */
function targetText(pool: string | undefined, toPort: NatArgs["toPort"]): string {
  const port = toPort === undefined ? "" : `:${toPort}`;
  const [first, last] = boundsOf(pool ?? "") ?? [];
  if (first === undefined) return port === "" ? "" : `to ${port}`;
  const ends = first === last ? [first] : [first, last];
  if (!first.includes(":")) return `ip to ${ends.join("-")}${port}`;
  return `ip6 to ${ends.map((end) => (port === "" ? end : `[${end}]`)).join("-")}${port}`;
}
