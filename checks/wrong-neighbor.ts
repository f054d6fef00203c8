import { host } from "../lab/net.ts";
import { type Check, describe, type Lab } from "./check.ts";
import { macOf } from "./mac-of.ts";

/**
 * A Neighbor with another MAC address than that of the interface which has its address on the LAN: the packets to the address are sent to an
 * interface that is not there, or to another one. Interfaces with a MAC address that is not known are not checked.
 */
export const wrongNeighbor: Check = ({ neighbors, addresses, links, lans }) =>
  neighbors.flatMap(({ resource, link, address, lladdr }) => {
    const ip = host(address)?.ip;
    const holders = addresses
      .filter((held) => held.net.ip === ip && held.link !== link && lans.of(held.link) === lans.of(link))
      .map((held) => ({ link: held.link, mac: macAt(links, held.link) }));
    const [holder] = holders;
    if (holder === undefined || holders.some(({ mac }) => mac === undefined || mac === lladdr.toLowerCase())) return [];
    return [
      {
        about: resource,
        message: `${describe(resource)} sends the packets for ${ip} to ${lladdr}, but ${holder.link}, which has this address, has the MAC address ${holder.mac}`,
        help: `set lladdr to "${holder.mac}"`,
      },
    ];
  });

function macAt(links: Lab["links"], key: string): string | undefined {
  const link = links.get(key);
  return link && macOf(link);
}
