import { host, isLocal } from "../lab/net.ts";
import { type Check, describe, describePlace, shortList } from "./check.ts";
import { isIncomplete, mayActIn } from "./open-lans.ts";

/**
 * A tunnel whose own outer address no interface of its underlay has, so that the packets of the other ends do not arrive. Only IPv4: routers
 * announce networks of IPv6, in which the kernel chooses addresses itself.
 */
export const noSuchLocal: Check = (lab) => {
  const { links, addresses, namespaces } = lab;
  if (isIncomplete(lab) || lab.incomplete.has("program")) return [];
  return [...links.values()].flatMap(({ resource, underlay = "", tunnel }) => {
    const local = host(tunnel?.local ?? "");
    if (local?.family !== "inet" || isLocal(local) || !namespaces.has(underlay) || mayActIn(lab.programs, underlay))
      return [];
    const own = addresses.filter(({ place, net }) => place === underlay && net.family === "inet");
    if (own.some(({ net }) => net.ip === local.ip)) return [];
    return [
      {
        about: resource,
        message: `local of ${describe(resource)} is ${local.ip}, an address that no interface of ${describePlace(underlay)} has`,
        help: `use an address of its underlay; those of ${describePlace(underlay)} are ${shortList(own.map(({ net }) => net.ip)) || "none"}`,
      },
    ];
  });
};
