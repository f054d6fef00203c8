import * as v from "valibot";
import { areOfOneFamily, contains, isLinkLocal } from "../cidr.ts";
import { field, hasUnknown, list, rule } from "../schema.ts";
import { interfaceAddress, ip, routingTable } from "../values.ts";
import type { LinkPlace } from "./link.ts";

/** Declares the addresses of a link. */
export const addresses = () =>
  v.optional(list(interfaceAddress(), `a list of addresses with their prefix lengths, e.g. ["192.168.15.1/24"]`));

/** Declares the gateways of the default routes over a link. */
export const gateways = () => v.optional(list(ip(), `a list of gateway addresses, e.g. ["192.168.15.5"]`));

/** Declares the routing table of the default routes over a link. */
export const gatewayTable = () => v.optional(field(routingTable(4_294_967_294, 10)));

/** A link's place, and its addresses and routes. */
export interface LinkAddressing extends LinkPlace {
  readonly addresses?: readonly string[] | undefined;
  readonly gateways?: readonly string[] | undefined;
  readonly gatewayTable?: number | undefined;
  /** The networks to which routes lead over the link itself, without a gateway. */
  readonly destinations?: readonly string[] | undefined;
}

/** Declares the rule that a link must be able to reach its gateways, and has at most one per family. */
export const gatewaysAreReachable = <Args extends LinkAddressing & { readonly up: boolean }>() =>
  rule<Args, "addresses" | "gateways" | "up">(
    ["addresses", "gateways", "up"],
    ({ addresses = [], gateways = [], up }) => {
      if (hasUnknown([addresses, gateways])) return undefined;
      const fault = faultOf(addresses, gateways, up);
      return fault === undefined ? undefined : { at: "gateways", why: fault };
    },
  );

function faultOf(addresses: readonly string[], gateways: readonly string[], up: boolean): string | undefined {
  const [first, second] = gateways;
  if (first !== undefined && !up) return `"${first}" is unreachable, because up is false`;
  const rival = gateways.find(
    (gateway, index) => gateways.findIndex((other) => areOfOneFamily(other, gateway)) < index,
  );
  if (rival !== undefined && second !== undefined) {
    return `"${rival}" is the second gateway of its family; each family has only one default route`;
  }
  // Every link with IPv6 has a link-local address, so it can reach link-local gateways.
  const far = gateways.find((gateway) => !isLinkLocal(gateway) && !addresses.some((own) => contains(own, gateway)));
  if (far === undefined) return undefined;
  return `"${far}" is not in a network of the link's addresses: ${addresses.join(", ") || "none"}`;
}
