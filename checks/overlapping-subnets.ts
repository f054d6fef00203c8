import { isLocal, overlap } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { type Check, describe, describePlace, type Finding, type Lab, type OnInterface } from "./check.ts";
import { mayTranslate } from "./source-nats.ts";

/** Overlapping networks on different segments of one place, or of one VRF of it: packets take only one of the paths. */
export const overlappingSubnets: Check = (lab) => {
  const networks = lab.addresses.filter(
    ({ net, peer, link }) =>
      lab.links.has(link) && peer === undefined && !isLocal(net) && net.prefix.length < net.bits.length,
  );
  const tables = Map.groupBy(networks, ({ place, net, link }) => `${place} ${vrfOf(lab, link)?.key} ${net.family}`);
  return [...tables.values()].flatMap((held) => overlaps(held, lab));
};

// Sorted by their bits, a network is directly followed by all networks within it.
function overlaps(held: readonly OnInterface[], lab: Lab): Finding[] {
  const { reaches } = lab;
  const around: OnInterface[] = [];
  const sorted = held.toSorted((a, b) => (a.net.prefix < b.net.prefix ? -1 : a.net.prefix > b.net.prefix ? 1 : 0));
  return sorted.flatMap((inner) => {
    while (around.length > 0 && !inner.net.prefix.startsWith(around.at(-1)?.net.prefix ?? "")) around.pop();
    const outer = around.findLast(({ link }) => reaches.of(link) !== reaches.of(inner.link));
    if (outer === undefined || around.at(-1)?.net.prefix !== inner.net.prefix) around.push(inner);
    return outer === undefined || isSeparate(lab, outer, inner) ? [] : [finding(lab, outer, inner)];
  });
}

/** Returns whether routing rules may separate two networks: a route over one of the interfaces that leads into it is in another table. */
const isSeparate = ({ routes, routingRules }: Lab, ...ends: readonly [OnInterface, OnInterface]): boolean =>
  routingRules.has(ends[0].place) &&
  routes.some(
    ({ place, link, table = MAIN_TABLE, via, destination }) =>
      table !== MAIN_TABLE &&
      ends.some(
        (end) =>
          end.place === place &&
          (link === undefined || link === end.link) &&
          [via, destination].some((to) => to !== undefined && overlap(to, end.net)),
      ),
  );

const finding = (lab: Lab, outer: OnInterface, inner: OnInterface): Finding => ({
  about: inner.resource,
  message:
    `${describePlace(inner.place)} has overlapping networks on two segments: ${network(outer)} on ${outer.link} ` +
    `(${describe(outer.resource)}) and ${network(inner)} on ${inner.link}. A neighbor is reachable on only one of them`,
  help:
    "give each segment its own network" + (translates(lab, outer, inner) ? "" : ", or connect the two with a bridge"),
});

/** Returns whether a place replaces the source addresses of packets between two networks: one is inside of it, and the other outside. */
const translates = (lab: Lab, outer: OnInterface, inner: OnInterface): boolean =>
  lab.sourceNats.some(
    (rule) =>
      rule.place === inner.place &&
      [outer, inner].some(
        ({ link }) =>
          (rule.outs === undefined || rule.outs.includes(link)) &&
          mayTranslate(lab, rule, { net: inner.net, out: link }),
      ),
  );

const network = ({ net }: OnInterface): string => `${net.ip}/${net.prefix.length}`;
