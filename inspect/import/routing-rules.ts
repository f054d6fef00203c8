import { type RuleEntry, showRules } from "../../provider/kernel/tools/rule.ts";
import { placeId } from "../../provider/kind.ts";
import { PROTOCOL } from "../../provider/kinds/route.ts";
import { routingRule } from "../../provider/kinds/routing-rule.ts";
import type { RoutingRuleArgs } from "../../provider/kinds/routing-rule-args.ts";
import { entryWords, ruleFamily, ruleState, ruleWords } from "../../provider/kinds/routing-rule-text.ts";
import { withoutDefaults } from "../../provider/program-arguments.ts";
import { type Place, placeName } from "../place.ts";
import type { FoundObject } from "./found.ts";
import type { Taker } from "./taker.ts";

/** Returns the routing rules of a namespace that do not belong to a stack. Those of the lab host are left alone: it has them without a lab, too. */
export async function routingRulesToImport({ kernel, leave }: Taker, place: Place): Promise<FoundObject[]> {
  const found: FoundObject[] = [];
  for (const family of ["inet", "inet6"] as const)
    for (const entry of (await showRules(kernel, place, family)) ?? []) {
      if (isOfEveryPlace(entry) || entry.protocol === PROTOCOL) continue;
      const state = ruleState(entry, { namespace: place, family });
      if (state !== undefined && place !== undefined) {
        found.push(declared(state));
        continue;
      }
      leave(
        `${family === "inet6" ? "IPv6 " : ""}routing rule ${entryWords(entry).join(" ")} in ${placeName(place)}`,
        state === undefined ? "RoutingRule cannot express it" : "to take it over, declare it with adopt: true",
      );
    }
  return found;
}

function declared({ family, ...rule }: RoutingRuleArgs): FoundObject {
  const isImplied = family === ruleFamily(rule);
  return {
    kind: routingRule.type,
    id: placeId(rule.namespace, [...(isImplied ? [] : [family]), ...ruleWords(rule)].join(" ")),
    inputs: { ...withoutDefaults(routingRule.schema, rule), ...(!isImplied && { family }) },
    adopt: true,
  };
}

/** Returns whether a rule is one that every place has, or the one that the kernel adds for VRFs. */
const isOfEveryPlace = ({ priority, l3mdev }: RuleEntry): boolean =>
  [0, 32_766, 32_767].includes(priority) || (priority === 1000 && l3mdev !== undefined);
