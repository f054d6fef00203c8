import { count } from "./arguments.ts";
import type { KnownItem, RouteFact } from "./model.ts";
import { host, type Net, net } from "./net.ts";
import type { Placed } from "./placed.ts";
import { MAIN_TABLE } from "./routing-rules.ts";

/** A route of a place: a resource of its own, or one of an interface. */
export interface Route<R>
  extends Placed<R>,
    Pick<RouteFact, "argument" | "onlink" | "table" | "metric" | "preferred" | "drops"> {
  readonly link: string | undefined;
  /** Undefined for `default`. */
  readonly destination: Net | undefined;
  readonly via: Net | undefined;
}

/** Returns the routes of a fact. */
export function routesOf<R>(item: KnownItem<R>): Route<R>[] {
  const { resource } = item;
  if (item.is === "route" || item.is === "further hop") {
    const { namespace: place = "", ...hop } = item;
    const to = item.destination === "default" ? undefined : net(item.destination);
    return [{ ...hop, place, destination: to, via: host(item.via ?? "") }];
  }
  if (item.is !== "link") return [];
  const { namespace: place = "", key: link } = item;
  const argument = item.side === undefined ? "gateways" : `${item.side}.gateways`;
  const table = count(item.args, "gatewayTable", MAIN_TABLE);
  const over = {
    ...{ resource, place, link, argument, onlink: false, table },
    ...{ metric: undefined, preferred: undefined, drops: false },
  };
  return [
    ...item.gateways.flatMap((gateway) => {
      const via = host(gateway);
      return via === undefined ? [] : [{ ...over, destination: undefined, via }];
    }),
    ...item.destinations.map((network) => ({ ...over, destination: net(network) ?? host(network), via: undefined })),
  ];
}
