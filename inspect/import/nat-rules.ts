import { placeId } from "../../provider/kind.ts";
import { foreignNatRules } from "../../provider/kinds/foreign-nat.ts";
import { impliedFamily, type NatArgs } from "../../provider/kinds/nat-args.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import { usualPriority } from "../../provider/kinds/nat-text.ts";
import { withoutDefaults } from "../../provider/program-arguments.ts";
import type { Place } from "../place.ts";
import type { FoundObject } from "./found.ts";
import type { Taker } from "./taker.ts";

/** Returns the NAT rules of a place that are in no table of a stack, in the order in which they apply. */
export async function natRulesToImport({ kernel, leave }: Taker, place: Place): Promise<FoundObject[]> {
  const found: FoundObject[] = [];
  const last = new Map<string, FoundObject>();
  for (const { chain, handle, state } of await foreignNatRules(kernel, place)) {
    const what = `${placeId(place, chain)} ${handle}`;
    if (state === undefined) {
      leave(`rule ${what}`, "NatRule cannot express it");
      continue;
    }
    const inputs = withoutDefaults(natRule.schema, withoutImplied(state)) as FoundObject["inputs"];
    const rule: FoundObject = { kind: natRule.type, id: what, inputs, adopt: true, after: last.get(chain) };
    last.set(chain, rule);
    found.push(rule);
  }
  return found;
}

/** Returns the arguments of a NAT rule without those that follow from the others. */
function withoutImplied({ family, priority, ...rest }: NatArgs): object {
  return {
    ...rest,
    ...(family !== impliedFamily(rest) && { family }),
    ...(priority !== usualPriority(rest.type) && { priority }),
  };
}
