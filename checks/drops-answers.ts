import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { type Check, describe, describePlace } from "./check.ts";
import { dropOf } from "./forward-drop.ts";

/** A FilterChain for forwarded packets that accepts the first packet of TCP connections, but no answer, so that none is established. */
export const dropsAnswers: Check = (lab) =>
  lab.filters.flatMap((filter) => {
    const { resource, place, chain, rules } = filter;
    if (chain !== "forward") return [];
    const drop = (rule: FilterRule) => dropOf(lab, filter, answerTo(rule));
    const oneWay = rules.find((rule) => beginsTcp(rule) && drop(rule) !== undefined);
    if (oneWay === undefined) return [];
    return [
      {
        about: resource,
        message:
          `${describe(resource)} of ${describePlace(place)} accepts packets by rules[${rules.indexOf(oneWay)}] and drops the answers to them ` +
          `by ${drop(oneWay)}, so no TCP connection is established`,
        help: 'begin the rules with { action: "accept", ctState: ["established", "related"] }',
      },
    ];
  });

const beginsTcp = ({ action, protocol, ctState }: FilterRule): boolean =>
  action === "accept" &&
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
  ...swapped("destinationPort", rule.sourcePort ?? CLIENT_PORTS),
  ...swapped("inInterface", rule.outInterface),
  ...swapped("outInterface", rule.inInterface),
});

const swapped = <K extends keyof FilterRule>(key: K, value: unknown): Pick<FilterRule, K> =>
  (value === undefined ? {} : { [key]: value }) as Pick<FilterRule, K>;

/** The ports from which the kernel takes that of a client. */
const CLIENT_PORTS = "32768-60999";
