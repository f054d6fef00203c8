import { holds, isLocal } from "../lab/net.ts";
import { forwarder } from "../lab/network.ts";
import { type Check, describe, type Lab, type OnInterface } from "./check.ts";

/**
 * A namespace with an address and no route at all, where there is a way out: its neighbours have a default route by a gateway
 * in its network, a router leads from its LAN to another, or one hides the LAN, which it does for what leaves it. Who
 * forwards, or has a route by some gateway, has been thought about; and who only ever sees a router's own address, because
 * the router hides what is behind it, needs none.
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
    if (!lab.namespaces.has(place) || isLocal(net) || seen.has(key)) return [];
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
          `the namespace ${place} has ${net.ip} and no ${net.family === "inet" ? "IPv4" : "IPv6"} route beyond its LAN, ` +
          `in which ${gateway.gateway.net.ip} (${describe(gateway.gateway.resource)}) is a gateway`,
        help: `add a Route with the destination "default" via ${gateway.gateway.net.ip}`,
      },
    ];
  });
};

/** An address that leads out of a LAN: to the segments `beyond`, or `anywhere`. */
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
    // One address leads out once, however many neighbours go by it.
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
      const others = all.filter(({ net, link }) => net.family === gateway.net.family && !isLocal(net) && link !== "");
      const beyond = [...new Set(others.map(({ link }) => lab.lans.of(link)))].filter((other) => other !== lan);
      if (beyond.length > 0) add(lan, { gateway, beyond, anywhere: false });
      // Where a neighbour has a route by it, somebody has thought about who needs one.
      if (!used.has(gateway.net.ip) && letsOut(lab, gateway)) add(lan, { gateway, beyond: [], anywhere: true });
    }
  }
  return out;
}

// A router that puts its own address into what comes from this LAN and leaves by another way.
const letsOut = ({ sourceNats, lans }: Lab, { place, link, net }: OnInterface): boolean =>
  sourceNats.some(
    ({ place: at, out, source }) =>
      at === place &&
      (source !== undefined ? holds(source, net) : out !== undefined) &&
      (out === undefined || lans.of(out) !== lans.of(link)),
  );

// A router that puts its own address into what it sends to this LAN.
const hides = ({ sourceNats }: Lab, gateway: Exit["gateway"], { net }: OnInterface): boolean =>
  sourceNats.some(
    ({ place, out, source }) =>
      place === gateway.place &&
      (out === undefined || out === gateway.link) &&
      (source === undefined || !holds(source, net)),
  );
