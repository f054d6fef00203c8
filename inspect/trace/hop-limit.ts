import { keyOn, PLACEHOLDER } from "../../provider/sysctl-key.ts";
import { type Place, placeName } from "../place.ts";
import type { Death, HopLimit, TraceContext } from "./packet.ts";
import { setsSysctls } from "./sysctl-help.ts";
import type { Advice } from "./types.ts";

/** Returns the TTL with which a place sends packets through an interface. In IPv6, each interface has its own. */
export async function hopLimitOf({ host, family }: TraceContext, place: Place, out: string): Promise<HopLimit> {
  const key = family === "inet" ? "net.ipv4.ip_default_ttl" : keyOn(`net.ipv6.conf.${PLACEHOLDER}.hop_limit`, out);
  const { stdout } = await host.run(place, "sysctl", "--values", key);
  return { place, key, value: Number(stdout.trim() || USUAL) };
}

/** Describes the end of a packet whose TTL is exceeded. */
export const ttlExceeded = (look: TraceContext, { place, limit }: Death): Advice => ({
  reason: `${placeName(place)} drops the packet: its TTL is exceeded, because ${limit?.key} of ${placeName(limit?.place)} is ${limit?.value}`,
  hint: setsSysctls(look, limit?.place, limit === undefined ? [] : [limit.key], USUAL),
});

const USUAL = 64;
