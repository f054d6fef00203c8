import type { Family } from "./cidr.ts";

/*
 * Sysctl keys as this package writes them: names separated by dots, with a dot inside a name written as a slash.
 */

/** The placeholder in a key for the name of the interface, which the resource gives separately. */
export const PLACEHOLDER = "{interface}";

/** Returns the key of a setting for one interface, with the interface's name in place of {@link PLACEHOLDER}. */
export const keyOn = (key: string, link: string): string =>
  // In a replacement string, a `$` in the name would have a special meaning.
  key.replace(PLACEHOLDER, () => link.replaceAll(".", "/"));

/**
 * Returns the interface in a key, such as `eth0` in `net.ipv4.conf.eth0.rp_filter`; undefined for a key of a whole network
 * stack. `all` and `default` are not interfaces.
 */
export function interfaceIn(key: string): string | undefined {
  const name = nameIn(key);
  return name === "all" || name === "default" ? undefined : name?.replaceAll("/", ".");
}

/** Returns whether a key is the default for interfaces that are created later. */
export const isDefault = (key: string): boolean => nameIn(key) === "default";

/** Returns whether a key disables IPv6, for all interfaces or for those that are created later. */
export const isIpv6Switch = (key: string): boolean => /^net\.ipv6\.conf\.(all|default)\.disable_ipv6$/.test(key);

/** Returns the key that enables forwarding in a whole network stack. */
export const forwardingKey = (family: Family): string =>
  family === "inet" ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";

/** Returns the canonical spelling of a key: the kernel has a few switches under two names. */
export const canonicalKey = (key: string): string => ALIASES.get(key) ?? key;

const ALIASES: ReadonlyMap<string, string> = new Map([["net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"]]);

/** Returns the file of a key below /proc/sys. */
export const fileOf = (key: string): string =>
  `/proc/sys/${key.replaceAll(/[./]/g, (mark) => (mark === "." ? "/" : "."))}`;

/** Returns the key of a file below /proc/sys. */
export const keyOf = (file: string): string =>
  file.slice("/proc/sys/".length).replaceAll(/[./]/g, (mark) => (mark === "." ? "/" : "."));

/**
 * Returns the files, as shell patterns, that the kernel also writes when a switch is written; none for keys that are not
 * switches.
 */
export function sideEffectPatterns(key: string): readonly string[] {
  const switched = canonicalKey(key);
  if (switched === "net.ipv4.ip_forward")
    return ["/proc/sys/net/ipv4/conf/*/forwarding", "/proc/sys/net/ipv4/conf/all/accept_redirects"];
  const [, setting = ""] = /^net\.ipv6\.conf\.all\.(\w+)$/.exec(switched) ?? [];
  return COPIED.includes(setting) ? [`/proc/sys/net/ipv6/conf/*/${setting}`] : [];
}

// The settings that the kernel copies from `all` to each interface. The other settings of `all` are combined with the interface's.
const COPIED = ["forwarding", "disable_ipv6", "disable_policy", "ignore_routes_with_linkdown"];

const nameIn = (key: string): string | undefined => /^net\.\w+\.(?:conf|neigh)\.([^.]+)\./.exec(key)?.[1];

/**
 * Returns the normal form of a sysctl key below `net`: with dots between its names, and a dot within a name, as in `eth0.1`,
 * written as a slash. Undefined for text that is not such a key.
 */
export function normalizeSysctlKey(key: string): string | undefined {
  const [dots, slashes] = [key.indexOf("."), key.indexOf("/")];
  const slashed = slashes !== -1 && (dots === -1 || slashes < dots);
  const dotted = slashed ? key.replaceAll(/[./]/g, (mark) => (mark === "/" ? "." : "/")) : key;
  const names = dotted.split(".");
  const isKey =
    names.length > 1 &&
    names[0] === "net" &&
    names.every((name) => name === PLACEHOLDER || (/^[\w/-]+$/.test(name) && !/^\/|\/$|\/\//.test(name)));
  return isKey ? dotted : undefined;
}
