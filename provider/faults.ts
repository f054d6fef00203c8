import { keyOf } from "./sysctl-key.ts";

/*
 * The reasons why a text is not a name, a port or a key. Each function returns the one rule that the text breaks and, if there is
 * one, the correct spelling; undefined for a text that breaks none of the rules that the function knows.
 */

/** Returns why a text is not a name of at most the given number of bytes. */
export function faultOfName(name: string, most: number): string | undefined {
  const bytes = Buffer.byteLength(name);
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return "it is the name of a directory";
  if (name.startsWith("-")) return `it begins with "-", so tools would read it as an option`;
  const [bad] = /[/:%*"'\\\s\p{Cc}]/u.exec(name) ?? [];
  if (bad !== undefined) return `it contains ${JSON.stringify(bad)}`;
  if (!name.isWellFormed()) return "it contains an unpaired surrogate";
  const missing = faultOfMissingValue(name);
  if (missing !== undefined) return missing;
  // The kernel reads names as bytes, where 0xa0 is a space.
  const blank = Array.from(name).find((char) => Buffer.from(char).includes(0xa0));
  if (blank !== undefined) return `it contains "${blank}", which includes a byte that the kernel reads as a space`;
  return bytes > most ? `it has ${bytes} bytes; the maximum is ${most}` : undefined;
}

/**
 * Returns why a name or an address contains a value that the program does not have: in a template string, a misspelt property becomes the
 * word `undefined`. The kernel accepts such a name, but a program that means it is unlikely.
 */
export function faultOfMissingValue(text: string): string | undefined {
  const [word] = /(?<![A-Za-z0-9])(?:undefined|NaN)(?![A-Za-z0-9])/.exec(text) ?? [];
  return word && `it contains "${word}", which is the text of a missing value, such as a misspelt property`;
}

/** Returns why a text is not the name of a namespace. */
export const faultOfNamespace = (name: string): string | undefined =>
  name.startsWith("urn:pulumi:")
    ? "it is the URN of a resource. Use the name of its namespace: ${r.namespace} of a component r, ${r.name} of a Namespace r"
    : faultOfName(name, 255);

/** Returns why a text is not the name of an interface. */
export function faultOfInterface(name: string): string | undefined {
  const fault = faultOfName(name, 15);
  if (/^[^:\s]+:\d+$/.test(name)) return `${fault}; an interface can have several addresses, so it needs no alias`;
  return fault?.includes(" bytes; ") ? `${fault}; a longer name can be its altname` : fault;
}

/** Returns why a text is not the name of a new link. */
export const faultOfNewLink = (name: string): string | undefined =>
  OF_TUNNEL_MODULES.has(name)
    ? "the kernel creates a link with this name in each namespace as soon as its module for such tunnels is loaded"
    : faultOfInterface(name);

const OF_TUNNEL_MODULES: ReadonlySet<string> = new Set(
  "tunl0 gre0 gretap0 erspan0 sit0 ip_vti0 ip6tnl0 ip6gre0 ip6_vti0".split(" "),
);

/** Returns why a text is not an interface name, or a prefix of names, in a rule. */
export function faultOfPattern(pattern: string): string | undefined {
  if (pattern === "*") return "it matches every interface; omit the argument instead";
  if (pattern.startsWith("!")) return `it begins with "!". ${NO_NEGATION}`;
  if (/^[^+]+\+$/.test(pattern)) return `it ends with "+"; write a prefix of names as "${pattern.slice(0, -1)}*"`;
  return faultOfName(pattern.replace(/(?<=.)\*$/, ""), 15);
}

/** The help for a negation, which rules do not support. */
export const NO_NEGATION = "A rule cannot exclude; name the interface or network that it applies to";

/** Returns why a text is not a port or a range of ports. */
export function faultOfPorts(given: string | number): string | undefined {
  const text = String(given);
  if (text.startsWith("!")) return `it begins with "!". ${NO_NEGATION}`;
  if (text.includes(",")) return "it is a list; declare a rule for each port or range";
  if (/^\d+:\d+$/.test(text)) return `write a range as "${text.replace(":", "-")}"`;
  const [, number, protocol] = /^(\d+)\/([a-z]+)$/i.exec(text) ?? [];
  if (protocol !== undefined)
    return `the protocol is an argument of its own: write ${number}, and protocol: "${protocol.toLowerCase()}"`;
  if (/^[a-z][a-z0-9-]*$/i.test(text)) return "it is a service name; use the port number";
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from > 65_535 || to > 65_535) return `${Math.max(from, to)} is greater than 65535`;
  if (from === 0) return "port 0 does not exist";
  return from > to ? "the range ends before it begins" : undefined;
}

/** Returns why a text is not the hardware address of one interface. */
export function faultOfMac(text: string): string | undefined {
  if (/^[0-9a-f]{2}(-[0-9a-f]{2}){5}$/i.test(text)) {
    const usual = text.replaceAll("-", ":");
    const fault = faultOfMac(usual);
    return fault === undefined
      ? `write it as "${usual}"`
      : `its bytes are separated by "-" instead of ":", and ${fault}`;
  }
  const bytes = text.split(":");
  if (!bytes.every((byte) => /^[0-9a-f]{2}$/i.test(byte))) return undefined;
  if (bytes.length !== 6) return `it has ${bytes.length} bytes; 6 are required`;
  if (bytes.every((byte) => byte === "00")) return "it is all zeros";
  const [first = ""] = bytes;
  return Number.parseInt(first, 16) % 2 === 0
    ? undefined
    : `it is a group address, because its first byte (${first}) is odd`;
}

/** Returns why a value is not an integer in the given range. */
export function faultOfInteger(given: unknown, min: number, max: number): string | undefined {
  if (typeof given === "string" && /^-?\d+$/.test(given)) return `it is text; use the number ${given}`;
  if (typeof given !== "number") return undefined;
  if (!Number.isInteger(given)) return "it is not a whole number";
  if (given < min) return `it is less than ${min}`;
  return given > max ? `it is greater than ${max}` : undefined;
}

/** Returns why a text is not the key of a sysctl that each network namespace has separately. */
export function faultOfSysctlKey(key: string): string | undefined {
  if (key.startsWith("/proc/sys/")) return `it is a file path; the key is "${keyOf(key)}"`;
  if (key.includes("=")) return "it includes a value; set the value in the argument value";
  if (key.includes("*"))
    return `it matches several keys; declare a Sysctl for each, or use the key of "all" interfaces`;
  if (/^net[./]ipv[46][./]route[./]flush$/.test(key)) return "it is write-only, so it has no value to restore";
  const missing = faultOfMissingValue(key);
  if (missing !== undefined) return missing;
  const [area = ""] = key.split(/[./]/);
  return MACHINE_WIDE.includes(area)
    ? `keys below ${area} apply to the whole machine, not to a network. Set it on the lab host: sysctl -w ${key}=VALUE`
    : undefined;
}

const MACHINE_WIDE = ["abi", "crypto", "debug", "dev", "fs", "kernel", "sunrpc", "user", "vm"];
