import { splitPlace } from "./hosts.ts";
import type { KnownItem } from "./model.ts";

/**
 * Returns the pairs of tunnels that are wires between two lab hosts: each is a remote end of the other, both have the same identifier, and
 * the lab hosts themselves carry their packets.
 */
export function wiresBetweenHosts(links: readonly KnownItem<unknown, "link">[]): [string, string][] {
  const ends = links.flatMap(({ key, namespace = "", underlay = "", tunnel, traits, args }) => {
    const { network } = traits;
    const { host } = splitPlace(namespace);
    if (network === undefined || host === undefined || typeof tunnel?.local !== "string") return [];
    if (splitPlace(underlay).namespace !== undefined) return [];
    const id = JSON.stringify(network.map((name) => args[name]));
    return [{ key, host, id, local: tunnel.local, remotes: new Set(tunnel.remotes) }];
  });
  return [...Map.groupBy(ends, ({ id }) => id).values()].flatMap((group) =>
    group.flatMap((one, index) =>
      group
        .slice(0, index)
        .filter(({ host, local, remotes }) => host !== one.host && remotes.has(one.local) && one.remotes.has(local))
        .map(({ key }): [string, string] => [key, one.key]),
    ),
  );
}
