import { covers } from "../lab/filter-cover.ts";
import { type Check, describe } from "./check.ts";

/** A rule of a filter chain that never matches, because an earlier rule decides all of its packets. */
export const unreachableRule: Check = ({ filters }) =>
  filters.flatMap(({ resource, rules }) => {
    const later = rules.findIndex((rule, index) => rules.slice(0, index).some((earlier) => covers(earlier, rule)));
    const rule = rules[later];
    if (rule === undefined) return [];
    const earlier = rules.findIndex((one) => covers(one, rule));
    return [
      {
        about: resource,
        message: `rules[${later}] of ${describe(resource)} never matches: rules[${earlier}] decides all of its packets before`,
        help: "move it before that rule, or remove it",
      },
    ];
  });
