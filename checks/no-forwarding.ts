import { forwarder } from "../lab/network.ts";
import { forwardingKey } from "../provider/sysctl-key.ts";
import { type Check, describe, describePlace, isLabHost, type OnInterface } from "./check.ts";

/** A place that others use as their gateway but that does not forward. */
export const noForwarding: Check = ({ routes, addresses, lans, forwards, incomplete }) => {
  if (incomplete.has("sysctl")) return [];
  const owners = new Map(addresses.map((held) => [`${lans.of(held.link)} ${held.net.ip}`, held]));
  const lansOf = new Map<string, Set<string>>();
  for (const { place, link } of addresses) lansOf.set(place, (lansOf.get(place) ?? new Set()).add(lans.of(link)));
  const seen = new Set<string>();
  return routes.flatMap(({ via, place, link, resource }) => {
    if (via === undefined) return [];
    const near = link === undefined ? [...(lansOf.get(place) ?? [])] : [lans.of(link)];
    const gateway = near.flatMap((lan): OnInterface[] => {
      const held = owners.get(`${lan} ${via.ip}`);
      return held === undefined || held.place === place ? [] : [held];
    })[0];
    if (gateway === undefined) return [];
    const key = forwarder(gateway.place, via.family);
    if (forwards.has(key) || seen.has(key)) return [];
    seen.add(key);
    const sysctl = forwardingKey(via.family);
    return [
      {
        about: gateway.resource,
        message:
          `${describePlace(gateway.place)} is a gateway (${describe(resource)} goes via ${via.ip}), but the program does not enable ` +
          `${via.family === "inet" ? "IPv4" : "IPv6"} forwarding there`,
        help:
          `add a Sysctl with the key ${sysctl} and the value 1` +
          (isLabHost(gateway.place) ? ", or turn this check off if the host already forwards" : ""),
      },
    ];
  });
};
