import { splitKey, splitPlace } from "../lab/hosts.ts";
import { type Link, type Network, networkOf } from "../lab/network.ts";
import { itemsOf } from "../lab/read.ts";
import { segments } from "../lab/segments.ts";
import { withoutPrefixLength } from "../provider/cidr.ts";
import { type Place, placeAt } from "./place.ts";
import type { ResourceView } from "./stack.ts";

/** An interface with an address that a resource declares. */
export interface DeclaredAddress {
  readonly place: Place;
  /** The name of the interface. */
  readonly link: string;
  readonly address: string;
  /** The resource, such as `Veth wire`. */
  readonly resource: string;
  /** The segment of the interface: the same text for all interfaces that the program certainly connects. */
  readonly segment: string;
}

/** The segments that a state declares. */
export interface DeclaredSegments {
  readonly addresses: readonly DeclaredAddress[];
  /** Returns the segment of an interface; undefined if the state does not have it. */
  readonly of: (place: Place, link: string) => string | undefined;
}

/** Returns the segments of a state, which its tunnels connect as well. */
export function segmentsIn(resources: readonly ResourceView[]): DeclaredSegments {
  const network = networkOf(itemsOf(resources, ({ outputs }) => outputs));
  const joined = segments();
  for (const [one, other] of tunnelPairs(network)) joined.join(network.lans.of(one), network.lans.of(other));
  const of = (key: string): string => joined.of(network.lans.of(key));
  const keys = new Map([...network.links.keys()].map((key) => [idOf(atKey(key)), key]));
  return {
    addresses: network.addresses.map(({ link: key, net, resource }) => ({
      ...{ ...atKey(key), address: net.ip, resource: `${resource.type} ${resource.name}`, segment: of(key) },
    })),
    of(place, link) {
      const key = keys.get(idOf({ place, link }));
      return key && of(key);
    },
  };
}

/** Returns the pairs of tunnels that send to each other and belong to the same network. */
function tunnelPairs({ links, addresses }: Network<ResourceView>): [string, string][] {
  const identity = ({ resource, traits, args }: Link<ResourceView>) =>
    JSON.stringify([resource.type, traits.network?.map((name) => args[name])]);
  const ends = [...links.values()].filter(({ tunnel, traits }) => tunnel !== undefined && traits.network !== undefined);
  const sendsTo = (one: Link<ResourceView>, { underlay = "", tunnel }: Link<ResourceView>) => {
    const own = [tunnel?.local, ...addresses.flatMap(({ place, net }) => (place === underlay ? [net.ip] : []))];
    return one.tunnel?.remotes.some((remote) => remote !== null && own.includes(withoutPrefixLength(remote)));
  };
  return [...Map.groupBy(ends, identity).values()].flatMap((group) =>
    group.flatMap((one, index) =>
      group
        .slice(0, index)
        .filter((other) => sendsTo(one, other) && sendsTo(other, one))
        .map(({ key }): [string, string] => [key, one.key]),
    ),
  );
}

/** Returns the place and the name in the key of an interface. */
function atKey(key: string): { readonly place: Place; readonly link: string } {
  const { place, name: link } = splitKey(key);
  const { host, namespace } = splitPlace(place);
  return { place: placeAt({ host, namespace }), link };
}

const idOf = ({ place = "", link }: { readonly place: Place; readonly link: string }): string => `${place}/${link}`;
