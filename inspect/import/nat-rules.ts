import { placeId } from "../../provider/kind.ts";
import { type ForeignNatChain, type ForeignNatRule, foreignNatChains } from "../../provider/kinds/foreign-nat.ts";
import { type NatArgs } from "../../provider/kinds/nat-args.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import { usualPriority } from "../../provider/kinds/nat-text.ts";
import { impliedFamily } from "../../provider/kinds/packet-match.ts";
import { withoutDefaults } from "../../provider/program-arguments.ts";
import type { Place } from "../place.ts";
import type { FoundObject } from "./found.ts";
import type { Taker } from "./taker.ts";

/**
 * Returns the NAT rules of a place that are in no table of a stack, in the order in which they apply. The kernel runs the chain of the stack, which
 * is new, before all older chains of the same priority, so that rules are left alone if that would change their order.
 */
export async function natRulesToImport({ kernel, leave }: Taker, place: Place): Promise<FoundObject[]> {
  const chains = (await foreignNatChains(kernel, place)).filter(({ rules }) => rules.length > 0);
  return chains.flatMap((chain) => {
    const idOf = ({ handle }: ForeignNatRule) => `${placeId(place, chain.name)} ${handle}`;
    const rival = chains.find((other) => isRival(chain, other));
    const leaveAll = (rules: readonly ForeignNatRule[], why: (rule: ForeignNatRule) => string) =>
      rules.flatMap((rule) => leave(`rule ${idOf(rule)}`, rule.state === undefined ? cannot(rule) : why(rule)));
    if (rival !== undefined)
      return leaveAll(
        chain.rules,
        () =>
          `the chain ${placeId(place, rival.name)} has the same hook and priority, and the kernel does not tell which runs first`,
      );
    const { taken, rest, stays } = split(chain);
    const [first] = rest;
    leaveAll(rest, (rule) =>
      rule === first
        ? `it keeps packets from ${stays === undefined ? "the policy of its chain" : `the rule ${idOf(stays)}`}, and would not from another chain`
        : `it comes after the rule ${first && idOf(first)}, ${first?.state === undefined ? "which NatRule cannot express" : "which is left alone"}: in another chain it would come before it`,
    );
    return inOrder(taken.map(({ rule, state }) => declared(idOf(rule), state)));
  });
}

const cannot = ({ inexpressible }: ForeignNatRule): string => `NatRule cannot express ${inexpressible}`;

/** Returns whether another chain may run before or after one in which the same packets are translated. */
const isRival = (chain: ForeignNatChain, other: ForeignNatChain): boolean =>
  other !== chain &&
  other.hook === chain.hook &&
  other.priority === chain.priority &&
  (other.family === chain.family || other.family === "inet" || chain.family === "inet");

/**
 * Splits the rules of a chain into those that a resource takes over, and the rest from the first rule on that it cannot take over. If something of
 * the chain stays, so does an exception: in another chain it does not keep packets from what comes after it here.
 */
function split({ rules, drops }: ForeignNatChain) {
  const stays = rules.find(({ state }) => state === undefined);
  const hasRest = stays !== undefined || drops;
  const end = rules.findIndex(({ state }) => state === undefined || (hasRest && state.exclude));
  const taken = rules.slice(0, end === -1 ? undefined : end);
  return {
    taken: taken.flatMap((rule) => (rule.state === undefined ? [] : [{ rule, state: rule.state }])),
    rest: end === -1 ? [] : rules.slice(end),
    stays,
  };
}

const declared = (id: string, state: NatArgs): FoundObject => ({
  kind: natRule.type,
  id,
  inputs: { ...withoutDefaults(natRule.schema, state), ...chosen(state) },
  adopt: true,
});

/** Returns the arguments of a NAT rule that do not follow from the others. */
const chosen = ({ family, priority, ...rest }: NatArgs): object => ({
  ...(family !== impliedFamily(rest) && { family }),
  ...(priority !== usualPriority(rest.type) && { priority }),
});

/** Returns objects each of which is created after the one before it. */
function inOrder(objects: readonly FoundObject[]): FoundObject[] {
  const ordered: FoundObject[] = [];
  for (const object of objects) ordered.push({ ...object, after: ordered.at(-1) });
  return ordered;
}
