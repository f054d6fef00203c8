import * as v from "valibot";
import {
  faultOfInteger,
  faultOfInterface,
  faultOfMac,
  faultOfName,
  faultOfNamespace,
  faultOfNewLink,
  faultOfPattern,
  faultOfPorts,
  faultOfSysctlKey,
} from "./faults.ts";
import { meantWord, tableNumber } from "./synonyms.ts";
import { normalizeSysctlKey } from "./sysctl-key.ts";
import { number, type Requirement, refusalMessage, text, value } from "./value.ts";

export { addressPool, destination, hostOrNetwork, interfaceAddress, ip, multicastGroup } from "./address-values.ts";
export { text, value } from "./value.ts";

/** Declares the name of a network interface. */
export const interfaceName = (fault = faultOfInterface) =>
  nameOf({ what: "an interface name", rules: `: 1 to 15 bytes ${NAME_RULES}, e.g. "veth-red"`, fault });

/** Declares the name of a network interface that a resource creates or renames. */
export const linkName = () => interfaceName(faultOfNewLink);

/** Declares an altname of a network interface. */
export const altName = () =>
  nameOf({
    what: "an alternative interface name",
    rules: `: 1 to 127 bytes ${NAME_RULES}, e.g. "uplink-of-the-first-router"`,
    fault: (name) => faultOfName(name, 127),
  });

/** Declares an interface as nftables matches it: a name, or a prefix of names and `*`. */
export const interfacePattern = () =>
  nameOf({
    what: `an interface name, or a prefix of names followed by "*"`,
    rules: `, e.g. "eth0" or "veth-*"`,
    fault: faultOfPattern,
  });

/** Declares the name of a network namespace, as `ip netns` accepts it. */
export const namespaceName = () =>
  nameOf({
    what: "a namespace name",
    rules: `: 1 to 255 bytes ${NAME_RULES}, e.g. "red"`,
    fault: faultOfNamespace,
  });

/** The word for the lab host where an argument names a place. No namespace can have this name. */
export const LAB_HOST = "/";

/** Declares a place: the name of a network namespace, or the lab host. */
export const placeName = () =>
  nameOf({
    what: `a namespace name, or "${LAB_HOST}" for the lab host`,
    rules: `; a name has 1 to 255 bytes ${NAME_RULES}, e.g. "red"`,
    fault: (name) => (name === LAB_HOST ? undefined : faultOfNamespace(name)),
  });

/** Declares a name, which is valid if it breaks no rule. */
const nameOf = (allowed: Requirement<string>) =>
  text(allowed, (name) => (allowed.fault(name) === undefined ? name : undefined));

/** Declares the hardware address of one interface. */
export const mac = () =>
  text(
    {
      what: "the MAC address of an interface",
      rules: `: six bytes in hexadecimal, not a group address and not all zeros, e.g. "02:00:00:00:00:01"`,
      fault: faultOfMac,
    },
    (given) => {
      const address = given.toLowerCase();
      const right = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(address) && faultOfMac(address) === undefined;
      return right ? address : undefined;
    },
  );

/** The largest identifier of a VXLAN. */
export const MAX_VNI = 16_777_215;

/** Declares the identifier of a VXLAN. */
export const vxlanIdentifier = () => integer("a VXLAN network identifier", 1, MAX_VNI, 42);

/** Declares the MTU of a link, in bytes. */
export const mtu = ({ min = 68, max = 65_535 }: MtuLimits = {}) => integer("an MTU in bytes", min, max, 1500);

/** The smallest and the largest MTU of a link, in bytes. */
export interface MtuLimits {
  readonly min?: number;
  readonly max?: number;
}

/** Declares an integer from `min` to `max`. */
export const integer = (what: string, min: number, max: number, example: number) =>
  number({
    what,
    rules: `: a whole number from ${min} to ${max}, e.g. ${example}`,
    fault: (given) => faultOfInteger(given, min, max),
  });

/** Declares an integer from `min` to `max`, or one of some words. */
export const integerOr = <const Words extends readonly string[]>(
  what: string,
  min: number,
  max: number,
  words: Words,
  example: number,
) => {
  const others = words.map((word) => `"${word}"`).join(" or ");
  return value(
    {
      what,
      rules: `: a whole number from ${min} to ${max}, e.g. ${example}, or ${others}`,
      fault: (given) => (typeof given === "number" ? faultOfInteger(given, min, max) : undefined),
    },
    (given): number | Words[number] | undefined => {
      const word = words.find((one) => one === given);
      return word ?? (typeof given === "number" && faultOfInteger(given, min, max) === undefined ? given : undefined);
    },
  );
};

/** Declares a time in seconds, with a precision of a hundredth. */
export const seconds = ({
  what,
  min,
  max,
  example = min,
}: {
  what: string;
  min: number;
  max: number;
  example?: number;
}) =>
  value(
    {
      what,
      rules: `: seconds from ${min} to ${max} in steps of 0.01, e.g. ${example}`,
      fault: (given) => (typeof given === "number" ? undefined : `it is not a number; use seconds, e.g. ${example}`),
    },
    (given) =>
      typeof given === "number" && given >= min && given <= max && hundredths(given) / 100 === given
        ? given
        : undefined,
  );

/** Converts a time in seconds to hundredths of a second. */
export const hundredths = (time: number): number => Math.round(time * 100);

/** Declares `true` or `false`. */
export const flag = () => v.boolean(refusalMessage("true or false"));

/** Declares one word from a list. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  v.picklist(
    words,
    refusalMessage({
      what: `one of ${words.map((word) => `"${word}"`).join(", ")}`,
      rules: "",
      fault: (given) => {
        const meant = meantWord(given, words);
        return meant && `did you mean "${meant}"?`;
      },
    }),
  );

/** Declares the number of a routing table. */
export const routingTable = (max: number, example: number) =>
  number({
    what: "a routing table number",
    rules: `: a whole number from 1 to ${max}, e.g. ${example}`,
    fault(given) {
      const named = tableNumber(given);
      return named === undefined
        ? faultOfInteger(given, 1, max)
        : `it is the name of a table; use its number, ${named}`;
    },
  });

/** Declares a port, or a range of ports as `from-to`. */
export const ports = () =>
  value(
    {
      what: "a port from 1 to 65535, or a range of them",
      rules: `, e.g. 80 or "8000-8099"`,
      fault: (given) => (typeof given === "number" || typeof given === "string" ? faultOfPorts(given) : undefined),
    },
    (given) => {
      if (typeof given !== "number" && typeof given !== "string") return undefined;
      const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(given)) ?? [];
      const [from, to] = [Number(first), Number(last ?? first)];
      if (!(from >= 1 && from <= to && to <= 65_535)) return undefined;
      return from === to ? from : `${from}-${to}`;
    },
  );

/** Declares a key below /proc/sys/net, with dots; a dot inside a name, as in `eth0.1`, is written as a slash. */
export const sysctlKey = () =>
  text(
    {
      what: "a sysctl key below net",
      rules: `, where each network namespace has its own settings, e.g. "net.ipv4.ip_forward" or "net/ipv4/conf/eth0.1/forwarding"`,
      fault: faultOfSysctlKey,
    },
    (key) => (faultOfSysctlKey(key) === undefined ? normalizeSysctlKey(key) : undefined),
  );

/** Declares the value of a sysctl key; a number becomes its text. */
export const sysctlValue = () =>
  value(
    {
      what: "a one-line value",
      rules: `, e.g. 1 or "32768 60999"`,
      fault: (given) => (typeof given === "boolean" ? `it is a boolean; use ${given ? 1 : 0}` : undefined),
    },
    (given) => {
      if (typeof given !== "string" && !Number.isInteger(given)) return undefined;
      const words = String(given)
        .trim()
        .split(/[ \t]+/)
        .join(" ");
      const plain = words.isWellFormed() && !/\p{Cc}|(?! )\s/u.test(words);
      return plain && words !== "" && words.length < 4096 ? words : undefined;
    },
  );

const NAME_RULES = `without "/", "\\", ":", "%", "*", quotes or whitespace, not beginning with "-", not "." or ".."`;
