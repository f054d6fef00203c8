import { labHostOf, splitKey } from "../lab/hosts.ts";
import { matchesName } from "../lab/named-interface.ts";
import type { Match } from "../lab/network.ts";
import { meantBy } from "../provider/edit-distance.ts";
import { type Check, type Declared, describe, describePlace, type Finding, type Lab, shortList } from "./check.ts";
import { namespaceLeftOut } from "./namespace-left-out.ts";

/**
 * A name in a resource that no interface of its namespace has. A rule of the firewall, of NAT or of routing then matches no packet, and the
 * kernel refuses an address, a route, a sysctl or another object on the interface. Only namespaces that the program creates are checked, and only if all of their interfaces are known: not
 * where a program that may make interfaces runs in the namespace or on its lab host, nor while a link has unknown values. On the lab host,
 * which has other interfaces, it is a name that only interfaces in namespaces have.
 */
export const unknownInterface: Check = (lab) => {
  const { matches, namespaces, incomplete } = lab;
  if ((["link", "namespace", "program"] as const).some((is) => incomplete.has(is))) return [];
  const namesIn = interfacesOf(lab);
  const seen = new Set<string>();
  return matches.flatMap((match) => {
    const { resource, place, name, orAltname = false } = match;
    const names = namesIn(place);
    if (names === undefined || [...names, "lo", ...FALLBACKS].some((one) => matchesName(name, one))) return [];
    if (orAltname && altnamesIn(lab, place).some((altname) => altname === name || altname === null)) return [];
    const told = `${describe(resource)} ${name}`;
    if (seen.has(told)) return [];
    const found = namespaces.has(place) ? [unknown(match, names)] : namespaceLeftOut(lab, match);
    if (found.length > 0) seen.add(told);
    return found;
  });
};

function unknown({ resource, place, argument, name }: Match<Declared>, names: readonly string[]): Finding {
  const meant = meantBy(name, names);
  const interfaces = name.endsWith("*") ? "interfaces" : "the interface";
  return {
    about: resource,
    message:
      `${argument} of ${describe(resource)} names ${interfaces} ${name}, which no resource creates in ${describePlace(place)}` +
      (meant === undefined ? "" : `; did you mean ${meant}?`),
    help: `refer to the resource of the interface instead of writing its name; the interfaces there are ${shortList(["lo", ...names])}`,
  };
}

/** Returns a function that lists the interfaces of a place; undefined for a place that may have others. */
function interfacesOf({ links, makers }: Lab): (place: string) => readonly string[] | undefined {
  const named = Map.groupBy([...links.keys()].map(splitKey), ({ place }) => place);
  const running = Map.groupBy(makers, ({ place }) => place);
  const madeIn = (place: string) => (running.get(place) ?? []).map(({ makes }) => makes ?? undefined);
  return (place) => {
    // A program of the lab host may move interfaces to its namespaces.
    const made = [...madeIn(place), ...madeIn(labHostOf(place)).map((makes) => makes && [])];
    if (made.includes(undefined)) return undefined;
    return [...(named.get(place) ?? []).map(({ name }) => name), ...made.flatMap((makes) => makes ?? [])];
  };
}

/** Returns the altnames of the interfaces of a place; null for one that is not known. */
const altnamesIn = ({ links }: Lab, place: string): unknown[] =>
  [...links.values()].filter(({ key }) => splitKey(key).place === place).map(({ args }) => args["altname"]);

/** The interfaces that a module of the kernel adds to each namespace. */
const FALLBACKS = ["tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "sit0", "ip6tnl0", "ip6gre0", "ip6_vti0"];
