import { withoutPrefixLength } from "../provider/cidr.ts";
import { splitPlace } from "./hosts.ts";
import type { KnownItem } from "./model.ts";

type Link = KnownItem<unknown, "link">;

/**
 * Returns the pairs of tunnels that are wires between two lab hosts: each is a remote end of the other, both have the same identifier, and
 * the lab hosts themselves carry their packets, or WireGuard tunnels between them.
 */
export function wiresBetweenHosts(links: readonly Link[]): [string, string][] {
  const encrypted = Map.groupBy(
    links.filter(({ tunnel }) => tunnel?.peers.some(({ endpoint }) => endpoint !== undefined)),
    ({ namespace = "" }) => namespace,
  );
  const ends = links.flatMap(({ key, namespace = "", underlay = "", tunnel, traits, args }) => {
    const { network } = traits;
    const { host } = splitPlace(namespace);
    if (network === undefined || host === undefined || tunnel === undefined) return [];
    // An external tunnel has many networks.
    if (args["external"] === true) return [];
    const own = splitPlace(underlay).namespace === undefined ? [tunnel.local] : addressesOf(encrypted.get(underlay));
    const id = JSON.stringify(network.map((name) => args[name]));
    return [{ key, host, id, own: new Set(own.filter(isKnown)), remotes: tunnel.remotes.filter(isKnown) }];
  });
  return [...Map.groupBy(ends, ({ id }) => id).values()].flatMap((group) =>
    group.flatMap((one, index) =>
      group
        .slice(0, index)
        .filter((other) => other.host !== one.host && sendsTo(one, other) && sendsTo(other, one))
        .map(({ key }): [string, string] => [key, one.key]),
    ),
  );
}

interface End {
  readonly own: ReadonlySet<string>;
  readonly remotes: readonly string[];
}

const sendsTo = ({ remotes }: End, { own }: End): boolean => remotes.some((remote) => own.has(remote));

const addressesOf = (links: readonly Link[] = []) =>
  links.flatMap(({ addresses }) => addresses.map((address) => address && withoutPrefixLength(address)));

const isKnown = (address: string | null | undefined): address is string => typeof address === "string";
