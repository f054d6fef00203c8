import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { type Check, describe, describePlace } from "./check.ts";

/** A filter chain that drops packets which every place needs to receive. */
export const inputDrop: Check = ({ filters, addresses }) =>
  filters.flatMap(({ resource, place, chain, policy, rules }) => {
    const accepts = rules.filter(({ action }) => action === "accept");
    // A chain that accepts nothing has its own check.
    if (chain !== "input" || policy !== "drop" || accepts.length === 0) return [];
    const hasIpv6 = addresses.some((address) => address.place === place && address.net.family === "inet6");
    const missing = NEEDS.filter(({ ipv6, isMet }) => (hasIpv6 || !ipv6) && !isMet(accepts));
    if (missing.length === 0) return [];
    return [
      {
        about: resource,
        message:
          `${describe(resource)} has policy drop and no rule that accepts ` +
          `${new Intl.ListFormat("en-GB").format(missing.map(({ what }) => what))} of ${describePlace(place)}`,
        help: `add to its rules:\n${missing.map(({ rule }) => `  ${rule},`).join("\n")}`,
      },
    ];
  });

interface Need {
  readonly what: string;
  /** The rule that meets it, as in a program. */
  readonly rule: string;
  /** Whether only a place with IPv6 addresses has the need. */
  readonly ipv6?: true;
  readonly isMet: (accepts: readonly FilterRule[]) => boolean;
}

const isForAll = ({ inInterface, ctState, protocol, source, destination }: FilterRule): boolean =>
  (inInterface ?? ctState ?? protocol ?? source ?? destination) === undefined;

const NEIGHBOR_DISCOVERY = ["nd-neighbor-solicit", "nd-neighbor-advert"] as const;

const NEEDS: readonly Need[] = [
  {
    what: "the packets on the loopback interface",
    rule: `{ action: "accept", inInterface: "lo" }`,
    isMet: (accepts) => accepts.some((rule) => isForAll(rule) || valuesOf(rule.inInterface).includes("lo")),
  },
  {
    what: "the answers to the connections",
    rule: `{ action: "accept", ctState: ["established", "related"] }`,
    isMet: (accepts) => accepts.some((rule) => isForAll(rule) || valuesOf(rule.ctState).includes("established")),
  },
  {
    what: "the IPv6 neighbor discovery",
    rule: `{ action: "accept", protocol: "icmpv6", icmpType: ["nd-neighbor-solicit", "nd-neighbor-advert", "nd-router-advert"] }`,
    ipv6: true,
    isMet: (accepts) =>
      NEIGHBOR_DISCOVERY.every((type) =>
        accepts.some(
          (rule) =>
            (isForAll(rule) && rule.family !== "ip") ||
            (valuesOf(rule.protocol).includes("icmpv6") &&
              (rule.icmpType === undefined || valuesOf(rule.icmpType).includes(type))),
        ),
      ),
  },
];
