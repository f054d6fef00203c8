import * as v from "valibot";
import {
  faultOfDestination,
  faultOfHost,
  faultOfInterfaceAddress,
  faultOfMatch,
  faultOfPool,
  hostInPlaceOfNetwork,
} from "./address-faults.ts";
import { boundsOf, normalizeRange } from "./address-ranges.ts";
import { asNetwork, cidr, type Family, isHost, isMulticast, parseIp } from "./cidr.ts";
import { formatValue } from "./format-value.ts";
import { text } from "./value.ts";

/** Declares an IPv4 or IPv6 address of one host, optionally of a given family, without a prefix length. */
export const ip = (family?: Family) =>
  text(
    {
      what: "a host address",
      rules: `, ${ALLOWED[family ?? "any"]}`,
      fault: (address) => faultOfHost(address, family),
    },
    (address) => (faultOfHost(address, family) === undefined ? parseIp(address) : undefined),
  );

const ALLOWED = {
  any: `IPv4 or IPv6, without a prefix length, e.g. "192.168.15.5" or "fd00:15::5"`,
  inet: `IPv4, without a prefix length, e.g. "192.168.15.255"`,
  inet6: `IPv6, without a prefix length, e.g. "fd00:15::5"`,
};

/** Declares an address to translate to, or a network or range of them; see {@link normalizeRange} for the normal form. */
export const addressPool = () =>
  text(
    {
      what: "an address or a range of addresses",
      rules: `, e.g. "203.0.113.1", "203.0.113.1-203.0.113.9" or "203.0.113.0/28"`,
      fault: faultOfPool,
    },
    (given) => {
      const pool = normalizeRange(given);
      return pool !== undefined && boundsOf(pool)?.every(isHost) ? pool : undefined;
    },
  );

/** Declares the address of a multicast group. */
export const multicastGroup = () =>
  text(`a multicast group address, e.g. "239.1.1.1" or "ff05::100"`, (address) => {
    const group = parseIp(address);
    return group !== undefined && isMulticast(group) ? group : undefined;
  });

/** Declares a host or a network for a rule to match; the normal form of a host has the full prefix length. */
export const hostOrNetwork = () =>
  v.pipe(
    text(
      {
        what: "an address or a network",
        rules: `, e.g. "192.168.15.1" or "192.168.15.0/24"`,
        fault: faultOfMatch,
      },
      (value) => {
        if (faultOfMatch(value) !== undefined) return undefined;
        const parsed = cidr(asNetwork(value));
        return parsed && `${parsed.address}/${parsed.length}`;
      },
    ),
    onlyNetwork(),
  );

/** Declares the address of an interface with its network's prefix length. */
export const interfaceAddress = () =>
  text(
    {
      what: "an interface address with its prefix length",
      rules: `, e.g. "192.168.15.1/24" or "fd00:15::1/64"`,
      fault: faultOfInterfaceAddress,
    },
    (value) => {
      const parsed = cidr(value);
      return parsed !== undefined && isHost(parsed.address) ? `${parsed.address}/${parsed.length}` : undefined;
    },
  );

/** Declares the destination of a route: a network, or "default". */
export const destination = () =>
  v.pipe(
    text(
      {
        what: "a destination",
        rules: `: "default" or a network in CIDR form, e.g. "192.168.1.0/24" or "fd00:1::/64"`,
        fault: faultOfDestination,
      },
      (value) => {
        if (value === "default" || value === "0.0.0.0/0") return "default";
        const parsed = cidr(value);
        return parsed && `${parsed.address}/${parsed.length}`;
      },
    ),
    onlyNetwork(),
  );

const onlyNetwork = () =>
  v.check<string, (issue: v.CheckIssue<string>) => string>(
    (value) => cidr(value)?.address === cidr(value)?.network,
    ({ input }) => `${formatValue(input)} is ${hostInPlaceOfNetwork(input)}`,
  );
