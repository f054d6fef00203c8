import { cidr, type Family, familyOf, isHost, parseIp } from "./cidr.ts";
import { NO_NEGATION } from "./faults.ts";

/*
 * Why a text is not an address or a network. Each function names the one rule that the text breaks, and where there is one, the
 * spelling that is right; it answers undefined for a text that breaks none of those that it knows.
 */

/** Why a text cannot be the address of one host, without a prefix length. */
export function faultOfHost(text: string, family?: Family): string | undefined {
  const [address = "", length] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfSpelling(address);
  if (!isHost(parsed)) return notOneHost(parsed);
  if (length !== undefined) return `it has a prefix length, which has no meaning here; give "${address}"`;
  return family === undefined || family === familyOf(parsed) ? undefined : `it is ${NAMES[familyOf(parsed)]}`;
}

/** Why a text cannot be an address of an interface, with its prefix length. */
export function faultOfInterfaceAddress(text: string): string | undefined {
  const [address = ""] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfSpelling(address);
  if (!isHost(parsed)) return notOneHost(parsed);
  if (!text.includes("/")) return `it lacks the length of its network's prefix, as in "${text}/${usual(parsed)}"`;
  return faultOfLength(text);
}

/** Why a text cannot be a network, with its prefix length. */
export function faultOfNetwork(text: string): string | undefined {
  const [address = ""] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined) return faultOfSpelling(address);
  return text.includes("/") ? faultOfLength(text) : `it lacks a prefix length, as in "${networkAround(parsed)}"`;
}

/** Why a text cannot be the destination of a route: a network, with its prefix length, or everywhere. */
export function faultOfDestination(text: string): string | undefined {
  if (["default", "any", "all"].includes(text.toLowerCase())) return `everywhere is "default"`;
  const host = parseIp(text);
  if (host === undefined) return faultOfNetwork(text);
  return `it lacks a prefix length; the host alone is "${text}/${bitsOf(host)}", a network "${networkAround(host)}"`;
}

/** Why a text cannot be what a rule matches: an address, or a network. */
export function faultOfMatch(text: string): string | undefined {
  if (text.startsWith("!")) return `it begins with "!". ${NO_NEGATION}`;
  const [address = ""] = text.split("/");
  return parseIp(address) === undefined ? faultOfSpelling(address) : faultOfLength(text);
}

/** What an address is that has bits set behind its prefix, where a network is asked. */
export function hostInPlaceOfNetwork(text: string): string {
  const { address = "", network, length } = cidr(text) ?? {};
  return `a host's address where a network is asked; the network is "${network}/${length}", the host alone "${address}/${bitsOf(address)}"`;
}

/** Why a text is no address at all. */
function faultOfSpelling(text: string): string | undefined {
  if (text !== text.trim()) return "it begins or ends with a blank";
  if (text.includes(",")) return "it is a list, and one is needed; make a resource for each";
  if (text.split("-").length === 2 && text.split("-").every((end) => parseIp(end.trim()) !== undefined))
    return "it is a range of addresses, and one is needed; make a rule for each";
  const [address = "", zone] = text.split("%");
  if (zone !== undefined && parseIp(address) !== undefined)
    return `it names an interface; leave "%${zone}" out, and name the interface in an argument of its own`;
  if (/^[a-z][\w.-]*$/i.test(text)) return "it is a name, and an address is needed";
  return /^[\d.]+$/.test(text) ? faultOfInet(text.split(".")) : text.includes(":") ? faultOfInet6(text) : undefined;
}

function faultOfInet(numbers: readonly string[]): string | undefined {
  const large = numbers.find((number) => Number(number) > 255);
  if (large !== undefined) return `${large} is more than 255`;
  if (numbers.includes("")) return "a number is missing between its dots";
  if (numbers.length !== 4) return `it has ${numbers.length} numbers, and an IPv4 address has 4`;
  const padded = numbers.find((number) => /^0\d/.test(number));
  return padded && `${padded} begins with a zero, which some programs read as octal`;
}

function faultOfInet6(text: string): string | undefined {
  const bad = /[^\da-f:.]/i.exec(text)?.[0];
  if (bad !== undefined) return `it contains ${JSON.stringify(bad)}`;
  if (text.split("::").length > 2 || text.includes(":::")) return `it shortens zeros with "::" more than once`;
  const groups = text.split(":");
  const long = groups.find((group) => group.length > 4 && !group.includes("."));
  if (long !== undefined) return `${long} has more than 4 digits`;
  const embedded = groups.find((group) => group.includes("."));
  if (embedded !== undefined) return faultOfInet(embedded.split("."));
  return text.includes("::") ? undefined : `it has ${groups.length} groups, and an IPv6 address has 8`;
}

/** What is wrong with the prefix length behind an address that is right. */
function faultOfLength(text: string): string | undefined {
  const [address = "", length, ...more] = text.split("/");
  const parsed = parseIp(address);
  if (parsed === undefined || length === undefined) return undefined;
  if (more.length > 0) return `it has more than one "/"`;
  if (length === "") return `a prefix length is missing behind its "/"`;
  const mask = lengthOfMask(length);
  if (mask !== undefined) return `its netmask is written as a prefix length: "${address}/${mask}"`;
  if (!/^\d+$/.test(length)) return `its prefix length, "${length}", is not a number`;
  if (Number(length) > bitsOf(parsed))
    return `its prefix length is ${length}, and ${NAMES[familyOf(parsed)]} has ${bitsOf(parsed)} bits`;
  return /^0\d/.test(length) ? `its prefix length begins with a zero; give "${address}/${Number(length)}"` : undefined;
}

/** The prefix length that a netmask stands for; undefined when it stands for none. */
function lengthOfMask(text: string): number | undefined {
  const mask = text.includes(".") ? parseIp(text) : undefined;
  const bits = mask
    ?.split(".")
    .map((byte) => Number(byte).toString(2).padStart(8, "0"))
    .join("");
  return bits !== undefined && /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : undefined;
}

const notOneHost = (address: string): string =>
  /^[0:.]+$/.test(address)
    ? "it is all zero, which is no host's address; leave it out where there is none"
    : "it is a group's address (multicast)";

const NAMES = { inet: "IPv4", inet6: "IPv6" };

const bitsOf = (address: string): number => (familyOf(address) === "inet" ? 32 : 128);

/** The network of an address, where it is as large as most are. */
const networkAround = (address: string): string => `${cidr(`${address}/${usual(address)}`)?.network}/${usual(address)}`;

/** The length of the prefix that most networks have. */
const usual = (address: string): number => (familyOf(address) === "inet" ? 24 : 64);
