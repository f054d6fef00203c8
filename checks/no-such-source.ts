import { isLocal, type Net, netsIn, netText, overlap } from "../lab/net.ts";
import type { Route } from "../lab/routes.ts";
import { type Check, type Declared, describe, describePlace, type Lab, shortList } from "./check.ts";
import { isClosed, isIncomplete, mayActIn } from "./open-lans.ts";

/**
 * A rule that replaces source addresses of a network, or accepts packets from it, which its namespace has neither an interface in nor a
 * route to, and in which no interface of the lab has an address. Packets from there can only arrive from the default route. That is
 * impossible if they would leave through it again, or if no part of the lab leads elsewhere.
 */
export const noSuchSource: Check = (lab) => {
  const { namespaces, programs, routingRules, addresses, routes, incomplete } = lab;
  if (isIncomplete(lab) || incomplete.has("route") || incomplete.has("program")) return [];
  const networks = [
    ...addresses.flatMap(({ net, peer }) => (peer === undefined ? [net] : [net, peer])),
    ...routes.flatMap(destinationOf),
  ];
  const closed = isClosed(lab);
  return sourcesIn(lab).flatMap(({ resource, place, source, outs, rule }) => {
    if (isLocal(source) || !namespaces.has(place) || routingRules.has(place)) return [];
    if (mayActIn(programs, place)) return [];
    if (networks.some((network) => overlap(network, source))) return [];
    const entries = entriesOf(lab, place, source);
    if (!closed && entries.some((link) => link === undefined || outs?.includes(link) !== true)) return [];
    const own = addresses.filter((held) => held.place === place && held.net.family === source.family);
    const has = shortList(own.map(({ net }) => `${net.network}/${net.prefix.length}`)) || "no network";
    return [
      {
        about: resource,
        message: `no packet has a source in ${netText(source)}, that of ${rule}${describe(resource)}: no interface of the lab is in this network, and ${describePlace(place)} has no route to it`,
        help: `set source to a network behind ${describePlace(place)}; its interfaces are in ${has}`,
      },
    ];
  });
};

/** A network whose packets a rule is for. */
interface Source {
  readonly resource: Declared;
  readonly place: string;
  readonly source: Net;
  /** The interfaces through which the packets leave; undefined for any. */
  readonly outs: readonly string[] | undefined;
  /** The rule of the resource, as the beginning of a text; empty if it has only one. */
  readonly rule: string;
}

const sourcesIn = ({ sourceNats, filters }: Lab): Source[] => [
  ...sourceNats.flatMap(({ sources = [], ...nat }) => sources.map((source) => ({ ...nat, source, rule: "" }))),
  ...filters
    .filter(({ chain }) => chain !== "output")
    .flatMap(({ resource, place, rules }) =>
      rules.flatMap(({ action, source }, index) => {
        const sources = action === "accept" ? netsIn(source) : [];
        const rule = `rules[${index}] of `;
        return sources.map((from) => ({ resource, place, source: from, outs: undefined, rule }));
      }),
    ),
];

const destinationOf = ({ destination }: Route<Declared>): Net[] => (destination === undefined ? [] : [destination]);

/** Returns the interfaces of the default routes of a place, through which packets from any network may arrive. */
const entriesOf = ({ routes, addresses }: Lab, place: string, { family }: Net): (string | undefined)[] =>
  routes
    .filter((route) => route.place === place && route.destination === undefined)
    .filter(({ via }) => via === undefined || via.family === family)
    .map(
      ({ link, via }) => link ?? addresses.find((held) => via && held.place === place && overlap(held.net, via))?.link,
    );
