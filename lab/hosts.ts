import type { Fact } from "./model.ts";

/*
 * The places and interfaces of several lab hosts may have the same names. In a model, the name of a lab host, with a colon, stands before
 * the names of its places and interfaces: `lab2:red` and `lab2:red/eth0`; `lab2:` and `lab2:/br0` for its own network stack. This machine has
 * no name.
 */

/** Returns a fact of a resource on a lab host. */
export function onHost<F extends Fact>(host: string, fact: F): F {
  // The `key` of a sysctl is its name, not the key of an object.
  const isKey = (name: string): boolean => KEYS.has(name) && fact.is !== "sysctl";
  const entries = Object.entries(fact).map(([key, value]: [string, unknown]) => [
    key,
    PLACES.has(key) ? placeOn(host, value) : isKey(key) ? keyOn(host, value) : value,
  ]);
  return Object.fromEntries(entries) as F;
}

/** Returns the lab host in the name of a place, which is undefined for this machine, and the namespace, undefined for none. */
export function splitPlace(place: string): { readonly host?: string; readonly namespace?: string } {
  const [, host, namespace] = /^(?:(.*):)?(.*)$/.exec(place) ?? [];
  return { ...(host !== undefined && { host }), ...(namespace && { namespace }) };
}

/** Returns the place that is the network stack of the lab host of a place; "" for this machine. */
export const labHostOf = (place: string): string => {
  const { host } = splitPlace(place);
  return host === undefined ? "" : `${host}:`;
};

/** Returns the place and the name in the key of an interface; the place "" is that of this machine. */
export function splitKey(key: string): { readonly place: string; readonly name: string } {
  const at = key.indexOf("/");
  return { place: key.slice(0, Math.max(at, 0)), name: key.slice(at + 1) };
}

/** The properties of facts that are places. */
const PLACES: ReadonlySet<string> = new Set(["namespace", "underlay"]);

/** The properties of facts that are keys of interfaces. */
const KEYS: ReadonlySet<string> = new Set(["key", "master", "parent", "link", "out", "ends", "leased"]);

function placeOn(host: string, namespace: unknown): unknown {
  return namespace === null ? null : `${host}:${typeof namespace === "string" ? namespace : ""}`;
}

function keyOn(host: string, key: unknown): unknown {
  if (Array.isArray(key)) return key.map((one) => keyOn(host, one));
  if (typeof key !== "string") return key;
  return key.includes("/") ? `${host}:${key}` : `${host}:/${key}`;
}
