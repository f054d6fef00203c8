import { type RouteEntry, showRoutesOf } from "../../provider/kernel/tools/ip.ts";
import { argsOfEntry, route } from "../../provider/kinds/route.ts";
import { inexpressibleIn, isOfGateway } from "../../provider/kinds/route-attributes.ts";
import { type Place, placeName } from "../place.ts";
import { type FoundObject, linkNamed } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/** Returns the routes that a person has typed, except the default routes that belong to a link. */
export async function routesToImport(
  { kernel, take, leave }: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const entries = await Promise.all(["boot", "static"].map((protocol) => showRoutesOf(kernel, place, protocol)));
  return collect(
    entries.flatMap((some = []) => some),
    async (entry) => {
      const owners = linksOver(entry).map((dev) => ({ dev, end: linkNamed(links, place, dev)?.end }));
      const left = owners.find(({ end }) => end === undefined);
      const what = `route to ${entry.dst} in ${placeName(place)}`;
      if (left !== undefined) return leave(what, `its link ${left.dev} is left`);
      // A route of the lab host that drops packets is no part of a lab.
      if (owners.length === 0 && place === undefined) return leave(what, "it is over no link of a lab");
      const attribute = inexpressibleIn(entry);
      if (attribute !== undefined) return leave(what, `Route cannot express ${attribute}`);
      if (owners.some(({ end }) => isGatewayOf(end, entry))) return [];
      const args = argsOfEntry(entry, place);
      const taken = await take([route.type], route.id(args, ""));
      // Every link has the network of a link-local gateway.
      return args.via?.startsWith("fe80:") && entry.dev !== undefined
        ? taken.map((one) => ({ ...one, inputs: { ...one.inputs, interface: entry.dev } }))
        : taken;
    },
  );
}

/** Returns the names of the links over which a route leads; none for one that drops packets. */
const linksOver = ({ type, dev, nexthops }: RouteEntry): string[] =>
  type === "unicast" ? (nexthops?.map((hop) => hop.dev ?? "") ?? [dev ?? ""]) : [];

/** Returns whether a route is the default route through a gateway that is among the arguments of a link. */
function isGatewayOf(end: FoundObject["inputs"] | undefined, entry: RouteEntry): boolean {
  const gateways = end?.["gateways"];
  return isOfGateway(entry) && Array.isArray(gateways) && gateways.includes(entry.gateway);
}
