import { sendPing } from "../inspect/ping.ts";
import { showTrace } from "../inspect/trace/text.ts";
import { trace } from "../inspect/trace/trace.ts";
import { withHelp } from "../provider/message.ts";
import { bitsIn, percentIn, timeIn } from "../provider/traffic-values.ts";
import { type Finding, finding, type Matcher, said } from "./finding.ts";
import type { Path } from "./host.ts";
import { mustBePath } from "./must-be.ts";
import { sendPings } from "./traffic/pings.ts";
import { addressOf, type ProbeOptions, sendProbe } from "./traffic/probe.ts";

/** Options of {@link PathMatchers.toBeBlocked}. */
export interface BlockOptions extends ProbeOptions {
  /** A part of the text of the rule, or a regular expression that matches it. */
  readonly by?: string | RegExp;
}

/** Matchers for a path of a lab: `lab.host("red").to("192.168.15.2")`. Each one sends packets, so each one must be awaited. */
export interface PathMatchers {
  /**
   * Expects that a share of the pings along the path is not answered, because of losses in either direction. The number of lost pings may
   * differ from the share by five standard deviations. With 0, no ping may be lost.
   * If all are lost, a failure reports where.
   *
   * Equivalent to: `ip netns exec red ping -c 500 -i 0.004 192.168.15.2`
   *
   * @param share The share, as text such as `"5%"` or as a number of percent.
   * @param options The number of pings (`count`), 500 by default. They take about two seconds, and twice as many take twice as long.
   *
   * @example
   * await expect(lab.host("red").to("192.168.15.2")).toLose("5%");
   */
  toLose(share: string | number, options?: { readonly count?: number }): Promise<void>;
  /**
   * Expects that the median of the round-trip times is between two times: texts such as `"40ms"`, or numbers of milliseconds.
   *
   * Equivalent to: `ip netns exec red ping -c 5 -i 0.2 192.168.15.2`
   *
   * @param options The number of pings (`count`), 5 by default.
   *
   * @example
   * await expect(lab.host("red").to("192.168.15.2")).toTakeBetween("40ms", "60ms");
   */
  toTakeBetween(
    shortest: string | number,
    longest: string | number,
    options?: { readonly count?: number },
  ): Promise<void>;
  /**
   * Expects that the destination accepts a TCP connection to a port, or answers a UDP packet to it. A probe listens on the port at the
   * destination, so no server is needed. If a program already listens on a TCP port, the connection goes to it; a UDP port in use is an
   * error. A failure reports where the packet is lost.
   *
   * @throws Error if the probe cannot listen, or no host of the lab has the address.
   *
   * @example
   * await expect(lab.host("red").to(lab.host("web"))).toCarry("tcp", 80);
   * await expect(lab.host("internet").to("203.0.113.2")).toCarry("tcp", 80, { at: lab.host("web"), listenPort: 8080 });
   */
  toCarry(protocol: "tcp" | "udp", port: number, options?: ProbeOptions): Promise<void>;
  /**
   * Expects that a firewall rule blocks a ping, or a connection or packet as {@link toCarry} sends it: there is no answer, and a trace
   * finds the rule. A failure shows the trace of the packet; with `.not`, also the rule.
   *
   * @example
   * await expect(lab.host("guest").to(lab.host("nas"))).toBeBlocked("tcp", 445, { by: "lan" });
   */
  toBeBlocked(protocol?: "icmp"): Promise<void>;
  toBeBlocked(protocol: "tcp" | "udp", port: number, options?: BlockOptions): Promise<void>;
  /**
   * Expects that a TCP connection transfers data at a rate between two rates: texts such as `"10mbit"`, or numbers of bits a second. The
   * rate does not include the headers of the packets, which are about 5 % of the traffic.
   *
   * @param options The time for which data is sent (`seconds`), 2 by default; the `port`, 5201 by default; and where the probe listens.
   *
   * @example
   * await expect(lab.host("red").to("192.168.15.2")).toTransferBetween("8mbit", "10mbit");
   */
  toTransferBetween(
    least: string | number,
    most: string | number,
    options?: ProbeOptions & { readonly seconds?: number; readonly port?: number },
  ): Promise<void>;
}

type Arguments<Name extends keyof PathMatchers> = Name extends "toBeBlocked"
  ? [protocol?: "icmp" | "tcp" | "udp", port?: number, options?: BlockOptions]
  : Parameters<PathMatchers[Name]>;

export const pathMatchers: { [Name in keyof PathMatchers]: Matcher<Path, Arguments<Name>> } = {
  async toLose(path, share, { count = 500 } = {}) {
    await mustBePath(path);
    const wanted = amount(share, percentIn, "a share of packets", "5%") / 100;
    const { address, sent, times } = await sendPings(path, count, 0.004);
    const lost = sent - times.length;
    const deviation = DEVIATIONS * Math.sqrt(sent * wanted * (1 - wanted));
    const [least, most] = [Math.max(0, sent * wanted - deviation), Math.min(sent, sent * wanted + deviation)];
    const expected = deviation === 0 ? String(least) : `${Math.ceil(least)} to ${Math.floor(most)}`;
    const isExpected = lost >= least && lost <= most;
    const way = isExpected || lost < sent ? "" : `\n\n${await traced(path, address, { protocol: "icmp" })}`;
    return finding(
      isExpected,
      `${between(path, address)} loses ${lost} of ${sent} pings (${decimal((100 * lost) / sent)} %); expected a loss of ${decimal(wanted * 100)} %: ${expected} of ${sent}${way}`,
    );
  },

  async toTakeBetween(path, shortest, longest, { count = 5 } = {}) {
    await mustBePath(path);
    const [least, most] = [shortest, longest].map((time) => amount(time, timeIn, "a time", "40ms"));
    const { address, sent, times } = await sendPings(path, count, 0.2);
    const median = times[Math.floor(times.length / 2)];
    if (median === undefined) return unanswered(path, address, sent);
    return finding(
      median >= (least ?? 0) && median <= (most ?? 0),
      `a ping ${along(path, address)} takes ${median} ms, the median of ${times.map(String).join(", ")}; expected ${least} to ${most} ms`,
    );
  },

  async toCarry(path, protocol, port, options = {}) {
    await mustBePath(path);
    return sendProbe(path, { ...options, protocol, port }, async (outcome, address) => {
      const what = `${between(path, address)} ${outcome.ok ? "carries" : "does not carry"} ${protocol} port ${port}`;
      if (outcome.ok) return finding(true, what);
      return finding(false, `${what} (${outcome.reason})\n\n${await traced(path, address, { protocol, port })}`);
    });
  },

  async toBeBlocked(path, protocol = "icmp", port = 0, options: BlockOptions = {}) {
    await mustBePath(path);
    if (protocol !== "icmp")
      return sendProbe(path, { ...options, protocol, port }, ({ ok }, address) =>
        blocked(path, address, { sent: { protocol, port }, isAnswered: ok, by: options.by }),
      );
    const address = await addressOf(path);
    const { labHost, place } = path.from;
    const { received } = await sendPing(labHost, { from: place, to: address, count: 2 });
    return blocked(path, address, { sent: { protocol }, isAnswered: received > 0, by: options.by });
  },

  async toTransferBetween(path, least, most, { seconds = 2, port = 5201, ...options } = {}) {
    await mustBePath(path);
    const [from = 0, to = 0] = [least, most].map((rate) => amount(rate, bitsIn, "a rate", "10mbit"));
    return sendProbe(path, { ...options, protocol: "tcp", port, seconds }, async (outcome, address) => {
      if (!outcome.ok) {
        const way = await traced(path, address, { protocol: "tcp", port });
        return finding(false, `${between(path, address)} transfers no data (${outcome.reason})\n\n${way}`);
      }
      const { bits = 0 } = outcome;
      return finding(
        bits >= from && bits <= to,
        `${between(path, address)} transfers ${rateText(bits)}; expected ${rateText(from)} to ${rateText(to)}`,
      );
    });
  },
};

/** The allowed difference from the expected number, in standard deviations. Chance exceeds it about once in two million runs. */
const DEVIATIONS = 5;

type Sent = { readonly protocol: "icmp" } | { readonly protocol: "tcp" | "udp"; readonly port: number };

async function blocked(
  path: Path,
  address: string,
  {
    sent,
    isAnswered,
    by,
  }: { readonly sent: Sent; readonly isAnswered: boolean; readonly by: string | RegExp | undefined },
): Promise<Finding> {
  const way = await trace(path.from.labHost, path.from.place, address, { probe: sent });
  const what = `${sent.protocol === "icmp" ? "a ping" : `${sent.protocol} port ${sent.port}`} ${along(path, address)}`;
  const told = (sentence: string) => `${what} ${sentence}\n\n${showTrace(way)}`;
  const { outcome } = way;
  if (isAnswered) return finding(false, told("is answered, so no rule blocks it"));
  if (outcome.kind !== "died" || outcome.cause !== "firewall")
    return finding(false, told("is not answered, but no rule blocks it"));
  const { reason } = outcome;
  const isIt = by === undefined || (typeof by === "string" ? reason.includes(by) : by.test(reason));
  return isIt
    ? finding(true, told(`is blocked: ${reason}`))
    : finding(false, told(`is blocked by another rule than ${String(by)}`));
}

async function unanswered(path: Path, address: string, sent: number): Promise<Finding> {
  const way = await traced(path, address, { protocol: "icmp" });
  return finding(false, `none of ${sent} pings ${along(path, address)} is answered\n\n${way}`);
}

const traced = async ({ from }: Path, address: string, sent: Sent): Promise<string> =>
  showTrace(await trace(from.labHost, from.place, address, { probe: sent }));

const along = (path: Path, address: string): string => `from ${said(path.from)} to ${target(path, address)}`;

const between = (path: Path, address: string): string => `the path ${along(path, address)}`;

const target = ({ destination }: Path, address: string): string =>
  typeof destination === "string" ? address : `${said(destination)} (${address})`;

/** Returns the amount of a value that a test gives. */
function amount(
  value: string | number,
  read: (given: unknown) => number | undefined,
  what: string,
  example: string,
): number {
  const found = read(value);
  if (found !== undefined) return found;
  throw new TypeError(
    withHelp(`${JSON.stringify(value)} is not ${what}`, `write it with a unit, such as "${example}"`),
  );
}

const decimal = (value: number): string => String(Number(value.toFixed(2)));

const rateText = (bits: number): string =>
  bits >= 1e6
    ? `${decimal(bits / 1e6)} Mbit/s`
    : bits >= 1e3
      ? `${decimal(bits / 1e3)} kbit/s`
      : `${decimal(bits)} bit/s`;
