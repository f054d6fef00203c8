import { type Item, isKnown, type KnownItem } from "../lab/model.ts";
import { itemsThatAre } from "../lab/read.ts";
import { addressOf } from "../lab/tunnel.ts";
import { wiresBetweenHosts } from "../lab/wires.ts";
import { withoutPrefixLength } from "../provider/cidr.ts";

type Tunnel<R> = Item<R, "link">;

/**
 * Returns the pairs of tunnels of a lab that are the ends of one tunnel: one sends to an address in the underlay of the other, or both
 * send to the same multicast group, or they are a wire between two lab hosts.
 */
export function tunnelPairs<R>(items: readonly Item<R>[]): (readonly [Tunnel<R>, Tunnel<R>])[] {
  const held = addressesByPlace(items);
  const tunnels = itemsThatAre(items, "link").filter(({ tunnel }) => tunnel !== undefined);
  const known = tunnels.filter((one): one is Tunnel<R> & KnownItem<R, "link"> => isKnown(one));
  const between = new Set(wiresBetweenHosts(known).map((keys) => keys.toSorted().join(" ")));
  const isBetweenHosts = (...ends: readonly Tunnel<R>[]): boolean =>
    between.has(
      ends
        .map(({ key }) => key)
        .toSorted()
        .join(" "),
    );
  return tunnels.flatMap((one, index) =>
    tunnels
      .slice(index + 1)
      .filter(
        (other) =>
          isAlike(one, other) &&
          (leadsTo(one, other, held) ||
            leadsTo(other, one, held) ||
            isInGroupOf(one, other) ||
            isBetweenHosts(one, other)),
      )
      .map((other) => [one, other] as const),
  );
}

type Held = ReadonlyMap<string, ReadonlySet<string>>;

function addressesByPlace(items: readonly Item<unknown>[]): Held {
  const held = new Map<string, Set<string>>();
  const add = (place: string, address: string | null) => {
    if (address !== null) held.set(place, (held.get(place) ?? new Set()).add(withoutPrefixLength(address)));
  };
  for (const item of items) {
    if (item.is === "link") for (const address of item.addresses) add(item.namespace ?? "", address);
    if (item.is === "address") add(item.namespace ?? "", item.address);
  }
  return held;
}

/** The arguments that the two ends of a tunnel have in common. */
const SAME = ["mode", "vni", "external", "dstport", "key"];

const isAlike = (one: Tunnel<unknown>, other: Tunnel<unknown>): boolean =>
  one.traits.device === other.traits.device && SAME.every((name) => one.args[name] === other.args[name]);

/** Returns true if a tunnel sends to an address in the underlay of another, and to its port if it names one. */
function leadsTo({ tunnel }: Tunnel<unknown>, other: Tunnel<unknown>, held: Held): boolean {
  const there = held.get(other.underlay ?? "");
  const isThere = (address: string | null) => address !== null && there?.has(address) === true;
  if (tunnel === undefined || tunnel.peers.length === 0) return tunnel?.remotes.some(isThere) === true;
  const port = other.args["listenPort"];
  return tunnel.peers.some(
    ({ endpoint }) => endpoint !== undefined && isThere(addressOf(endpoint)) && endpoint?.endsWith(`:${String(port)}`),
  );
}

const isInGroupOf = (one: Tunnel<unknown>, other: Tunnel<unknown>): boolean =>
  typeof one.args["group"] === "string" && one.args["group"] === other.args["group"];
