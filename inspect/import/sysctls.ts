import { readSysctls } from "../../provider/kernel/tools/sysctl.ts";
import { placeId } from "../../provider/kind.ts";
import { sysctl } from "../../provider/kinds/sysctl.ts";
import { keyOn, PLACEHOLDER } from "../../provider/sysctl-key.ts";
import type { Place } from "../place.ts";
import { endsIn, type FoundObject } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/**
 * Returns the sysctls of a place whose values are known to differ from those of a new one, and those of its links that differ from those of a new
 * link there.
 */
export async function sysctlsToImport(
  taker: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const whole = await collect(await changedKeys(taker, place), (key) => taker.take([sysctl.type], placeId(place, key)));
  const ends = links.flatMap((link) => endsIn(link, place).map((end) => ({ link, name: String(end["name"]) })));
  const own = await collect(ends, async ({ link, name }) => {
    const keyOfLink = (key: string) => keyOn(key, name);
    const keyOfNew = (key: string) => key.replace(PLACEHOLDER, "default");
    const values = await readSysctls(
      taker.kernel,
      place,
      OF_LINK.flatMap((key) => [keyOfLink(key), keyOfNew(key)]),
    );
    const changed = OF_LINK.filter((key) => values.get(keyOfLink(key)) !== values.get(keyOfNew(key)));
    const taken = await collect(changed, (key) => taker.take([sysctl.type], placeId(place, keyOfLink(key))));
    return taken.map((object) => ({ ...object, after: link }));
  });
  return [...whole, ...own];
}

/** Returns the keys of a place with another value than in a new one. A new namespace may inherit values from the machine. */
async function changedKeys({ kernel }: Taker, place: Place): Promise<string[]> {
  const keys = Object.keys(place === undefined ? FORWARDING : USUAL);
  const [here, inherited] = await Promise.all([
    readSysctls(kernel, place, keys),
    place === undefined ? undefined : readSysctls(kernel, undefined, keys),
  ]);
  return keys.filter((key) => {
    const value = here.get(key);
    const isInherited = !(key in FORWARDING) && value === inherited?.get(key);
    return value !== undefined && value !== USUAL[key] && !isInherited;
  });
}

/** The switches that forward packets, which are the only settings of the lab host itself that are those of a lab. */
const FORWARDING: Readonly<Record<string, string>> = {
  "net.ipv4.ip_forward": "0",
  "net.ipv6.conf.all.forwarding": "0",
};

const of = (value: string, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, value]));

const SETTINGS = ["rp_filter", "proxy_arp", "arp_ignore", "arp_announce", "arp_filter", "accept_local"];

/** The values of the kernel in a new namespace. */
const USUAL: Readonly<Record<string, string>> = {
  ...FORWARDING,
  ...of(
    "0",
    SETTINGS.flatMap((key) => [`net.ipv4.conf.all.${key}`, `net.ipv4.conf.default.${key}`]),
  ),
  ...of("0", ["net.ipv4.conf.all.src_valid_mark", "net.ipv4.conf.all.route_localnet"]),
  ...of("0", ["net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6", "net.ipv6.conf.all.proxy_ndp"]),
  ...of("0", ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv4.fwmark_reflect"]),
  ...of("0", ["net.ipv4.fib_multipath_hash_policy", "net.ipv6.fib_multipath_hash_policy"]),
  ...of("0", ["net.ipv4.tcp_l3mdev_accept", "net.ipv4.udp_l3mdev_accept", "net.ipv4.icmp_echo_ignore_all"]),
  ...{ "net.ipv4.ip_default_ttl": "64", "net.ipv4.ip_unprivileged_port_start": "1024" },
};

/** The settings of a link, which a new one gets from `default`. */
const OF_LINK = [
  ...[...SETTINGS, "forwarding"].map((key) => `net.ipv4.conf.${PLACEHOLDER}.${key}`),
  ...["disable_ipv6", "proxy_ndp", "forwarding"].map((key) => `net.ipv6.conf.${PLACEHOLDER}.${key}`),
];
