import { splitKey } from "../lab/hosts.ts";
import { holds } from "../lab/net.ts";
import { type Check, describePlace } from "./check.ts";

/**
 * A gateway behind a macvlan that is an address of its parent: the frames of a macvlan leave its parent, and do not reach the parent's own
 * place. In mode vepa, a switch may send them back.
 */
export const gatewayOnParent: Check = ({ routes, addresses, links }) =>
  routes.flatMap(({ resource, place, link, via }) => {
    if (via === undefined) return [];
    const near =
      link ?? addresses.find((held) => held.place === place && held.peer === undefined && holds(held.net, via))?.link;
    const child = links.get(near ?? "");
    if (child?.parent === undefined || child.traits.receiver !== "macvlan") return [];
    const { traits, args, key, parent } = child;
    if ((args["mode"] ?? "bridge") === "vepa" || args["mode"] === null) return [];
    if (!addresses.some((held) => held.link === parent && held.net.ip === via.ip)) return [];
    return [
      {
        about: resource,
        message: `the gateway ${via.ip} is an address of ${parent}, the parent of ${key}: the kernel passes no packets between a ${traits.device} and its parent`,
        help: `add a Macvlan of ${parent} to ${describePlace(splitKey(parent).place)} as well, with the address of the gateway, or use another gateway`,
      },
    ];
  });
