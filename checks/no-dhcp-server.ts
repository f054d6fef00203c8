import { splitKey } from "../lab/hosts.ts";
import { type Check, describe, isLabHost, type Lab } from "./check.ts";
import { isIncomplete, mayActIn, openLinks } from "./open-lans.ts";

/**
 * A DHCP client on a LAN in which no program runs that could be a server or a relay. A LAN that leads out of the lab may have one there, and
 * so may a namespace that the program does not create. A program of a lab host may run a server in each of its namespaces.
 */
export const noDhcpServer: Check = (lab) => {
  const { makers, links, reaches, incomplete } = lab;
  if (isIncomplete(lab) || incomplete.has("program")) return [];
  const served = servedLans(lab);
  return makers.flatMap(({ resource, leased }) => {
    if (leased === undefined || !links.has(leased) || served.has(reaches.of(leased))) return [];
    return [
      {
        about: resource,
        message: `${leased} gets no address: ${describe(resource)} asks for one by DHCP, and no program on its LAN could be a DHCP server`,
        help:
          "declare the address, or add a server on the LAN, for example a Process in the namespace of its router with command: " +
          '["dnsmasq", "--no-daemon", "--dhcp-range=10.5.0.100,10.5.0.200"]',
      },
    ];
  });
};

/** Returns the LANs on which a DHCP server may be. */
function servedLans(lab: Lab): ReadonlySet<string> {
  const { links, makers, namespaces, reaches } = lab;
  const serving = new Set(makers.filter(({ leased }) => leased === undefined).map(({ place }) => place));
  const mayServe = (place: string): boolean => mayActIn(serving, place) || !(isLabHost(place) || namespaces.has(place));
  const inServing = [...links.keys()].filter((key) => mayServe(splitKey(key).place));
  return new Set([...openLinks(lab), ...inServing].map((key) => reaches.of(key)));
}
