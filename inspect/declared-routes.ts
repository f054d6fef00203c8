import { splitKey, splitPlace } from "../lab/hosts.ts";
import { type Net, netText } from "../lab/net.ts";
import { networkOf } from "../lab/network.ts";
import { itemsOf } from "../lab/read.ts";
import type { Route } from "../lab/routes.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import type { Family } from "../provider/cidr.ts";
import { USUAL_METRIC } from "../provider/usual-metric.ts";
import { type Place, placeAt } from "./place.ts";
import type { ResourceView } from "./stack.ts";

/** A route to a network that a resource declares: a Route, one of the `gateways` of a link, or one of the `routes` of a WireGuard. */
export interface DeclaredRoute {
  readonly place: Place;
  readonly family: Family;
  /** A network, or `default`. */
  readonly destination: string;
  /** The length of the prefix of its network, in bits. */
  readonly length: number;
  readonly table: number;
  /** The metric that the kernel shows. */
  readonly metric: number;
  readonly via: string | undefined;
  /** The interface that it names; undefined if the kernel chooses one by its gateway. */
  readonly link: string | undefined;
  /** The resource, such as `Route home`. */
  readonly resource: string;
}

/** Returns the routes of a state that let packets pass. */
export const routesIn = (resources: readonly ResourceView[]): DeclaredRoute[] =>
  networkOf(itemsOf(resources, ({ outputs }) => outputs)).routes.flatMap((route) =>
    route.drops === false ? [declaredRoute(route)] : [],
  );

function declaredRoute(route: Route<ResourceView>): DeclaredRoute {
  const { place, destination, via, link, table, metric, resource } = route;
  const { host, namespace } = splitPlace(place);
  const family = familyOf(destination ?? via);
  return {
    place: placeAt({ host, namespace }),
    family,
    destination: destination === undefined || destination.prefix === "" ? "default" : netText(destination),
    length: destination?.prefix.length ?? 0,
    table: table ?? MAIN_TABLE,
    metric: metric || USUAL_METRIC[family],
    via: via?.ip,
    link: link === undefined ? undefined : splitKey(link).name,
    resource: `${resource.type} ${resource.name}`,
  };
}

/** A default route that names no gateway is one of IPv4. */
const familyOf = (net: Net | undefined): Family => net?.family ?? "inet";
