import { holds, host, isAddress, isLocal, type Net, netsIn } from "../lab/net.ts";
import { type Check, type Declared, describe, describePlace, type Lab, shortList } from "./check.ts";
import { isClosed, isIncomplete, openLans } from "./open-lans.ts";

/**
 * A NAT rule to an address that no interface of the lab has, a filter rule that accepts forwarded packets to it, or a name or name server with
 * it: in the network of a LAN whose interfaces are all known or, except for a name, in no network of a lab without a way out.
 */
export const noSuchTarget: Check = (lab) => {
  const { routes, addresses, links, incomplete, reaches } = lab;
  if (isIncomplete(lab) || incomplete.has("route")) return [];
  const isOpen = openLans(lab);
  const closed = isClosed(lab);
  const owned = new Set(addresses.map(({ net }) => net.ip));
  return targetsIn(lab).flatMap(({ resource, place, target, argument, isName = false }) => {
    if (isLocal(target) || owned.has(target.ip)) return [];
    const around = addresses.filter(({ net }) => holds(net, target));
    if (around.length === 0 && closed && !isName)
      return [
        {
          about: resource,
          message: `no interface has ${target.ip}, ${argument} of ${describe(resource)}, and no network of the lab contains it`,
          help: `use the address of a host behind ${describePlace(place)}`,
        },
      ];
    const own = around.filter((held) => held.place === place);
    // A place that is on the LAN itself sends the packets there; another one sends them to a LAN that it has a route to.
    const near = own.length > 0 ? own : around;
    const lans = new Set(near.map(({ link }) => reaches.of(link)));
    if (near.some(({ link }) => !links.has(link)) || [...lans].some(isOpen)) return [];
    const isElsewhere = routes.some(
      ({ destination }) =>
        destination !== undefined &&
        holds(destination, target) &&
        near.every(({ net }) => destination.prefix.length > net.prefix.length),
    );
    if (isElsewhere) return [];
    const others = addresses.filter((held) => held.place !== place && lans.has(reaches.of(held.link)));
    const texts = others.filter(({ net }) => net.family === target.family).map(({ net }) => net.ip);
    if (texts.length === 0) return [];
    return [
      {
        about: resource,
        message: `no interface has ${target.ip}, ${argument} of ${describe(resource)}; the LAN of that address has ${shortList(texts)}`,
        help: "use the address of a host on that LAN, or add the address to the host",
      },
    ];
  });
};

/** An address to which packets are to go. */
interface Target {
  readonly resource: Declared;
  readonly place: string;
  readonly target: Net;
  /** The argument that has it, as a text. */
  readonly argument: string;
  /** Whether it is the address of a name or a name server, which may be outside of the lab. */
  readonly isName?: boolean;
}

const targetsIn = ({ destinationNats, filters, namespaces, named }: Lab): Target[] => [
  ...destinationNats.map((nat) => ({ ...nat, argument: "the toAddress" })),
  ...filters
    .filter(({ place, chain }) => chain === "forward" && namespaces.has(place))
    .flatMap(({ resource, place, rules }) =>
      rules.flatMap(({ action, destination }, index) => {
        const targets = action === "accept" ? netsIn(destination).filter(isAddress) : [];
        const argument = `the destination in rules[${index}]`;
        return targets.map((target) => ({ resource, place, target, argument }));
      }),
    ),
  ...named.flatMap(({ resource, place, argument, address }) => {
    const target = namespaces.has(place) ? host(address) : undefined;
    return target === undefined ? [] : [{ resource, place, target, argument, isName: true }];
  }),
];
