import { labHostOf, splitKey, splitPlace } from "../lab/hosts.ts";
import { holds, isLocal, type Net } from "../lab/net.ts";
import type { Match } from "../lab/network.ts";
import { type Declared, describe, describePlace, type Finding, isLabHost, type Lab, shortList } from "./check.ts";
import { openLans } from "./open-lans.ts";

/**
 * Reports an object on an interface of the lab host that no resource creates there, while resources create one of that name in namespaces of
 * the program: its `namespace` was probably left out. Rules that match packets by an interface are not reported, nor routes whose gateway is
 * in no network of the interfaces in the namespaces: they mean an interface that the lab host has.
 */
export function namespaceLeftOut(lab: Lab, { resource, place, argument, name }: Match<Declared>): Finding[] {
  const { links, namespaces, incomplete } = lab;
  if (!isLabHost(place) || !IS_ON.test(argument) || incomplete.has("route") || incomplete.has("next hop")) return [];
  const elsewhere = [...links.values()].filter(({ key }) => {
    const at = splitKey(key);
    return at.name === name && namespaces.has(at.place) && labHostOf(at.place) === place;
  });
  const keys = new Set(elsewhere.map(({ key }) => key));
  if (elsewhere.length === 0 || leadsElsewhere(lab, resource, keys)) return [];
  const places = [...keys].map((key) => splitKey(key).place);
  // Both ends of a Veth may have the name.
  const creators = [...Map.groupBy(elsewhere, (link) => link.resource)].map(([creator, ends]) => {
    const creates = ends.map(({ key }) => describePlace(splitKey(key).place));
    return `${describe(creator)} creates it in ${creates.join(" and in ")}`;
  });
  const { namespace } = splitPlace(places[0] ?? "");
  return [
    {
      about: resource,
      message: `${describe(resource)} is on ${describePlace(place)}, where no resource creates ${name}; ${shortList(creators)}`,
      help: `set namespace, such as namespace: "${namespace}"; if the interface ${name} of the lab host itself is meant, list ${resource.name} in except of the check`,
    },
  ];
}

/**
 * Reports a route of the lab host whose gateway is in a network of one of the program's namespaces, and in no declared one of the lab host: its
 * `namespace` was probably left out. Networks that lead out of the lab are not reported, since the lab host may be in them, nor is a lab host with
 * programs.
 */
export function gatewayElsewhere(lab: Lab, { via, place, resource }: Hop): Finding[] {
  const { addresses, routes, namespaces, programs, reaches } = lab;
  if (via === undefined || isLocal(via) || programs.has(place)) return [];
  const near = addresses.filter(({ net, peer }) => holds(net, via) || peer?.ip === via.ip);
  if (near.length === 0) return [];
  const isOpen = openLans(lab);
  const elsewhere = near.filter(
    (held) => namespaces.has(held.place) && labHostOf(held.place) === place && !isOpen(reaches.of(held.link)),
  );
  const [first] = elsewhere;
  const isHere = near.some((held) => held.place === place || isOpen(reaches.of(held.link)));
  if (first === undefined || isHere || routes.some((way) => way.place === place && leadsTo(way, via))) return [];
  const holders = elsewhere.map((held) => `${describePlace(held.place)} has ${held.net.ip}/${held.net.prefix.length}`);
  return [
    {
      about: resource,
      message: `${describe(resource)} is on ${describePlace(place)}, for which the program declares no address in the network of its gateway ${via.ip}; ${shortList(holders)}`,
      help: `set namespace, such as namespace: "${splitPlace(first.place).namespace}"; if the lab host itself is in this network, list ${resource.name} in except of the check`,
    },
  ];
}

type Hop = Pick<Lab["routes"][number], "via" | "place" | "resource">;

/** Returns whether a gateway is in the destination of a route. */
const leadsTo = ({ destination }: Lab["routes"][number], via: Net): boolean =>
  destination !== undefined && holds(destination, via);

/** Returns whether a resource has a gateway that is in no network of some interfaces. */
function leadsElsewhere({ routes, nextHops, addresses }: Lab, resource: Declared, keys: ReadonlySet<string>): boolean {
  const near = addresses.filter(({ link }) => keys.has(link));
  return [...routes, ...nextHops]
    .filter((hop) => hop.resource === resource)
    .some(({ via }) => via !== undefined && !near.some(({ net }) => holds(net, via)));
}

/** The arguments that name the interface on which an object is. */
const IS_ON = /\binterface$/;
