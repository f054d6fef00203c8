import { type RuleEntry, showRules } from "../../provider/kernel/tools/rule.ts";
import { PROTOCOL } from "../../provider/kinds/route.ts";
import { ruleState, ruleWords } from "../../provider/kinds/routing-rule-text.ts";
import { type Place, placeName } from "../place.ts";
import type { Taker } from "./taker.ts";

/** Lists the routing rules of a place as left alone: a resource has a rule of its own, and takes over none. */
export async function leaveRoutingRules({ kernel, leave }: Taker, place: Place): Promise<void> {
  for (const family of ["inet", "inet6"] as const)
    for (const entry of (await showRules(kernel, place, family)) ?? []) {
      if (isOfEveryPlace(entry) || entry.protocol === PROTOCOL) continue;
      const state = ruleState(entry, { namespace: place, family });
      const rule = state === undefined ? `priority ${entry.priority}` : ruleWords(state).join(" ");
      leave(
        `${family === "inet6" ? "IPv6 " : ""}routing rule ${rule} in ${placeName(place)}`,
        state === undefined
          ? "RoutingRule cannot express it"
          : "RoutingRule takes over no rule: declare it, and delete this one after the first up",
      );
    }
}

/** Returns whether a rule is one that every place has, or the one that the kernel adds for VRFs. */
const isOfEveryPlace = ({ priority, l3mdev }: RuleEntry): boolean =>
  [0, 32_766, 32_767].includes(priority) || (priority === 1000 && l3mdev !== undefined);
