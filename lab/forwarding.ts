import type { Family } from "../provider/cidr.ts";

/** Returns the key of a place and a family in the `forwards` of a network. */
export const forwarder = (where: string, family: Family): string => `${where} ${family}`;

/** Returns the keys of the forwarding that a sysctl of a place enables. */
export function forwardedBy(place: string, key: string, value: string): string[] {
  const [, version] = /^net\.ipv([46])\.(?:ip_forward|conf\..+\.forwarding)$/.exec(key) ?? [];
  return version === undefined || value === "0" ? [] : [forwarder(place, version === "4" ? "inet" : "inet6")];
}
