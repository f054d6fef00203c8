import * as v from "valibot";
import { type Cidr, cidr, type Family, familyOf, isHost, parseIp } from "./cidr.ts";
import { given } from "./schema.ts";
import { normalizeSysctlKey } from "./sysctl-key.ts";

/** The name of a network interface. */
export const interfaceName = () =>
  text(`an interface name: 1 to 15 bytes ${NAME_RULES}, e.g. "veth-red"`, (name) => nameOf(name, 15));

/** An alternative name of a network interface. */
export const altName = () =>
  text(`an alternative interface name: 1 to 127 bytes ${NAME_RULES}, e.g. "uplink-of-the-first-router"`, (name) =>
    nameOf(name, 127),
  );

/** An interface as nftables matches it: a name, or the beginning of names and `*`. */
export const interfacePattern = () =>
  text(`an interface name, or the beginning of one and "*", e.g. "eth0" or "veth-*"`, (pattern) =>
    nameOf(pattern.replace(/(?<=.)\*$/, ""), 15) === undefined ? undefined : pattern,
  );

/** The name of a network namespace, as `ip netns` takes it. */
export const namespaceName = () =>
  text(`a namespace name: 1 to 255 bytes ${NAME_RULES}, e.g. "red"`, (name) => nameOf(name, 255));

/** A hardware address that one interface may have. */
export const mac = () =>
  text(
    `the MAC address of an interface: six bytes in hexadecimal, not a group address and not all zero, e.g. "02:00:00:00:00:01"`,
    (given) => {
      const address = given.toLowerCase();
      const first = Number.parseInt(address.slice(0, 2), 16);
      const right =
        /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(address) && first % 2 === 0 && address !== "00:00:00:00:00:00";
      return right ? address : undefined;
    },
  );

/** The largest packet of a link, in bytes. */
export const mtu = (max = 65_535) => integer("an MTU in bytes", 68, max, 1500);

/** A whole number from `min` to `max`. */
export const integer = (what: string, min: number, max: number, example: number) =>
  value(`${what}: a whole number from ${min} to ${max}, e.g. ${example}`, (given) =>
    typeof given === "number" && Number.isInteger(given) && given >= min && given <= max ? given : undefined,
  );

/** `true` or `false`. */
export const flag = () => v.boolean(refusal("true or false"));

/** One word out of a list. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  v.picklist(words, refusal(`one of ${words.map((word) => `"${word}"`).join(", ")}`));

/** An IPv4 or IPv6 address of one host, or one of a given family, without a prefix length. */
export const ip = (family?: Family) =>
  text(`the address of one host, ${ALLOWED[family ?? "any"]}`, (address) => {
    const parsed = parseIp(address);
    const fits = parsed !== undefined && isHost(parsed) && (family ?? familyOf(parsed)) === familyOf(parsed);
    return fits ? parsed : undefined;
  });

const ALLOWED = {
  any: `IPv4 or IPv6, without a prefix length, e.g. "192.168.15.5" or "fd00:15::5"`,
  inet: `IPv4, without a prefix length, e.g. "192.168.15.255"`,
  inet6: `IPv6, without a prefix length, e.g. "fd00:15::5"`,
};

/** One host or a whole network, as a rule matches it; one host comes out with the full prefix length. */
export const hostOrNetwork = () =>
  v.pipe(
    text(`an address or a network, e.g. "192.168.15.1" or "192.168.15.0/24"`, (value) => {
      const parsed = cidr(value) ?? cidr(`${value}/${value.includes(":") ? 128 : 32}`);
      return parsed && `${parsed.address}/${parsed.length}`;
    }),
    onlyNetwork(),
  );

/** A port, or a range of ports as `from-to`. */
export const ports = () =>
  value(`a port from 1 to 65535, or a range of them, e.g. 80 or "8000-8099"`, (given) => {
    if (typeof given !== "number" && typeof given !== "string") return undefined;
    const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(given)) ?? [];
    const [from, to] = [Number(first), Number(last ?? first)];
    if (!(from >= 1 && from <= to && to <= 65_535)) return undefined;
    return from === to ? from : `${from}-${to}`;
  });

/** The address of an interface with the length of its network's prefix. */
export const interfaceAddress = () =>
  cidrText(
    `an interface's address with its prefix length, e.g. "192.168.15.1/24" or "fd00:15::1/64"`,
    ({ address, length }) => (isHost(address) ? `${address}/${length}` : undefined),
  );

/** Where a route leads: a network, or "default" for everywhere. */
export const destination = () =>
  v.pipe(
    text(`a destination: "default" or a network in CIDR form, e.g. "192.168.1.0/24" or "fd00:1::/64"`, (value) => {
      if (value === "default" || value === "0.0.0.0/0") return "default";
      const parsed = cidr(value);
      return parsed && `${parsed.address}/${parsed.length}`;
    }),
    onlyNetwork(),
  );

const onlyNetwork = () =>
  v.check<string, (issue: v.CheckIssue<string>) => string>(
    (value) => cidr(value)?.address === cidr(value)?.network,
    ({ input }) => {
      const host = cidr(input);
      return `${given(input)} is a host's address where a network is asked; the network is "${host?.network}/${host?.length}"`;
    },
  );

const cidrText = (allowed: string, normal: (cidr: Cidr) => string | undefined) =>
  text(allowed, (value) => {
    const parsed = cidr(value);
    return parsed === undefined ? undefined : normal(parsed);
  });

/** A key below /proc/sys/net, with dots; a dot inside a name, as in `eth0.1`, is written as a slash. */
export const sysctlKey = () =>
  text(
    `a key below net, the part of sysctl that each network namespace has for itself, e.g. "net.ipv4.ip_forward" or "net/ipv4/conf/eth0.1/forwarding"`,
    normalizeSysctlKey,
  );

/** The value of a sysctl key. */
export const sysctlValue = () =>
  text(`a value of one line, e.g. "1" or "32768 60999"`, (value) => {
    const words = value
      .trim()
      .split(/[ \t]+/)
      .join(" ");
    const plain = words.isWellFormed() && !/\p{Cc}|(?! )\s/u.test(words);
    return plain && words !== "" && words.length < 4096 ? words : undefined;
  });

/** Text in its normal form; text that has none is refused with what is allowed. */
export const text = (allowed: string, normal: (given: string) => string | undefined) =>
  value(allowed, (given) => (typeof given === "string" ? normal(given) : undefined));

/** A value in its normal form; one that has none is refused with what is allowed. */
export function value<T>(allowed: string, normal: (given: unknown) => T | undefined) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const result = normal(dataset.value);
      if (result !== undefined) return result;
      addIssue({ message: refusal(allowed)({ input: dataset.value }) });
      return NEVER;
    }),
  );
}

const refusal =
  (allowed: string) =>
  ({ input }: { input: unknown }): string =>
    `${given(input)} is not ${allowed}`;

const NAME_RULES = `without "/", "\\", ":", "%", "*", quotes or whitespace, not beginning with "-", not "." or ".."`;

function nameOf(name: string, bytes: number): string | undefined {
  const length = Buffer.byteLength(name);
  // The kernel takes names apart in bytes, where 0xa0 is a space.
  const fits = length >= 1 && length <= bytes && name.isWellFormed() && !Buffer.from(name).includes(0xa0);
  return fits && !/[/:%*"'\\\s\p{Cc}]|^-|^\.\.?$/u.test(name) ? name : undefined;
}
