import { holds, overlap } from "../lab/net.ts";
import { networksBehind } from "../lab/tunnel.ts";
import { type Check, describe, type Finding, type Lab, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A route over a WireGuard interface to a network that is in `allowedIps` of none of its peers, or a peer of the lab whose own address in the tunnel is
 * not: the kernel drops the packets to it. A program may add peers.
 */
export const routeOffPeers: Check = (lab) =>
  lab.incomplete.has("program") || lab.incomplete.has("address") ? [] : [...routesOff(lab), ...addressesOff(lab)];

/** Finds the routes to networks that are behind no peer. */
const routesOff = ({ routes, addresses, links, programs }: Lab): Finding[] =>
  routes.flatMap(({ resource, place, link, via, destination }) => {
    const near = addresses.filter((held) => held.place === place && via !== undefined && holds(held.net, via));
    const over = links.get(link ?? (near.length === 1 ? near[0]?.link : undefined) ?? "");
    const networks = over?.tunnel?.publicKey === undefined ? undefined : networksBehind(over.tunnel);
    if (over === undefined || networks === undefined || destination === undefined || mayActIn(programs, place))
      return [];
    if (networks.some((network) => overlap(network, destination))) return [];
    const text = `${destination.network}/${destination.prefix.length}`;
    const all = networks.map((network) => `${network.network}/${network.prefix.length}`);
    return [
      {
        about: resource,
        message: `${describe(resource)} leads to ${text} over ${over.key}, but no peer of this WireGuard has an allowed IP in it: the kernel drops the packets ("Required key not available")`,
        help: `add "${text}" to the allowedIps of the peer that leads there; those of all peers are ${shortList(all) || "none"}`,
      },
    ];
  });

/** Finds the peers whose address is in the network of the interface, and not in their allowed IPs. */
function addressesOff({ links, addresses, programs }: Lab): Finding[] {
  const ends = [...links.values()].filter(({ tunnel }) => tunnel?.publicKey !== undefined);
  // The interfaces of one lab host may share a key.
  const byKey = Map.groupBy(ends, ({ tunnel }) => tunnel?.publicKey);
  const held = Map.groupBy(addresses, ({ link }) => link);
  return ends.flatMap(({ resource, key, tunnel }) => {
    const own = held.get(key) ?? [];
    const networks = tunnel && networksBehind(tunnel);
    if (networks === undefined || own.some(({ place }) => mayActIn(programs, place))) return [];
    return (tunnel?.peers ?? []).flatMap(({ publicKey }, index) => {
      const others = publicKey === null ? [] : (byKey.get(publicKey) ?? []);
      const [other] = others;
      if (other === undefined || others.length > 1) return [];
      const lacking = (held.get(other.key) ?? []).find(
        ({ net }) =>
          own.some((mine) => (mine.peer === undefined ? holds(mine.net, net) : mine.peer.ip === net.ip)) &&
          !networks.some((network) => holds(network, net)),
      );
      if (lacking === undefined) return [];
      const single = `${lacking.net.ip}/${lacking.net.bits.length}`;
      return [
        {
          about: resource,
          message: `peers[${index}].allowedIps of ${describe(resource)} lack ${lacking.net.ip}, the address of the peer ${other.key} (${describe(other.resource)}) in the network of ${key}: the kernel drops the packets to and from it`,
          help: `add "${single}" to the allowedIps of this peer`,
        },
      ];
    });
  });
}
