import { inPlace } from "./damage.ts";
import type { Dice } from "./dice.ts";
import { hookOf } from "./fact-texts.ts";
import { type At, type Flat, partsOf } from "./flat.ts";

/**
 * Returns commands that change the nft table of a stack by hand: its rules, or the chains that they are in.
 *
 * @param stack The name of the stack.
 */
export function changedRules(dice: Dice, flat: Flat, stack: string): string[][] {
  const all = chainsOf(flat);
  return Array.from({ length: 1 + dice.below(2) }).flatMap(() => {
    const chain = dice.pick(all);
    return chain === undefined ? [] : [changeOf(dice, chain, tableAt(stack, chain.at))];
  });
}

/** Returns whether a command changes the table of a stack by hand. */
export const isOfRules = (words: readonly string[]): boolean => words.includes(SCRIPT);

/** Returns whether a command changes no table of a stack, or a chain that a lab has there. */
export function changesOwn(flat: Flat, words: readonly string[]): boolean {
  const at = words.indexOf(SCRIPT);
  const [, table = "", name = ""] = words.slice(at + 1);
  const stack = table.replace(/^pulumi-netns\//, "");
  return (
    at === -1 ||
    chainsOf(flat).some(
      (chain) =>
        chain.name === name &&
        inPlace(chain.at, "sh", "-c", SCRIPT, "sh", tableAt(stack.split("/").slice(0, 2).join("/"), chain.at)).every(
          (word, index) => words[index] === word,
        ),
    )
  );
}

/** A chain of the rules of a lab. */
interface Chain {
  readonly at: At;
  readonly name: string;
  /** The number of its rules, without that of the mark. */
  readonly length: number;
}

function chainsOf({ rules, filters }: Flat): Chain[] {
  const nat = Map.groupBy(rules, (rule) => `${rule.at} ${hookOf(rule)}`);
  return [
    ...[...nat.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ at: first.at, name: hookOf(first), length: 1 + others.length }],
    ),
    ...filters.map(({ at, chain, ports }) => ({ at, name: chain, length: 1 + ports.length })),
  ];
}

const tableAt = (stack: string, at: At): string => {
  const { lab } = partsOf(at);
  return `pulumi-netns/${stack}${lab === undefined ? "" : `/${lab}`}`;
};

/** Returns a command that changes a chain. The rule that it changes is one that the chain has then. */
function changeOf(dice: Dice, { at, name, length }: Chain, table: string): string[] {
  const change = dice.of(...CHANGES);
  return inPlace(at, "sh", "-c", SCRIPT, "sh", table, name, String(1 + dice.below(length)), change);
}

/** The manual changes of a chain, as lines of nft. `$rule` is a rule without its comment, and `$comment` the comment. */
const CHANGES = [
  "delete rule $at handle $handle",
  "flush chain $at",
  "flush table $table",
  "delete table $table",
  "add chain $at { policy drop; }",
  // Moved to the end, and to the beginning.
  "delete rule $at handle $handle\nadd rule $at $rule $comment",
  "delete rule $at handle $handle\ninsert rule $at $rule $comment",
  // Twice in the chain, as after a second load of a saved ruleset.
  "add rule $at $rule $comment",
  "insert rule $at $rule $comment",
  // An equal rule of others.
  "add rule $at $rule",
  "insert rule $at $rule",
  "replace rule $at handle $handle $rule",
  // Another rule, of the stack or of others.
  "replace rule $at handle $handle ip saddr 10.77.0.0/24 counter accept $comment",
  "replace rule $at handle $handle ip saddr 10.77.0.0/24 counter accept",
  "insert rule $at ip saddr 10.77.0.0/24 counter accept",
  "add rule $at ip saddr 10.77.0.0/24 counter accept",
] as const;

/** Changes a rule of a chain: the table, the chain, the number of the rule, and the lines. A chain without rules, or with fewer, stays as it is. */
const SCRIPT = `
table="inet $1"
at="$table $2"
line=$(nft --stateless --handle list chain $at | sed -n 's/^\\t\\t\\(.* # handle [0-9]*\\)$/\\1/p' | sed -n "$3p")
[ "$line" ] || exit 0
handle=\${line##* }
line=\${line% # handle *}
rule=\${line%% comment *}
comment=
[ "$rule" = "$line" ] || comment=\${line#"$rule"}
eval "lines=\\"$4\\""
printf '%s\\n' "$lines" | nft -f -`;
