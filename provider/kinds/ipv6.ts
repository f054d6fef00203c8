import { familyOf } from "../cidr.ts";
import { rule } from "../schema.ts";

/** The smallest MTU with which the kernel has IPv6 on an interface, in bytes. */
export const IPV6_MIN_MTU = 1280;

/** The part of a link's arguments that IPv6 depends on. */
interface Addressed {
  readonly mtu?: number | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly gateways?: readonly string[] | undefined;
}

/** A link has IPv6 addresses and gateways only with an MTU that IPv6 can use. */
export const ipv6NeedsMtu = <Args extends Addressed>() =>
  rule<Args, keyof Addressed>(["mtu", "addresses", "gateways"], ({ mtu, addresses, gateways }) => {
    if (mtu === undefined || mtu >= IPV6_MIN_MTU) return undefined;
    const [at, address] = ipv6In({ addresses, gateways }) ?? [];
    if (at === undefined) return undefined;
    return {
      at,
      why: `"${address}" is an IPv6 address, which requires an mtu of at least ${IPV6_MIN_MTU}; the mtu is ${mtu}`,
    };
  });

/** The first IPv6 address of some lists, with the name of its list. */
function ipv6In(lists: Omit<Addressed, "mtu">): ["addresses" | "gateways", string] | undefined {
  for (const at of ["addresses", "gateways"] as const) {
    const found = lists[at]?.find((address) => familyOf(address) === "inet6");
    if (found !== undefined) return [at, found];
  }
  return undefined;
}
