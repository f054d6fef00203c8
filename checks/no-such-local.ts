import { host, isLocal } from "../lab/net.ts";
import { type Check, type Declared, describe, describePlace, type Lab, shortList } from "./check.ts";
import { isIncomplete, mayActIn } from "./open-lans.ts";

/**
 * A tunnel whose own outer address no interface of its underlay has, so that the packets of the other ends do not arrive, or a route with a source
 * that no interface of its namespace has, which the kernel refuses. Only IPv4: routers announce networks of IPv6, in which the kernel chooses
 * addresses itself.
 */
export const noSuchLocal: Check = (lab) => {
  const { addresses, namespaces } = lab;
  if (isIncomplete(lab) || lab.incomplete.has("program")) return [];
  return [...ofTunnels(lab), ...ofRoutes(lab)].flatMap(({ resource, place, argument, given, isRefused, whose }) => {
    const local = host(given ?? "");
    if (local?.family !== "inet" || isLocal(local) || !namespaces.has(place) || mayActIn(lab.programs, place))
      return [];
    const own = addresses.filter((held) => held.place === place && held.net.family === "inet");
    if (own.some(({ net }) => net.ip === local.ip)) return [];
    return [
      {
        about: resource,
        ...(isRefused && { refused: argument }),
        message: `${argument} of ${describe(resource)} is ${local.ip}, an address that no interface of ${describePlace(place)} has`,
        help: `use an address of its ${whose}; those of ${describePlace(place)} are ${shortList(own.map(({ net }) => net.ip)) || "none"}`,
      },
    ];
  });
};

/** An argument with an address of a place itself. */
interface Local {
  readonly resource: Declared;
  readonly place: string;
  readonly argument: string;
  readonly given: string | null | undefined;
  /** Whether the kernel refuses an address that the place does not have. */
  readonly isRefused: boolean;
  readonly whose: "underlay" | "namespace";
}

const ofTunnels = ({ links }: Lab): Local[] =>
  [...links.values()].map(({ resource, underlay: place = "", tunnel }) => ({
    ...{ resource, place, argument: "local", given: tunnel?.local, isRefused: false, whose: "underlay" },
  }));

/** Returns the sources of routes. The kernel ignores that of a route that drops its packets. */
const ofRoutes = ({ routes }: Lab): Local[] =>
  [...new Map(routes.map((route) => [route.resource, route])).values()]
    .filter(({ drops }) => drops === false)
    .map(({ resource, place, preferred: given }) => ({
      ...{ resource, place, argument: "source", given, isRefused: true, whose: "namespace" },
    }));
