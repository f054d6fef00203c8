import { forwarder } from "../lab/forwarding.ts";
import { hold, holds, isLocal } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { familyName } from "../provider/cidr.ts";
import { type Check, describe, type Lab, type OnInterface } from "./check.ts";
import { mayTranslate } from "./source-nats.ts";

/**
 * A namespace with an address and no route, although there is a gateway: its neighbours have a default route through an address
 * in its network, a router connects its LAN to another LAN, or a router masquerades packets that leave its LAN. Places that
 * forward, or have a route through a gateway, are assumed to be configured on purpose. No route is needed if all packets arrive
 * with the address of a router, because it masquerades the networks behind it, or over a link whose `gateways` are an empty list.
 */
export const noDefaultRoute: Check = (lab) => {
  if (lab.incomplete.has("route") || lab.incomplete.has("address")) return [];
  const routed = new Set(
    lab.routes.flatMap(({ place, via, destination }) => {
      const family = (via ?? destination)?.family;
      if (via === undefined && destination !== undefined) return [];
      return family === undefined ? [forwarder(place, "inet"), forwarder(place, "inet6")] : [forwarder(place, family)];
    }),
  );
  const out = exitsOf(lab);
  const lans = Map.groupBy(lab.addresses, ({ place, link }) => `${place} ${lab.lans.of(link)}`);
  const seen = new Set<string>();
  return lab.addresses.flatMap((held) => {
    const { place, net, link, resource } = held;
    const key = forwarder(place, net.family);
    if (!lab.namespaces.has(place) || isLocal(net) || seen.has(key) || isClosed(lab, link)) return [];
    if (routed.has(key) || lab.forwards.has(key)) return [];
    const gateway = out
      .get(forwarder(lab.lans.of(link), net.family))
      ?.find(
        ({ gateway, beyond, anywhere }) =>
          holds(net, gateway.net) &&
          gateway.place !== place &&
          (anywhere || (beyond.some((lan) => !lans.has(`${place} ${lan}`)) && !hides(lab, gateway, held))),
      );
    if (gateway === undefined) return [];
    seen.add(key);
    return [
      {
        about: resource,
        message:
          `the namespace ${place} has ${net.ip} and no ${familyName(net.family)} route beyond its LAN, ` +
          `in which ${gateway.gateway.net.ip} (${describe(gateway.gateway.resource)}) is a gateway`,
        help:
          `add a Route with the destination "default" via ${gateway.gateway.net.ip}, or set gateways: [] on the interface or its Lan ` +
          "if it needs none",
      },
    ];
  });
};

/** Returns true if a link's arguments say that no default route leads over it: the empty list is given, not left out. */
function isClosed({ links }: Lab, link: string): boolean {
  const gateways = links.get(link)?.args["gateways"];
  return Array.isArray(gateways) && gateways.length === 0;
}

/** A gateway address of a LAN: it leads to the segments `beyond`, or `anywhere`. */
interface Exit {
  readonly gateway: Pick<OnInterface, "resource" | "place" | "net" | "link">;
  readonly beyond: readonly string[];
  readonly anywhere: boolean;
}

function exitsOf(lab: Lab): Map<string, Exit[]> {
  const out = new Map<string, Exit[]>();
  const add = (lan: string, way: Exit) => {
    const key = forwarder(lan, way.gateway.net.family);
    const all = out.get(key);
    if (all === undefined) out.set(key, [way]);
    // A gateway address is listed once, however many neighbours use it.
    else if (!all.some(({ gateway, anywhere }) => gateway.net.ip === way.gateway.net.ip && anywhere === way.anywhere))
      all.push(way);
  };
  const owners = new Map(lab.addresses.map((held) => [`${lab.lans.of(held.link)} ${held.net.ip}`, held]));
  const held = Map.groupBy(lab.addresses, ({ place }) => place);
  const used = new Set(lab.routes.flatMap(({ via }) => via?.ip ?? []));
  for (const { resource, place, via, destination } of lab.routes) {
    if (via === undefined || destination !== undefined) continue;
    for (const { link, net } of held.get(place) ?? []) {
      if (!holds(net, via)) continue;
      const lan = lab.lans.of(link);
      const gateway = owners.get(`${lan} ${via.ip}`) ?? { resource, place: "?", link: "?", net: via };
      add(lan, { gateway, beyond: [], anywhere: true });
    }
  }
  for (const [place, all] of held) {
    for (const gateway of all) {
      if (!lab.forwards.has(forwarder(place, gateway.net.family)) || isLocal(gateway.net)) continue;
      const lan = lab.lans.of(gateway.link);
      const others = all.filter(
        ({ net, link }) =>
          net.family === gateway.net.family && !isLocal(net) && link !== "" && mayForward(lab, gateway, link),
      );
      const beyond = [...new Set(others.map(({ link }) => lab.lans.of(link)))].filter((other) => other !== lan);
      if (beyond.length > 0) add(lan, { gateway, beyond, anywhere: false });
      // If a neighbour has a route through it, routes are assumed to be set where they are needed.
      if (!used.has(gateway.net.ip) && letsOut(lab, gateway)) add(lan, { gateway, beyond: [], anywhere: true });
    }
  }
  return out;
}

// Returns true if a router replaces the source address of packets from this LAN that leave through another LAN.
const letsOut = (lab: Lab, gateway: OnInterface): boolean =>
  lab.sourceNats.some(
    (rule) =>
      rule.place === gateway.place &&
      (rule.sources !== undefined ? hold(rule.sources, gateway.net) : rule.outs !== undefined) &&
      mayTranslate(lab, rule, { net: gateway.net, from: gateway }) &&
      (rule.outs === undefined
        ? vrfOf(lab, gateway.link) === undefined
        : rule.outs.some((out) => lab.lans.of(out) !== lab.lans.of(gateway.link) && mayForward(lab, gateway, out))),
  );

// Returns true if a router may forward packets from one interface to another: in one VRF, or by a route in the table of the first one.
function mayForward(lab: Lab, { place, link: from }: OnInterface, to: string): boolean {
  const vrf = vrfOf(lab, from);
  if (vrfOf(lab, to) === vrf) return true;
  const own = vrf?.args["table"] ?? MAIN_TABLE;
  return lab.routes.some(({ place: at, table, link }) => at === place && link === to && table === own);
}

// Returns true if a router replaces the source address of packets that it sends to this LAN.
const hides = (lab: Lab, gateway: Exit["gateway"], { net }: OnInterface): boolean =>
  lab.sourceNats.some(
    (rule) =>
      rule.place === gateway.place &&
      (rule.outs === undefined || rule.outs.includes(gateway.link)) &&
      (rule.sources === undefined || !hold(rule.sources, net)) &&
      mayTranslate(lab, rule, { net, out: gateway.link }),
  );
