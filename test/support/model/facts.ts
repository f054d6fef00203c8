import { type Facts, linkName, NOTED, OUTSIDE, placeName } from "./fact-names.ts";
import { filterText, hookOf, hostsText, nexthopText, policyText, QDISCS, ruleText, sysctlNames } from "./fact-texts.ts";
import { linkFacts } from "./facts-links.ts";
import { routesAt } from "./facts-routes.ts";
import { type At, type Flat, partsOf, placeOn } from "./flat.ts";
import { lentBy, withoutLent } from "./hardware.ts";
import { LAB_HOSTS } from "./lab.ts";

/** A lab with the stack that owns it. */
export interface Owned {
  readonly stack: string;
  readonly flat: Flat;
}

/** Returns the facts that are expected when all stacks match their programs, including earlier facts. */
export function expectedFacts(before: Facts, labs: readonly Owned[]): Facts {
  const facts = withoutLent(
    before,
    labs.flatMap(({ flat }) => lentBy(flat)),
  );
  const hostRoutes = facts.get("routes host")?.split("\n") ?? [];
  for (const { flat } of labs) {
    for (const { name } of flat.namespaces)
      for (const [fact, text] of untouched(before)) facts.set(fact.replace(OUTSIDE, name), text);
    for (const [fact, text] of linkFacts(before, flat)) facts.set(fact, text);
  }
  for (const { stack, flat } of labs) {
    for (const [fact, text] of ruleFacts(stack, flat)) facts.set(fact, text);
    for (const { at, chain, ...filter } of flat.filters)
      facts.set(`filter ${placeName(at)} ${stackAt(stack, at)} ${chain}`, filterText(filter));
    for (const { at, link, type, amount } of flat.shapers)
      facts.set(`qdisc ${linkName(at, link)}`, `${QDISCS[type]} ${amount}`);
  }
  for (const at of placesOf(labs)) {
    const routes = [...(at === undefined ? hostRoutes : []), ...labs.flatMap(({ flat }) => routesAt(flat, at))].sort();
    if (routes.length > 0) facts.set(`routes ${placeName(at)}`, routes.join("\n"));
    const hops = labs.flatMap(({ flat }) => flat.nexthops.filter((one) => one.at === at).map(nexthopText)).sort();
    if (hops.length > 0) facts.set(`nexthops ${placeName(at)}`, hops.join("\n"));
    const policies = labs.flatMap(({ flat }) => flat.policies.filter((one) => one.at === at).map(policyText)).sort();
    if (policies.length > 0) facts.set(`policy ${placeName(at)}`, policies.join("\n"));
    const tables = labs
      .filter(({ flat }) => [...flat.rules, ...flat.filters].some((rule) => rule.at === at))
      .map(({ stack }) => stackAt(stack, at));
    if (tables.length > 0) facts.set(`tables ${placeName(at)}`, tables.sort().join("\n"));
    const asleep = labs.flatMap(({ flat }) => flat.processes.filter((one) => one.at === at));
    if (asleep.length > 0)
      facts.set(
        `processes ${placeName(at)}`,
        asleep
          .map(({ seconds }) => `sleep ${seconds}`)
          .sort()
          .join("\n"),
      );
  }
  for (const { flat } of labs) {
    for (const { at } of [...flat.sysctls, ...flat.routes, ...flat.nexthops, ...flat.policies])
      facts.set(`notes ${placeName(at)}`, NOTED);
    for (const { at, name, value } of flat.sysctls) {
      for (const key of sysctlNames(name)) facts.set(`sysctl ${placeName(at)} ${key}`, value);
    }
    for (const { at, addresses, nameservers } of flat.hosts)
      facts.set(`hosts ${at}`, hostsText(addresses, nameservers));
  }
  return facts;
}

/** Returns the settings of a namespace that no program has changed: the one that exists outside all programs. */
const untouched = (before: Facts): [string, string][] =>
  [...before].filter(([fact]) => fact.startsWith(`sysctl ${OUTSIDE} `) && !fact.includes(".lo."));

/** Returns the name of a stack in the marks and tables of a place. */
function stackAt(stack: string, at: At): string {
  const { lab } = partsOf(at);
  return lab === undefined ? stack : `${stack}/${lab}`;
}

function* ruleFacts(stack: string, { rules }: Flat): Generator<[string, string]> {
  for (const at of new Set(rules.map((rule) => rule.at))) {
    for (const hook of ["postrouting", "prerouting"]) {
      const here = rules.filter((rule) => rule.at === at && hookOf(rule) === hook);
      if (here.length > 0)
        yield [`rules ${placeName(at)} ${stackAt(stack, at)} ${hook}`, here.map(ruleText).join("\n")];
    }
  }
}

const placesOf = (labs: readonly Owned[]): readonly At[] => [
  undefined,
  OUTSIDE,
  ...Object.keys(LAB_HOSTS).map((lab) => placeOn(lab, undefined)),
  ...new Set(labs.flatMap(({ flat }) => flat.namespaces.map(({ name }) => name))),
];
