import { addressOf } from "../lab/tunnel.ts";
import { type Check, describe } from "./check.ts";

/**
 * A peer of a WireGuard interface that no interface of the lab is, although it has no address outside the lab, or one that does not
 * know the interface in turn. Neither completes a handshake.
 */
export const unknownPeer: Check = ({ links, addresses, incomplete }) => {
  const ends = [...links.values()].flatMap(({ resource, key, tunnel }) =>
    tunnel?.publicKey === undefined ? [] : [{ resource, key, ...tunnel }],
  );
  // Each of the peers may be an interface whose key is not known.
  if (incomplete.has("link") || ends.some(({ publicKey }) => publicKey === null)) return [];
  // The interfaces of one lab host may share a key.
  const byKey = Map.groupBy(ends, ({ publicKey }) => publicKey);
  const own = new Set(addresses.map(({ net }) => net.ip));
  return ends.flatMap(({ resource, key, publicKey: ownKey, peers }) =>
    peers.flatMap(({ publicKey, endpoint }) => {
      if (publicKey === null || endpoint === null) return [];
      const others = byKey.get(publicKey) ?? [];
      const [other] = others;
      if (other !== undefined) {
        const back = others.flatMap((one) => one.peers);
        if (back.some((peer) => peer.publicKey === ownKey || peer.publicKey === null)) return [];
        return [
          {
            about: resource,
            message: `${key} has ${other.key} (${describe(other.resource)}) as a peer, which does not have ${key} as one: it drops its packets`,
            help: `add a peer with the publicKey of ${describe(resource)} to ${describe(other.resource)}`,
          },
        ];
      }
      if (endpoint !== undefined && !own.has(addressOf(endpoint) ?? "")) return [];
      return [
        {
          about: resource,
          message:
            `no WireGuard interface of the lab has the public key ${publicKey} of a peer of ${key}` +
            (endpoint === undefined
              ? ", and the peer has no endpoint outside the lab"
              : `, although ${endpoint} is in the lab`),
          help: "use the publicKey of the other interface, or WireGuard.publicKeyOf of its private key",
        },
      ];
    }),
  );
};
