import * as v from "valibot";
import { args, field, groups } from "../schema.ts";
import { integer, namespaceName, oneOf } from "../values.ts";
import { type FilterRule, filterRule } from "./filter-rule.ts";

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  chain: field(oneOf(["prerouting", "input", "forward", "output"]), { replaces: true }),
  policy: v.optional(field(oneOf(["accept", "drop"])), "accept"),
  priority: v.optional(
    field(integer("the priority of a filter chain", -2_147_483_648, 2_147_483_647, 10), { replaces: true }),
    0,
  ),
  rules: v.optional(groups(filterRule, `a list of rules, e.g. [{ action: "accept", protocol: "tcp" }]`)),
});

export type FilterArgs = v.InferOutput<typeof fields>;

/** Rejects a match on an interface that packets of the chain do not have. nft accepts such a rule, which then never matches. */
const hasInterface = (at: "inInterface" | "outInterface", chain: FilterArgs["chain"], why: string) =>
  v.rawCheck<FilterArgs>(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.chain !== chain) return;
    for (const [index, rule] of listed(dataset.value.rules).entries()) {
      if (rule[at] === undefined) continue;
      addIssue({
        message: why,
        path: [
          { type: "object", origin: "value", input: { ...dataset.value }, key: "rules", value: dataset.value.rules },
          { type: "array", origin: "value", input: listed(dataset.value.rules), key: index, value: rule },
          { type: "object", origin: "value", input: { ...rule }, key: at, value: rule[at] },
        ],
      });
    }
  });

/** The schema of a filter chain's arguments. */
export const filterSchema = v.pipe(
  fields,
  hasInterface("inInterface", "output", "packets of the chain output come from the place itself; use outInterface"),
  hasInterface("outInterface", "input", "packets of the chain input go to the place itself; use inInterface"),
  hasInterface("outInterface", "prerouting", "packets of the chain prerouting have no route yet; use inInterface"),
);

/** Returns rules that are known; a list or a rule that is unknown is a text. */
const listed = (rules: readonly FilterRule[] | undefined): FilterRule[] =>
  Array.isArray(rules) ? (rules as FilterRule[]).filter((rule) => typeof rule === "object") : [];
