import { holds, isLocal } from "../lab/net.ts";
import { type Check, type OnInterface } from "./check.ts";

/**
 * Addresses of one network on one LAN with different prefix lengths. The hosts with the longer one reach only a part of the others
 * directly, and an ordinary address of the others may be their broadcast address.
 */
export const mixedPrefixes: Check = ({ addresses, lans }) =>
  [...Map.groupBy(addresses.filter(hasNetwork), ({ link }) => lans.of(link)).values()].flatMap((lan) => {
    const pair = lan
      .map((narrow) => ({ narrow, wide: lan.find((other) => contains(other, narrow)) }))
      .find(({ wide }) => wide !== undefined);
    if (pair?.wide === undefined) return [];
    const { narrow, wide } = pair;
    return [
      {
        about: narrow.resource,
        message:
          `the prefix lengths in one LAN differ: ${narrow.link} has ${textOf(narrow)}, ${wide.link} has ${textOf(wide)}. ` +
          `For ${narrow.link}, only ${networkOf(narrow)} is on the LAN; for ${wide.link}, all of ${networkOf(wide)} is`,
        help: "use the same prefix length for all addresses of the network",
      },
    ];
  });

/** Returns whether an address has a network. A single address has none, such as one that a router announces. */
const hasNetwork = ({ net, peer }: OnInterface): boolean =>
  peer === undefined && net.prefix.length < net.bits.length && !isLocal(net);

const contains = (wide: OnInterface, narrow: OnInterface): boolean =>
  wide.link !== narrow.link && wide.net.prefix.length < narrow.net.prefix.length && holds(wide.net, narrow.net);

const textOf = ({ net }: OnInterface): string => `${net.ip}/${net.prefix.length}`;

const networkOf = ({ net }: OnInterface): string => `${net.network}/${net.prefix.length}`;
