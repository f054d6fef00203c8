import { acceptedBy, mayMatch } from "../lab/filter-cover.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { type Check, describe, describePlace } from "./check.ts";

/** A FilterChain for forwarded packets that accepts the first packet of TCP connections, but no answer, so that none is established. */
export const dropsAnswers: Check = ({ filters }) =>
  filters.flatMap(({ resource, place, chain, policy, rules }) => {
    const accepts = acceptedBy({ policy, rules });
    if (chain !== "forward" || accepts === undefined) return [];
    const oneWay = accepts.find((rule) => beginsTcp(rule) && !accepts.some((other) => mayMatch(other, answerTo(rule))));
    if (oneWay === undefined) return [];
    return [
      {
        about: resource,
        message:
          `${describe(resource)} of ${describePlace(place)} accepts packets by rules[${rules.indexOf(oneWay)}] and drops the answers to them, so no ` +
          "TCP connection is established",
        help: 'add the rule { action: "accept", ctState: ["established", "related"] }',
      },
    ];
  });

const beginsTcp = ({ protocol, ctState }: FilterRule): boolean =>
  (protocol === undefined || valuesOf(protocol).includes("tcp")) &&
  (ctState === undefined || valuesOf(ctState).includes("new"));

/** Returns a match of the answers to the TCP packets that a rule matches. */
const answerTo = ({ family, ...rule }: FilterRule): FilterRule => ({
  action: rule.action,
  ...(family !== undefined && { family }),
  protocol: "tcp",
  ctState: "established",
  ...swapped("source", rule.destination),
  ...swapped("destination", rule.source),
  ...swapped("sourcePort", rule.destinationPort),
  ...swapped("destinationPort", rule.sourcePort),
  ...swapped("inInterface", rule.outInterface),
  ...swapped("outInterface", rule.inInterface),
});

const swapped = <K extends keyof FilterRule>(key: K, value: unknown): Pick<FilterRule, K> =>
  (value === undefined ? {} : { [key]: value }) as Pick<FilterRule, K>;
