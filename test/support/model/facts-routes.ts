import { contains, familyOf } from "../../../provider/cidr.ts";
import { type At, type Flat, type FlatRoute, linksOf, routedBy } from "./flat.ts";

/** Returns the routes of a lab in a place, as texts. */
export function routesAt(flat: Flat, at: At): string[] {
  const carried = linksOf(flat)
    .filter((link) => link.at === at)
    .flatMap((end) => {
      const over = { at, link: end.name, metric: undefined, mtu: undefined, nhid: undefined };
      return [
        ...end.gateways.map((via) => ({ ...over, destination: "default", via })),
        ...routedBy(end).map((destination) => ({ ...over, destination, via: undefined })),
      ];
    });
  return [...carried, ...flat.routes.filter((route) => route.at === at)].map((route) => routeText(flat, route));
}

function routeText(flat: Flat, { at, metric, mtu, nhid, ...route }: FlatRoute): string {
  const { via, link, destination } = { ...route, destination: route.destination.replace("::/0", "default") };
  const family = familyOf(route.destination === "default" ? (via ?? "") : route.destination);
  const usual = family === "inet6" ? 1024 : 0;
  const dev = link ?? (via === undefined ? undefined : wayTo(flat, at, via));
  return [
    ...[family, destination],
    ...(nhid === undefined ? [...(via === undefined ? [] : ["via", via]), "dev", dev ?? "?"] : ["nhid", nhid]),
    ...["metric", metric ?? usual, ...(mtu === undefined ? [] : ["mtu", mtu])],
  ].join(" ");
}

/** Returns the link through which an address is reached: one that has an address of its network. */
export function wayTo(flat: Flat, at: At, address: string): string | undefined {
  const own = [
    ...linksOf(flat).flatMap((link) => link.addresses.map((address) => ({ at: link.at, link: link.name, address }))),
    ...flat.addresses,
  ];
  return own.find((one) => one.at === at && contains(one.address, address))?.link;
}
