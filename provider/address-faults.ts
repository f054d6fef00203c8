import {
  areOfOneFamily,
  cidr,
  type Family,
  familyName,
  familyOf,
  isHost,
  parseIp,
  withoutPrefixLength,
} from "./cidr.ts";
import { meantBy } from "./edit-distance.ts";
import { faultOfMissingValue, NO_NEGATION } from "./faults.ts";

/*
 * The reasons why a text is not an address or a network. Each function returns the one rule that the text breaks and, if there
 * is one, the correct spelling; undefined for a text that breaks none of the rules that the function knows.
 */

/** Returns why a text is not a host address without a prefix length. */
export function faultOfHost(text: string, family?: Family): string | undefined {
  const [address = "", length] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfSpelling(address);
  if (isList(text)) return IS_LIST;
  if (!isHost(parsed)) return notOneHost(parsed);
  const first = firstHostIn(text);
  if (first !== undefined) return `it is a network, but one host is required, e.g. "${first}"`;
  if (length !== undefined) return `it has a prefix length, which is not allowed here; use "${address}"`;
  return family === undefined || family === familyOf(parsed) ? undefined : `it is ${familyName(familyOf(parsed))}`;
}

/** Returns the first address of a host in a network; undefined for a text that is no network, and for one of at most two addresses. */
function firstHostIn(text: string): string | undefined {
  const { address = "", network, length = 0 } = cidr(text) ?? {};
  if (address !== network || bitsOf(address) - length < 2) return undefined;
  // The last number of such a network is even, and may be omitted in IPv6.
  const [, before = "", last = ""] = /^(.*[.:])([\da-f]*)$/.exec(address) ?? [];
  const radix = address.includes(":") ? 16 : 10;
  return `${before}${(Number.parseInt(last || "0", radix) + 1).toString(radix)}`;
}

/** Returns why a text is not an interface address with a prefix length. */
export function faultOfInterfaceAddress(text: string): string | undefined {
  const [address = ""] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfMaskAfter(text) ?? faultOfSpelling(address);
  if (!isHost(parsed)) return notOneHost(parsed);
  if (!text.includes("/")) return `the prefix length is missing, as in "${text}/${usual(parsed)}"`;
  return faultOfLength(text);
}

/** Returns why a text is not a network with a prefix length. */
export function faultOfNetwork(text: string): string | undefined {
  const [address = ""] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfMaskAfter(text) ?? faultOfSpelling(address);
  if (text.includes("/")) return faultOfLength(text);
  return isUnspecified(parsed)
    ? "it is the unspecified address, which is in no network"
    : `the prefix length is missing, as in "${networkAround(parsed)}"`;
}

/** Returns why a text is not the destination of a route: a network with a prefix length, or the default route. */
export function faultOfDestination(text: string): string | undefined {
  if (["default", "any", "all"].includes(text.toLowerCase())) return `use "default"`;
  if (meantBy(text.toLowerCase(), ["default"]) !== undefined) return `did you mean "default"?`;
  const host = parseIp(text);
  if (host === undefined) return faultOfNetwork(text);
  if (isUnspecified(host)) return `for the default route use ${host === "::" ? '"::/0"' : '"default" or "0.0.0.0/0"'}`;
  return `the prefix length is missing; for the host alone use "${text}/${bitsOf(host)}", for its network "${networkAround(host)}"`;
}

/** Returns why a text is not an address or a network for a rule to match. */
export function faultOfMatch(text: string): string | undefined {
  if (text.startsWith("!")) return `it begins with "!". ${NO_NEGATION}`;
  if (EVERY.includes(text.toLowerCase()))
    return `it means every address; omit the argument, or write "0.0.0.0/0" or "::/0"`;
  const [address = ""] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfMaskAfter(text) ?? faultOfSpelling(address);
  return faultOfLength(text) ?? (isUnspecified(text) ? usesNoAddress(parsed) : undefined);
}

/** The words of other tools for every address. */
const EVERY = ["any", "all", "anywhere", "everywhere", "*", "0/0"];

/** Returns why a text is not an address, a network or a range of addresses to translate to. */
export function faultOfPool(text: string): string | undefined {
  const [first = "", last, ...more] = text.split("-");
  if (last === undefined) return text.includes("/") ? faultOfPoolNetwork(text) : faultOfHost(text);
  if (more.length > 0) return "a range has two addresses";
  const [from, to] = [parseIp(first), parseIp(last)];
  if (from === undefined || to === undefined) return faultOfSpelling(from === undefined ? first : last);
  if (!areOfOneFamily(from, to))
    return `"${from}" is ${familyName(familyOf(from))} but "${to}" is ${familyName(familyOf(to))}`;
  return isHost(from) && isHost(to)
    ? "the first address is higher than the last"
    : notOneHost(isHost(from) ? to : from);
}

function faultOfPoolNetwork(text: string): string | undefined {
  const parsed = cidr(text);
  return parsed === undefined || parsed.address === parsed.network ? faultOfNetwork(text) : hostInPlaceOfNetwork(text);
}

/** Returns the reason for an address with host bits set, where a network is required. */
export function hostInPlaceOfNetwork(text: string): string {
  const { address = "", network, length } = cidr(text) ?? {};
  return `a host address, but a network is required; the network is "${network}/${length}", the host alone "${address}/${bitsOf(address)}"`;
}

/** Returns why a text is not an address at all. */
function faultOfSpelling(text: string): string | undefined {
  const missing = faultOfMissingValue(text);
  if (missing !== undefined) return missing;
  if (text !== text.trim()) return "it begins or ends with whitespace";
  if (text.includes(",") || isList(text)) return IS_LIST;
  if (text.split("-").length === 2 && text.split("-").every((end) => parseIp(end.trim()) !== undefined))
    return "it is a range of addresses; declare a rule for each address";
  const [address = "", zone] = text.split("%");
  if (zone !== undefined && parseIp(address) !== undefined)
    return `it includes an interface; remove "%${zone}" and set the interface in its own argument`;
  const [, host = "", port] = /^(?:\[(?=.*\])|(?!.*:.*:))(.*?)\]?:(\d+)$/.exec(text) ?? [];
  if (parseIp(host) !== undefined) return `it includes a port; remove ":${port}" and set the port in its own argument`;
  if (/^[a-z][\w.-]*$/i.test(text)) return "it is a name; an address is required";
  return /^[\d.]+$/.test(text) ? faultOfInet(text.split(".")) : text.includes(":") ? faultOfInet6(text) : undefined;
}

const IS_LIST = "it is a list; declare a resource for each address";

/** Returns whether a text is several addresses or networks, as other tools separate them, and not an address and its netmask. */
function isList(text: string): boolean {
  const parts = text.split(/[,;\s]+/);
  const [, second = ""] = parts;
  return (
    parts.length > 1 && !isNetmask(second) && parts.every((part) => parseIp(withoutPrefixLength(part)) !== undefined)
  );
}

function faultOfInet(numbers: readonly string[]): string | undefined {
  const large = numbers.find((number) => Number(number) > 255);
  if (large !== undefined) return `${large} is greater than 255`;
  if (numbers.includes("")) return "a number is missing between two dots";
  if (numbers.length !== 4) return `it has ${numbers.length} numbers; an IPv4 address has 4`;
  const padded = numbers.find((number) => /^0\d/.test(number));
  return padded && `${padded} begins with a zero, which some programs read as octal`;
}

function faultOfInet6(text: string): string | undefined {
  const bad = /[^\da-f:.]/i.exec(text)?.[0];
  if (bad !== undefined) return `it contains ${JSON.stringify(bad)}`;
  if (text.split("::").length > 2 || text.includes(":::")) return `it contains "::" more than once`;
  const groups = text.split(":");
  const long = groups.find((group) => group.length > 4 && !group.includes("."));
  if (long !== undefined) return `${long} has more than 4 digits`;
  const embedded = groups.find((group) => group.includes("."));
  if (embedded !== undefined) return faultOfInet(embedded.split("."));
  return text.includes("::") ? undefined : `it has ${groups.length} groups; an IPv6 address has 8`;
}

/** Returns why the prefix length of a valid address is invalid. */
function faultOfLength(text: string): string | undefined {
  const [address = "", length, ...more] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined || length === undefined) return undefined;
  if (isList(text)) return IS_LIST;
  if (more.length > 0) return `it has more than one "/"`;
  if (length === "") return `the prefix length after "/" is missing`;
  const mask = lengthOfMask(length);
  if (mask !== undefined) return usesMask(address, mask);
  if (!/^\d+$/.test(length)) return `its prefix length, "${length}", is not a number`;
  if (Number(length) > bitsOf(parsed))
    return `its prefix length is ${length}; the maximum for ${familyName(familyOf(parsed))} is ${bitsOf(parsed)}`;
  return /^0\d/.test(length) ? `its prefix length begins with a zero; use "${address}/${Number(length)}"` : undefined;
}

/** Returns the reason for an address with a netmask after a space, as in "10.0.0.1 255.255.255.0"; undefined for another text. */
function faultOfMaskAfter(text: string): string | undefined {
  const [, address = "", mask = ""] = /^([\d.]+)\s+(?:(?:net)?mask\s+)?([\d.]+)$/.exec(text) ?? [];
  const length = lengthOfMask(mask);
  return parseIp(address) === undefined || length === undefined ? undefined : usesMask(address, length);
}

const usesMask = (address: string, length: number): string =>
  `it uses a netmask; write the prefix length: "${address}/${length}"`;

/** Returns whether a text is a netmask, such as 255.255.255.0. */
export const isNetmask = (text: string): boolean => lengthOfMask(text) !== undefined;

/** Returns the prefix length of a netmask; undefined if the text is not a netmask. */
function lengthOfMask(text: string): number | undefined {
  const mask = text.includes(".") ? parseIp(text) : undefined;
  const bits = mask
    ?.split(".")
    .map((byte) => Number(byte).toString(2).padStart(8, "0"))
    .join("");
  return bits !== undefined && /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : undefined;
}

/** Returns the reason for an address of zeros, which other tools write for every address. */
const usesNoAddress = (address: string): string =>
  `for every address use "${address}/0", for this address alone "${address}/${bitsOf(address)}"`;

/** Returns whether a text is the address of zeros, without a prefix length. */
const isUnspecified = (text: string): boolean => ["0.0.0.0", "::"].includes(parseIp(text) ?? "");

const notOneHost = (address: string): string =>
  isUnspecified(address)
    ? "it is the unspecified address; omit the argument if there is no address"
    : "it is a multicast address";

const bitsOf = (address: string): number => (familyOf(address) === "inet" ? 32 : 128);

/** Returns the network of an address, assuming the usual prefix length. */
const networkAround = (address: string): string => `${cidr(`${address}/${usual(address)}`)?.network}/${usual(address)}`;

/** Returns the usual prefix length of a network. */
const usual = (address: string): number => (familyOf(address) === "inet" ? 24 : 64);
