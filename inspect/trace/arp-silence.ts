import { contains } from "../../provider/cidr.ts";
import { keyOn, PLACEHOLDER } from "../../provider/sysctl-key.ts";
import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import type { TraceContext } from "./packet.ts";
import { lookUpRoute } from "./route-lookup.ts";
import { setsSysctls } from "./sysctl-help.ts";
import type { Advice } from "./types.ts";

/** An ARP request: the address that it asks for, and that of its sender. */
export interface ArpRequest {
  readonly wanted: string;
  readonly sender: string;
}

/** Returns the sysctl because of which an interface does not answer the ARP request for an address of its place; undefined if it does. */
export async function arpSilence(
  context: TraceContext,
  to: Interface,
  { wanted, sender }: ArpRequest,
): Promise<Advice | undefined> {
  const { place, name, addresses } = to;
  const silence = ({ keys, value }: Setting, why = ""): Advice => ({
    reason: `${placeName(place)} does not answer ARP requests for ${wanted} on ${name}: ${keys.join(" and ")} is ${value}${why}`,
    hint: setsSysctls(context, place, keys, 0),
  });
  const [ignore, filter] = await settingsOf(context, to);
  const own = addresses.filter(({ address }) => address === wanted);
  if (ignore.value === 8) return silence(ignore);
  if ((ignore.value === 1 || ignore.value === 2) && own.length === 0)
    return silence(ignore, `, and ${name} does not have that address`);
  if (ignore.value === 2 && !own.some(({ address, length }) => contains(`${address}/${length}`, sender)))
    return silence(ignore, `, and the sender ${sender} is not in its network`);
  if (filter.value === 0) return undefined;
  const route = await lookUpRoute(context.host, place, sender, "from", wanted);
  return "refusal" in route || route.dev === name
    ? undefined
    : silence(filter, `, and its route to ${sender} uses ${route.dev}`);
}

/** A setting with the keys that give it, of all interfaces and of a single one. */
interface Setting {
  readonly keys: readonly string[];
  readonly value: number;
}

/** Returns `arp_ignore` and `arp_filter` of an interface. Of its own setting and that of all, the larger one takes effect. */
async function settingsOf(
  { host }: TraceContext,
  { place, name }: Interface,
): Promise<[ignore: Setting, filter: Setting]> {
  const pairs = ["arp_ignore", "arp_filter"].map((setting) => [
    `net.ipv4.conf.all.${setting}`,
    keyOn(`net.ipv4.conf.${PLACEHOLDER}.${setting}`, name),
  ]);
  const { stdout } = await host.run(place, "sysctl", "--values", ...pairs.flat());
  const values = stdout.trim().split("\n").map(Number);
  const settingAt = (index: number): Setting => {
    const own = values.slice(2 * index, 2 * index + 2);
    return { keys: (pairs[index] ?? []).filter((_, at) => own[at] !== 0), value: Math.max(...own) };
  };
  return [settingAt(0), settingAt(1)];
}
