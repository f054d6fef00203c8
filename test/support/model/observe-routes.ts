import { append, linkName } from "./fact-names.ts";
import { neighborText, nexthopText } from "./fact-texts.ts";

/** Reads the routes of a place, by their families. A route that uses a next hop object has no gateway and no link of its own. */
export function readRoutes(place: string, routesOf: Record<string, any[]>, facts: Map<string, string>): void {
  const routes = Object.entries(routesOf).flatMap(([family, found]) =>
    found
      .filter((route: any) => route.protocol !== "kernel" && route.protocol !== "ra")
      .map((route: any) => {
        const via = route.gateway ?? route.via?.host;
        const mtu = route.metrics?.find((metrics: any) => metrics.mtu !== undefined)?.mtu;
        return [
          ...[family, route.dst],
          ...(route.nhid === undefined
            ? [...(via === undefined ? [] : ["via", via]), "dev", route.dev]
            : ["nhid", route.nhid]),
          ...["metric", route.metric ?? 0, ...(mtu === undefined ? [] : ["mtu", mtu])],
          ...protocolOf(route),
        ].join(" ");
      }),
  );
  if (routes.length > 0) facts.set(`routes ${place}`, routes.sort().join("\n"));
}

/** Reads the next hop objects of a place. */
export function readNexthops(place: string, nexthops: any[], facts: Map<string, string>): void {
  const texts = nexthops.map(({ id, gateway, dev, blackhole, group, protocol }) =>
    [
      nexthopText({
        ...{ nhid: id, via: gateway, link: blackhole === null ? undefined : dev, blackhole: blackhole === null },
        members: group?.map((member: any) => ({ nhid: member.id, weight: member.weight ?? 1 })),
      }),
      ...protocolOf({ protocol }),
    ].join(" "),
  );
  if (texts.length > 0) facts.set(`nexthops ${place}`, texts.sort().join("\n"));
}

export function readNeighbors(at: string | undefined, neighbors: any[], facts: Map<string, string>): void {
  const texts = neighbors.map(({ dst, dev, lladdr, protocol }) => ({
    fact: `neighbors ${linkName(at, dev)}`,
    text: [neighborText({ address: dst, lladdr }), ...protocolOf({ protocol })].join(" "),
  }));
  for (const { fact, text } of texts) append(facts, fact, text);
}

/** Returns the protocol of an entry, unless it is that of the provider. */
const protocolOf = ({ protocol }: { readonly protocol?: string }): string[] =>
  protocol === "201" ? [] : ["protocol", String(protocol)];
