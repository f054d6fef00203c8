import { keyOn, PLACEHOLDER } from "../../provider/sysctl-key.ts";
import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import type { TraceContext } from "./packet.ts";
import { correctsSysctl, setsSysctls } from "./sysctl-help.ts";
import type { Advice } from "./types.ts";

/**
 * Returns why one of several interfaces has no IPv6 addresses and routes: IPv6 is off there, or its MTU is too small. Undefined in a trace of
 * IPv4, or if that holds for none.
 */
export async function ipv6Off(look: TraceContext, interfaces: readonly Interface[]): Promise<Advice | undefined> {
  const { host, family } = look;
  if (family === "inet") return undefined;
  for (const one of interfaces.filter(({ up, loopback, addresses }) => up && !loopback && !addresses.some(isIpv6))) {
    const { place, name, mtu } = one;
    const restores = "`pulumi up --refresh` restores the addresses and routes";
    if (mtu < LEAST_MTU)
      return {
        reason: `${name} in ${placeName(place)} has no IPv6 addresses and routes, because its MTU ${mtu} is below ${LEAST_MTU}`,
        hint: `raise it: ${command(place, `ip link set dev ${name} mtu ${LEAST_MTU}`)}; ${restores}`,
      };
    const key = keyOn(`net.ipv6.conf.${PLACEHOLDER}.disable_ipv6`, name);
    const { stdout } = await host.run(place, "sysctl", "--values", key);
    if (stdout.trim() === "1")
      return {
        reason: `${name} in ${placeName(place)} has no IPv6 addresses and routes, because ${key} is 1`,
        hint: correctsSysctl(look, place, [key]) ?? `${setsSysctls(look, place, [key], 0)}; ${restores}`,
      };
  }
  return undefined;
}

const isIpv6 = ({ family }: Interface["addresses"][number]): boolean => family === "inet6";

/** The smallest MTU of an interface with IPv6, in bytes. */
const LEAST_MTU = 1280;
