import { forwarder } from "../lab/forwarding.ts";
import { isLocal, type Net } from "../lab/net.ts";
import { familyName } from "../provider/cidr.ts";
import { forwardingKey } from "../provider/sysctl-key.ts";
import { type Check, describe, describePlace, type Finding, isLabHost, type Lab, type OnInterface } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/** A place that others use as their gateway, or that sends packets to another host by NAT, but that does not forward. */
export const noForwarding: Check = (lab) => {
  if (lab.incomplete.has("sysctl")) return [];
  const idle = Map.groupBy([...idleGateways(lab), ...idleNats(lab)], ({ key }) => key);
  return [...idle.values()].flatMap(([first]) => first?.finding ?? []);
};

/** A place without forwarding, by its key in `forwards`, and what is reported about it. */
interface Idle {
  readonly key: string;
  readonly finding: Finding;
}

/** Finds the gateways in places that do not forward. A place needs no forwarding for packets to an address of its own. */
function idleGateways(lab: Lab): Idle[] {
  const { routes, addresses, lans, forwards } = lab;
  const owners = new Map(addresses.map((held) => [`${lans.of(held.link)} ${held.net.ip}`, held]));
  const lansOf = new Map<string, Set<string>>();
  for (const { place, link } of addresses) lansOf.set(place, (lansOf.get(place) ?? new Set()).add(lans.of(link)));
  return routes.flatMap(({ via, place, link, resource, destination }) => {
    if (via === undefined) return [];
    const near = link === undefined ? [...(lansOf.get(place) ?? [])] : [lans.of(link)];
    const gateway = near.flatMap((lan): OnInterface[] => {
      const held = owners.get(`${lan} ${via.ip}`);
      return held === undefined || held.place === place ? [] : [held];
    })[0];
    if (gateway === undefined || mayHave(lab, gateway.place, destination)) return [];
    const key = forwarder(gateway.place, via.family);
    if (forwards.has(key)) return [];
    const sysctl = forwardingKey(via.family);
    const finding = {
      about: gateway.resource,
      message:
        `${describePlace(gateway.place)} is a gateway (${describe(resource)} goes via ${via.ip}), but ` +
        `the program does not enable ${familyName(via.family)} forwarding there`,
      help:
        `add a Sysctl with the key ${sysctl} and the value 1` +
        (isLabHost(gateway.place) ? ", or turn this check off if the host already forwards" : ""),
    };
    return [{ key, finding }];
  });
}

/** Returns whether a destination is one address that a place has, or may have. A program may add addresses. */
const mayHave = ({ addresses, programs, incomplete }: Lab, place: string, destination: Net | undefined): boolean =>
  destination !== undefined &&
  destination.prefix.length === destination.bits.length &&
  (incomplete.has("address") ||
    mayActIn(programs, place) ||
    addresses.some((held) => held.place === place && held.net.ip === destination.ip));

/** Finds the NAT rules to other hosts in namespaces that do not forward. A program may enable forwarding. */
function idleNats({ destinationNats, addresses, namespaces, programs, forwards, incomplete }: Lab): Idle[] {
  if ((["address", "link", "program"] as const).some((is) => incomplete.has(is))) return [];
  return destinationNats.flatMap(({ resource, place, target }) => {
    const key = forwarder(place, target.family);
    if (!namespaces.has(place) || mayActIn(programs, place)) return [];
    if (forwards.has(key) || isLocal(target)) return [];
    if (addresses.some((held) => held.place === place && held.net.ip === target.ip)) return [];
    const finding = {
      about: resource,
      message:
        `${describe(resource)} sends packets to ${target.ip}, which is no address of ${describePlace(place)}, but ` +
        `the program does not enable ${familyName(target.family)} forwarding there`,
      help: `add a Sysctl with the key ${forwardingKey(target.family)} and the value 1`,
    };
    return [{ key, finding }];
  });
}
