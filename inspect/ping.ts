import { addressesOf, listInterfaces, namespacesOf } from "./interfaces.ts";
import type { LabHost, Place } from "./lab-host.ts";
import { inParallel } from "./parallel.ts";

/** What came of pings from a place to an address. */
export interface PingResult {
  readonly from: Place;
  readonly to: string;
  readonly sent: number;
  readonly received: number;
  /** How long an answer took, in milliseconds, as the mean of all; undefined when there was none. */
  readonly ms: number | undefined;
  /** What the kernel or a router said instead of an answer, like `Network is unreachable`; undefined when nothing was said. */
  readonly said: string | undefined;
  /** Why no ping was sent, where `ping` does not send any to such an address, or the place is gone. */
  readonly unsent?: string | undefined;
}

/** A ping, and how patient it is. */
export interface Ping {
  readonly from: Place;
  /** An IPv4 or IPv6 address. */
  readonly to: string;
  /** @default 1 */
  readonly count?: number | undefined;
  /** How many seconds the last answer may take. @default 1 */
  readonly wait?: number | undefined;
}

/**
 * Pings an address from a place. No answer is a result like any other.
 *
 * Equivalent to: `ip netns exec FROM ping -n -c COUNT -W WAIT TO`
 *
 * @throws Error when `ping` could not do its work: it is not installed, or there is no such namespace.
 *
 * @example
 * const { ms } = await reach(labHost(), { from: "red", to: "192.168.15.2" });
 */
export async function sendPing(host: LabHost, { from, to, count = 1, wait = 1 }: Ping): Promise<PingResult> {
  const pace = ["-c", String(count), "-i", "0.2", "-W", String(wait)];
  const { code, stdout, stderr } = await host.run(from, "ping", "-n", ...pace, "--", to);
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? [];
  // What `ip` says comes before there is a `ping`.
  const said = stderr.includes("network namespace") ? undefined : PING_OUTPUT.exec(`${stderr}\n${stdout}`)?.[0];
  const refusal = /^ping6?: (.*)/m.exec(stderr)?.[1];
  if (sent === undefined && said === undefined && refusal === undefined)
    throw new Error(stderr.trim() || `ping: exit ${code}`);
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

/** One cell of a matrix: how a place reaches an address of another place. */
export interface PlacePing {
  readonly from: Place;
  readonly to: Place;
  readonly address: string;
  /** How long the answer took, in milliseconds; undefined when there was none. */
  readonly ms: number | undefined;
  /** See {@link PingResult}. */
  readonly unsent?: string | undefined;
}

/**
 * Pings, from each of the places, each global address that each of the others has now: one ping each, and at most eight at
 * a time, so that a lab of ten places with an address each takes about as long as eleven answers that do not come.
 *
 * @param wait How many seconds an answer may take; 1 unless told.
 * @param step Hears how many pings are done, of how many.
 */
export async function pingAll(
  host: LabHost,
  places: readonly Place[],
  wait = 1,
  step: (done: number, all: number) => void = () => undefined,
): Promise<PlacePing[]> {
  const interfaces = await listInterfaces(host);
  const addressed = places.flatMap((to) => addressesOf(interfaces, to).map((address) => ({ to, address })));
  const pairs = places.flatMap((from) =>
    addressed.filter(({ to }) => to !== from).map((target) => ({ from, ...target })),
  );
  let done = 0;
  step(done, pairs.length);
  return inParallel(pairs, async ({ from, to, address }) => {
    const { ms, unsent } = await sendPing(host, { from, to: address, wait }).catch(async (error: unknown) => {
      // Others may take a namespace away meanwhile, and that is no failure of the other pings.
      if (from === undefined || (await namespacesOf(host.kernel)).includes(from)) throw error;
      return { ms: undefined, unsent: "the namespace was deleted" };
    });
    step((done += 1), pairs.length);
    return { from, to, address, ms, ...(unsent !== undefined && { unsent }) };
  });
}

/** What is said where a ping dies, by the place's own kernel or by a router on the way. */
const PING_OUTPUT =
  /Network is unreachable|No route to host|(?:Destination (?:Net|Host|Port) )?(?:Unreachable|Prohibited)(?:: \w.*)?|Packet filtered|Destination unreachable: .*|Operation not permitted|Invalid argument|Permission denied|Time to live exceeded/i;
