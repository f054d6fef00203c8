import { takesAll } from "../lab/filter-cover.ts";
import { type Check, describe, describePlace } from "./check.ts";

/** A filter chain that no packet can pass. */
export const dropsEverything: Check = ({ filters }) =>
  filters.flatMap(({ resource, place, chain, policy, rules }) => {
    const last = rules.findIndex(takesAll);
    const reached = last === -1 ? rules : rules.slice(0, last + 1);
    const policyApplies = last === -1 || reached.some(({ action }) => action === "return");
    const passes = reached.some(({ action }) => action === "accept") || (policyApplies && policy === "accept");
    if (passes) return [];
    return [
      {
        about: resource,
        message: `${describe(resource)} drops every packet ${PACKETS[chain] ?? "of"} ${describePlace(place)}`,
        help: `add a rule with action: "accept" for the packets that should pass`,
      },
    ];
  });

const PACKETS: Readonly<Record<string, string>> = {
  input: "to",
  forward: "that is forwarded by",
  output: "from",
};
