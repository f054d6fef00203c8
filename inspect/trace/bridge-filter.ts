import type { Family } from "../../provider/cidr.ts";
import { type Place, placeName } from "../place.ts";
import { resource } from "./as-typed.ts";
import type { Death, TraceContext } from "./packet.ts";
import { correctsSysctl } from "./sysctl-help.ts";
import type { Advice, Direction } from "./types.ts";

/** Returns whether the firewall and NAT for IP also apply to the frames that the bridges of a place forward (br_netfilter). */
export async function filtersIp({ host, family }: TraceContext, place: Place): Promise<boolean> {
  const { code, stdout } = await host.run(place, "sysctl", "--values", bridgeFilterKey(family));
  return code === 0 && stdout.trim() === "1";
}

/** Returns the words that tell why a rule for IP applies to the frames of a bridge. */
export const onBridge = (family: Family, bridge: string): string =>
  `which applies to the frames of the bridge ${bridge}, because ${bridgeFilterKey(family)} is 1`;

/** Returns how to keep the frames of a bridge from rules for IP. */
export const withoutIpRules = (look: Pick<TraceContext, "family" | "declared">, place: Place, other: string): string =>
  `${offBridges(look, place)}, or ${other}`;

/** Returns the explanation of a lost answer by a source that was translated on a bridge; undefined if none was. */
export function natOnBridge(
  look: TraceContext,
  { cause }: Death,
  way: Direction,
  { reason }: Advice,
): Advice | undefined {
  const { translated, family } = look;
  const nat = translated.find(({ bridge }) => bridge !== undefined);
  if (nat?.bridge === undefined || !BY_ADDRESS.has(cause) || (way === "there" && !BY_SOURCE.has(cause)))
    return undefined;
  const change = `the NAT of ${placeName(nat.place)}, ${onBridge(family, nat.bridge)}, changes the source ${nat.before.address} to ${nat.after.address}`;
  return {
    reason: cause === "misdelivered" ? change : `${reason}; ${change}`,
    hint: withoutIpRules(look, nat.place, "limit the NAT rule by its outInterface"),
  };
}

function offBridges(look: Pick<TraceContext, "family" | "declared">, place: Place): string {
  const key = bridgeFilterKey(look.family);
  return (
    correctsSysctl(look, place, [key]) ??
    `keep the rules for IP off bridges:\n  ${resource(look, "Sysctl", { namespace: place, key, value: "0" })}`
  );
}

const bridgeFilterKey = (family: Family): string =>
  `net.bridge.bridge-nf-call-${family === "inet" ? "iptables" : "ip6tables"}`;

/** The causes that depend on the source of a packet. */
const BY_SOURCE: ReadonlySet<Death["cause"]> = new Set(["reverse-path", "own-source"]);

/** The causes that depend on the addresses of a packet. */
const BY_ADDRESS: ReadonlySet<Death["cause"]> = new Set([
  ...(["no-route", "refused", "routing-rule", "no-neighbour", "forwarding-off"] as const),
  ...BY_SOURCE,
  ...(["misdelivered", "wrong-answer", "loop", "unexplained"] as const),
]);
