import type { Family } from "./cidr.ts";

/*
 * Keys of sysctl as this package writes them: names separated by dots, and a dot inside a name written as a slash.
 */

/** What stands in a key for the name of the interface that the resource gives beside it. */
export const PLACEHOLDER = "{interface}";

/** The key of one interface's setting, with the name of that interface. */
export const keyOn = (key: string, link: string): string =>
  // As text, a `$` in the name would stand for a part of the key.
  key.replace(PLACEHOLDER, () => link.replaceAll(".", "/"));

/**
 * The interface whose setting a key is, as `eth0` in `net.ipv4.conf.eth0.rp_filter`; undefined for a key of a whole network
 * stack. `all` and `default` are no interfaces.
 */
export function interfaceIn(key: string): string | undefined {
  const name = nameIn(key);
  return name === "all" || name === "default" ? undefined : name?.replaceAll("/", ".");
}

/** Whether a key says what interfaces begin with that are made later. */
export const isDefault = (key: string): boolean => nameIn(key) === "default";

/** Whether a key switches IPv6 off, for all interfaces or for those that are made later. */
export const isIpv6Switch = (key: string): boolean => /^net\.ipv6\.conf\.(all|default)\.disable_ipv6$/.test(key);

/** The key that lets a whole network stack forward. */
export const forwardingKey = (family: Family): string =>
  family === "inet" ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";

/** The one spelling of a key: the kernel has a few switches under two names. */
export const canonicalKey = (key: string): string => ALIASES.get(key) ?? key;

const ALIASES: ReadonlyMap<string, string> = new Map([["net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"]]);

/** The file below /proc/sys that a key names. */
export const fileOf = (key: string): string =>
  `/proc/sys/${key.replaceAll(/[./]/g, (mark) => (mark === "." ? "/" : "."))}`;

/** The key of a file below /proc/sys. */
export const keyOf = (file: string): string =>
  file.slice("/proc/sys/".length).replaceAll(/[./]/g, (mark) => (mark === "." ? "/" : "."));

/**
 * The files, as patterns of a shell, that the kernel writes beside a switch when the switch is written; none for any other
 * key.
 */
export function sideEffectPatterns(key: string): readonly string[] {
  const switched = canonicalKey(key);
  if (switched === "net.ipv4.ip_forward")
    return ["/proc/sys/net/ipv4/conf/*/forwarding", "/proc/sys/net/ipv4/conf/all/accept_redirects"];
  const [, setting = ""] = /^net\.ipv6\.conf\.all\.(\w+)$/.exec(switched) ?? [];
  return COPIED.includes(setting) ? [`/proc/sys/net/ipv6/conf/*/${setting}`] : [];
}

// What the kernel copies from `all` to each interface; the other settings of `all` it combines with an interface's own.
const COPIED = ["forwarding", "disable_ipv6", "disable_policy", "ignore_routes_with_linkdown"];

const nameIn = (key: string): string | undefined => /^net\.\w+\.(?:conf|neigh)\.([^.]+)\./.exec(key)?.[1];

/**
 * The key of a sysctl below `net`, with dots between its names; a dot within a name, as in `eth0.1`, is written as a slash.
 * Undefined for text that is no such key.
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
