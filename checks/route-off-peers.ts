import { holds, overlap } from "../lab/net.ts";
import { networksBehind } from "../lab/tunnel.ts";
import { type Check, describe, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/** A route over a WireGuard interface to a network that is in `allowedIps` of none of its peers: the kernel drops its packets. A program may add peers. */
export const routeOffPeers: Check = ({ routes, addresses, links, programs, incomplete }) => {
  if (incomplete.has("program") || incomplete.has("address")) return [];
  return routes.flatMap(({ resource, place, link, via, destination }) => {
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
};
