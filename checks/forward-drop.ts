import { covers, mayMatch } from "../lab/filter-cover.ts";
import { splitKey } from "../lab/hosts.ts";
import { holds, hostOrNet, type Net, overlap } from "../lab/net.ts";
import type { Filter } from "../lab/packet-rules.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import type { Declared, Lab } from "./check.ts";

/** Returns what drops all packets of a match in a chain `forward`, as a text such as `rules[2]`; undefined if some of them may pass. */
export function dropOf(lab: Lab, { place, policy, rules }: Filter<Declared>, match: FilterRule): string | undefined {
  const complete = (rule: FilterRule): FilterRule => withInterfaces(lab, place, rule);
  const packets = complete(match);
  for (const [index, rule] of rules.map(complete).entries()) {
    const verdict = rule.action === "return" ? policy : rule.action;
    if (verdict === "accept" && mayMatch(rule, packets) && changesInterface(rule, packets)) return undefined;
    if (verdict !== "accept" && covers(rule, packets)) return `rules[${index}]`;
  }
  return policy === "drop" ? "its policy" : undefined;
}

/** Adds the interfaces that the addresses of a rule imply: an interface in whose network they all are. */
function withInterfaces(lab: Lab, place: string, rule: FilterRule): FilterRule {
  const inInterface = rule.inInterface ?? interfaceOf(lab, place, rule.source);
  const outInterface = rule.outInterface ?? interfaceOf(lab, place, rule.destination);
  return { ...rule, ...(inInterface && { inInterface }), ...(outInterface && { outInterface }) };
}

/** Returns the interface of a place in whose network addresses are; undefined if it is not known. The rules match a member of a VRF, or a port, by another name. */
export function interfaceOf(lab: Lab, place: string, given: FilterRule["source"]): string | undefined {
  const [near, ...others] = new Set(valuesOf(given).map((one) => linkTo(lab, place, hostOrNet(one))));
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

/** Returns whether packets that two rules match may leave through another interface than they arrive through. */
function changesInterface(rule: FilterRule, packets: FilterRule): boolean {
  const arriving = valuesOf(rule.inInterface ?? packets.inInterface);
  const leaving = valuesOf(packets.outInterface ?? rule.outInterface);
  const [name = "*"] = arriving;
  return name.endsWith("*") || arriving.length !== 1 || leaving.length !== 1 || leaving[0] !== name;
}
