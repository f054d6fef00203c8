import { familyOf } from "../cidr.ts";
import { IPV6_MTU } from "../generations.ts";
import { rule } from "../schema.ts";

/** The link arguments that IPv6 depends on. */
interface Addressed {
  readonly mtu?: number | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly gateways?: readonly string[] | undefined;
}

/** Declares the rule that a link with IPv6 addresses or gateways needs an MTU that is large enough for IPv6. */
export const ipv6NeedsMtu = <Args extends Addressed>() =>
  rule<Args, keyof Addressed>(["mtu", "addresses", "gateways"], ({ mtu, addresses, gateways }) => {
    if (mtu === undefined || mtu >= IPV6_MTU) return undefined;
    const [at, address] = ipv6In({ addresses, gateways }) ?? [];
    if (at === undefined) return undefined;
    return {
      at,
      why: `"${address}" is an IPv6 address, which requires an mtu of at least ${IPV6_MTU}; the mtu is ${mtu}`,
    };
  });

/** Returns the first IPv6 address in the lists, with the name of its list. */
function ipv6In(lists: Omit<Addressed, "mtu">): ["addresses" | "gateways", string] | undefined {
  for (const at of ["addresses", "gateways"] as const) {
    const found = lists[at]?.find((address) => familyOf(address) === "inet6");
    if (found !== undefined) return [at, found];
  }
  return undefined;
}
