import { acceptedBy } from "../lab/filter-cover.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { type Check, describe, describePlace } from "./check.ts";

/**
 * A filter chain that no packet can pass; or one for forwarded packets that only packets of existing connections can pass, so that none can
 * begin. An input or output chain of that sort is no mistake: the connections begin in the other direction.
 */
export const dropsEverything: Check = ({ filters }) =>
  filters.flatMap(({ resource, place, chain, policy, rules }) => {
    const accepts = acceptedBy({ policy, rules });
    if (accepts === undefined || accepts.some((rule) => chain !== "forward" || !isForAnswers(rule))) return [];
    if (accepts.length > 0) {
      return [
        {
          about: resource,
          message:
            `${describe(resource)} of ${describePlace(place)} accepts only packets of connections that exist already, so no ` +
            "connection through it can begin",
          help: `add a rule that accepts the first packet, e.g. { action: "accept", ctState: "new", inInterface: "eth0" }`,
        },
      ];
    }
    return [
      {
        about: resource,
        message: `${describe(resource)} drops every packet ${PACKETS[chain] ?? "of"} ${describePlace(place)}`,
        help: `add a rule with action: "accept" for the packets that should pass`,
      },
    ];
  });

/** Returns whether a rule matches only packets of connections of which another packet has passed before. */
const isForAnswers = ({ ctState }: FilterRule): boolean =>
  ctState !== undefined && valuesOf(ctState).every((state) => state === "established" || state === "related");

const PACKETS: Readonly<Record<string, string>> = {
  prerouting: "that arrives at",
  input: "to",
  forward: "that is forwarded by",
  output: "from",
};
