import { contains, familyOf } from "../provider/cidr.ts";
import type { CommandResult } from "../provider/kernel/kernel.ts";
import { MissingToolError, missingTool } from "../provider/missing-tool.ts";
import { addressesOf, listInterfaces, namespacesOf } from "./interfaces.ts";
import type { LabHost } from "./lab-host.ts";
import { inParallel } from "./parallel.ts";
import { type Place, placeAt, placeName, placeParts } from "./place.ts";

/** The result of pinging an address from a place. */
export interface PingResult {
  readonly from: Place;
  readonly to: string;
  readonly sent: number;
  readonly received: number;
  /** The mean round-trip time, in milliseconds; undefined if there was no answer. */
  readonly ms: number | undefined;
  /** The error from the kernel or a router, such as `Network is unreachable`; undefined if there was none. */
  readonly said: string | undefined;
  /** Why no ping was sent: `ping` cannot send to such an address, or the place was deleted. */
  readonly unsent?: string | undefined;
}

/** A ping with its count and timeout. */
export interface Ping {
  readonly from: Place;
  /** An IPv4 or IPv6 address. */
  readonly to: string;
  /** The source address; by default the one that the kernel selects. */
  readonly source?: string | undefined;
  /** @default 1 */
  readonly count?: number | undefined;
  /** The timeout of the last answer, in seconds. @default 1 */
  readonly wait?: number | undefined;
  /** The seconds in which further pings are sent until `count` of them were answered; by default only `count` pings are sent. */
  readonly deadline?: number | undefined;
  /** The bytes of the ping, without its headers. @default 56 */
  readonly size?: number | undefined;
  /** Whether neither the sender nor a router may fragment the packet. @default false */
  readonly df?: boolean | undefined;
}

/**
 * Pings an address from a place. No answer is a result, not an error.
 *
 * Equivalent to: `ip netns exec FROM ping -n -c COUNT -W WAIT TO`
 *
 * @throws Error if `ping` could not run: it is not installed, or the namespace does not exist.
 *
 * @example
 * const { ms } = await reach(labHost(), { from: "red", to: "192.168.15.2" });
 */
export async function sendPing(host: LabHost, { from, to, count = 1, wait = 1, ...packet }: Ping): Promise<PingResult> {
  const until = packet.deadline === undefined ? [] : ["-w", String(packet.deadline)];
  const pace = ["-c", String(count), "-i", "0.2", "-W", String(wait), ...until];
  const size = packet.size === undefined ? [] : ["-s", String(packet.size)];
  const df = packet.df === true ? ["-M", "do"] : [];
  const bound = packet.source === undefined ? [] : ["-I", packet.source];
  const { code, stdout, stderr } = await host.run(from, "ping", "-n", ...pace, ...size, ...df, ...bound, "--", to);
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? [];
  // An error of `ip` means that `ping` was not started.
  const said = stderr.includes("network namespace") ? undefined : PING_OUTPUT.exec(`${stderr}\n${stdout}`)?.[0];
  const refusal = /^ping6?: (.*)/m.exec(stderr)?.[1];
  if (sent === undefined && said === undefined && refusal === undefined)
    throw missingPing(from, { code, stdout, stderr }) ?? new Error(stderr.trim() || `ping: exit ${code}`);
  const [, mean] = /^rtt [^=]*= [\d.]+\/([\d.]+)\//m.exec(stdout) ?? [];
  return {
    from,
    to,
    sent: Number(sent ?? 0),
    received: Number(received ?? 0),
    ms: mean === undefined ? undefined : Number(mean),
    said: received === undefined || received === "0" ? said : undefined,
    ...(sent === undefined && said === undefined && { unsent: refusal }),
  };
}

/** Returns the error for a lab host without `ping`; undefined if it has one. */
function missingPing(from: Place, result: CommandResult): Error | undefined {
  const tool = missingTool(result);
  return tool === undefined ? undefined : new MissingToolError(tool).at(placeParts(from).host);
}

/** One cell of a ping matrix: whether a place reaches an address of another place. */
export interface PlacePing {
  readonly from: Place;
  readonly to: Place;
  readonly address: string;
  /** The mean round-trip time, in milliseconds; undefined if there was no answer. */
  readonly ms: number | undefined;
  /** The share of pings without an answer, in percent. */
  readonly loss: number;
  /** See {@link PingResult}. */
  readonly unsent?: string | undefined;
}

/**
 * Pings, from each place, each global address that each other place has now or should have, of the families (IPv4, IPv6) that the sender has: at
 * most eight at a time. A lab of ten places with one address each takes about as long as eleven timeouts.
 *
 * @param wait The timeout of an answer, in seconds; 1 by default.
 * @param step Called with the number of finished pings and the total.
 * @param options The number of pings to each address, their size, and whether they may not be fragmented; which addresses a place should
 * have, so that those which it has lost, and a family that it has lost, are pinged; and which places ping which others.
 */
export async function pingAll(
  host: LabHost,
  places: readonly Place[],
  wait = 1,
  step: (done: number, all: number) => void = () => undefined,
  { declared = () => [], network, isWanted = () => true, ...packet }: PingAllOptions = {},
): Promise<PlacePing[]> {
  const interfaces = await listInterfaces(host);
  const addressed = places.map((place) => ({ place, own: addressesOf(interfaces, place) }));
  const pairs = addressed.flatMap(({ place: from, own }) =>
    addressed
      .filter(({ place: to }) => to !== from && isWanted(from, to))
      .flatMap(({ place: to, own: current }) => {
        const all = [...new Set([...current, ...declared(to)])];
        const addresses = all.filter((address) => isIn(network, address));
        const usable = ofFamilies(addresses, [...own, ...declared(from)]);
        const others = without(usable, own);
        const isOwn = others.length === 0;
        return (isOwn ? usable : others).map((address) => ({ from, to, address, isOwn }));
      }),
  );
  let done = 0;
  step(done, pairs.length);
  return inParallel(pairs, async ({ from, to, address, isOwn }) => {
    if (isOwn) {
      step((done += 1), pairs.length);
      return { from, to, address, ms: undefined, loss: 100, unsent: `${placeName(from)} has this address itself` };
    }
    // A ping that could not run, for example because its namespace was deleted in the meantime, must not fail the other pings.
    const { ms, loss, unsent } = await sendPing(host, { ...packet, from, to: address, wait })
      .then(withLoss)
      .catch(async (error: unknown) => ({ ms: undefined, loss: 100, unsent: await reasonOf(host, from, error) }));
    step((done += 1), pairs.length);
    return { from, to, address, ms, loss, ...(unsent !== undefined && { unsent }) };
  });
}

/** Returns whether an address is in a network; any is, if there is none. */
export const isIn = (network: string | undefined, address: string): boolean =>
  network === undefined || contains(network, address);

interface PingAllOptions extends Pick<Ping, "count" | "size" | "df"> {
  readonly declared?: (place: Place) => readonly string[];
  /** The network of the addresses to ping; by default all addresses. */
  readonly network?: string | undefined;
  readonly isWanted?: (from: Place, to: Place) => boolean;
}

/**
 * Returns the addresses to ping of the families that the addresses of the sender have: it cannot send to others. All of them for a sender
 * without any address, whose pings fail.
 */
export function ofFamilies(addresses: readonly string[], senders: readonly string[]): readonly string[] {
  const families = new Set(senders.map(familyOf));
  return families.size === 0 ? addresses : addresses.filter((address) => families.has(familyOf(address)));
}

/**
 * Returns the addresses to ping that the sender does not have itself. The sender's own kernel answers a ping to one of its addresses, also if
 * another place has the address too.
 */
export const without = (addresses: readonly string[], own: readonly string[]): string[] =>
  addresses.filter((address) => !own.includes(address));

/** Returns the result of pings with the share that got no answer, in percent. */
export const withLoss = (result: PingResult): PingResult & { readonly loss: number } => ({
  ...result,
  loss: result.sent === 0 ? 100 : Number((100 * (1 - result.received / result.sent)).toFixed(1)),
});

async function reasonOf(host: LabHost, from: Place, error: unknown): Promise<string> {
  const { host: on, namespace } = placeParts(from);
  const root = placeAt({ host: on, namespace: undefined });
  const isDeleted = namespace !== undefined && !(await namespacesOf(host.kernel, root)).includes(namespace);
  return isDeleted ? "the namespace was deleted" : error instanceof Error ? error.message : String(error);
}

/** Errors of a failed ping, from the place's own kernel or from a router on the path. */
const PING_OUTPUT =
  /Frag needed and DF set.*|message too long.*|Network is unreachable|No route to host|(?:Destination (?:Net|Host|Port) )?(?:Unreachable|Prohibited)(?:: \w.*)?|Packet filtered|Destination unreachable: .*|Operation not permitted|Invalid argument|Permission denied|Time to live exceeded/i;
