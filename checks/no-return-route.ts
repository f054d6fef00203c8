import { holds, hostOrNet, isAddress, type Net } from "../lab/net.ts";
import { type Check, type Declared, describe, describePlace, type Lab } from "./check.ts";
import { translation } from "./source-nats.ts";
import { type Transit, transits } from "./transits.ts";

/**
 * A router that receives packets from the network behind another router and has no route back to it. Namespaces in which programs run
 * may learn routes from them, and are assumed to have one. A network that another router reaches through a tunnel is private: the routers that
 * carry the tunnel need no route to it. A NAT rule makes a route to the network unnecessary, but one is needed to the address that it gives.
 */
export const noReturnRoute: Check = (lab) => {
  const seen = new Set<string>();
  return [...transits(lab)].flatMap((transit) => {
    const { router, near, next, network } = transit;
    if (!lab.namespaces.has(next.place) || lab.programs.has(next.place)) return [];
    const back = lostSource(lab, transit);
    if (back === undefined || isTunnelled(lab, back.net) || seen.has(`${next.place} ${back.to}`)) return [];
    seen.add(`${next.place} ${back.to}`);
    return [
      {
        about: next.resource,
        ...(back.rule === undefined
          ? {
              message:
                `${describePlace(next.place)} has no route back to ${network}, the network behind ${describePlace(router)}, ` +
                `which sends packets to it (${describe(transit.route)})`,
              help:
                `add a Route there with the destination "${network}" via ${near.net.ip}, or a NatRule of type masquerade in ` +
                `${describePlace(router)} with that source`,
            }
          : {
              message:
                `${describePlace(next.place)} has no route back to ${back.to}, the toAddress of ${describe(back.rule)}, ` +
                `with which ${describePlace(router)} sends it the packets of ${network}`,
              help: `add a Route there with the destination "${back.to}" via ${near.net.ip}, or set toAddress to ${near.net.ip}, which ${describePlace(router)} has`,
            }),
      },
    ];
  });
};

/** A source address of packets, or a network of them, to which a place has no route. */
interface LostSource {
  readonly net: Net;
  readonly to: string;
  /** The rule that gives the packets this address; undefined if they keep their own. */
  readonly rule?: Declared;
}

/** Returns the source with which the packets of a router arrive, if the next place has no route to it. */
function lostSource(lab: Lab, { behind, near, next, network, nats }: Transit): LostSource | undefined {
  const { net } = behind;
  const packets = { net, from: behind, out: near.link };
  const sources = nats.map((rule) => ({ rule: rule.resource, net: hostOrNet(translation(lab, rule, packets) ?? "") }));
  if (sources.length === 0) return knows(lab, next.place, net) ? undefined : { net, to: network };
  const lost = sources.flatMap(({ rule, net: to }) =>
    to === undefined || !isAddress(to) || knows(lab, next.place, to)
      ? []
      : [{ rule, net: to, to: `${to.ip}/${to.bits.length}` }],
  );
  return lost.length === sources.length ? lost[0] : undefined;
}

/** Returns whether a place has a route to a network: an interface in it, or a route to it or to anywhere. */
const knows = ({ routes, addresses }: Lab, place: string, net: Net): boolean =>
  addresses.some((own) => own.place === place && holds(own.net, net)) ||
  routes.some(
    ({ place: at, destination, via }) =>
      at === place &&
      (destination === undefined ? via === undefined || via.family === net.family : holds(destination, net)),
  );

/** Returns whether a route leads to a network through a tunnel. */
const isTunnelled = ({ routes, addresses, links }: Lab, net: Net): boolean =>
  routes.some(({ place, destination, via, link }) => {
    if (destination === undefined || destination.prefix === "" || !holds(destination, net)) return false;
    const near = addresses.find((held) => held.place === place && via !== undefined && holds(held.net, via));
    return links.get(link ?? near?.link ?? "")?.traits.isTunnel === true;
  });
