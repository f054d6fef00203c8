import { covers, mayMatch } from "../lab/filter-cover.ts";
import { splitKey } from "../lab/hosts.ts";
import { holds, host, type Net, net, overlap } from "../lab/net.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { type Check, describe, describePlace, type Lab } from "./check.ts";

/** A FilterChain for forwarded packets that accepts the first packet of TCP connections, but no answer, so that none is established. */
export const dropsAnswers: Check = (lab) =>
  lab.filters.flatMap(({ resource, place, chain, policy, rules }) => {
    if (chain !== "forward") return [];
    const complete = (rule: FilterRule): FilterRule => withInterfaces(lab, place, rule);
    const drop = (rule: FilterRule) => dropOf(complete(answerTo(rule)), { policy, rules: rules.map(complete) });
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

/** Adds the interfaces that the addresses of a rule imply: an interface in whose network they all are. */
function withInterfaces(lab: Lab, place: string, rule: FilterRule): FilterRule {
  const inInterface = rule.inInterface ?? interfaceOf(lab, place, rule.source);
  const outInterface = rule.outInterface ?? interfaceOf(lab, place, rule.destination);
  return { ...rule, ...(inInterface && { inInterface }), ...(outInterface && { outInterface }) };
}

/** Returns the interface of a place in whose network addresses are. The rules match a member of a VRF, or a port, by another name. */
function interfaceOf(lab: Lab, place: string, given: FilterRule["source"]): string | undefined {
  const [near, ...others] = new Set(valuesOf(given).map((one) => linkTo(lab, place, net(one) ?? host(one))));
  const link = others.length > 0 ? undefined : lab.links.get(near ?? "");
  return link === undefined || link.master !== undefined ? undefined : splitKey(link.key).name;
}

/** Returns the interface in whose network an address or a network is, unless a route leads to a part of it. */
function linkTo({ addresses, routes }: Lab, place: string, to: Net | undefined): string | undefined {
  if (to === undefined) return undefined;
  const near = addresses.find((own) => own.place === place && own.peer === undefined && holds(own.net, to));
  const isRouted = routes.some(
    ({ place: at, destination }) =>
      at === place && destination !== undefined && destination.prefix !== "" && overlap(destination, to),
  );
  return isRouted ? undefined : near?.link;
}

/** Returns what drops all packets of a match in a chain; undefined if some of them may pass. */
function dropOf(packets: FilterRule, { policy, rules }: { policy: string; rules: readonly FilterRule[] }) {
  for (const [index, rule] of rules.entries()) {
    const verdict = rule.action === "return" ? policy : rule.action;
    if (verdict === "accept" && mayMatch(rule, packets) && changesInterface(rule, packets)) return undefined;
    if (verdict !== "accept" && covers(rule, packets)) return `rules[${index}]`;
  }
  return policy === "drop" ? "its policy" : undefined;
}

/** Returns whether packets that two rules match may leave through another interface than they arrive through. */
function changesInterface(rule: FilterRule, packets: FilterRule): boolean {
  const arriving = valuesOf(rule.inInterface ?? packets.inInterface);
  const leaving = valuesOf(packets.outInterface ?? rule.outInterface);
  const [name = "*"] = arriving;
  return name.endsWith("*") || arriving.length !== 1 || leaving.length !== 1 || leaving[0] !== name;
}
