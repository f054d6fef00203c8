import { impairmentText } from "../../lab/impairment-text.ts";

/** The bytes that each interface has received and sent, by the name of its namespace, a slash and its own name. */
export type Counters = ReadonlyMap<string, number>;

/** Returns the bytes that each interface has received and sent, from the text of /proc/PID/net/dev. */
export const countersIn = (text: string): (readonly [link: string, bytes: number])[] =>
  text.split("\n").flatMap((line) => {
    const [, link, counters = ""] = /^\s*(\S+):\s*(.*)$/.exec(line) ?? [];
    const numbers = counters.split(/\s+/).map(Number);
    return link === undefined || link === "lo" ? [] : [[link, (numbers[0] ?? 0) + (numbers[SENT] ?? 0)] as const];
  });

/** The position of the sent bytes among the counters of an interface. */
const SENT = 8;

/** Returns the rate of each interface over which packets have passed between two times, as text. */
export function ratesBetween(
  before: { readonly at: number; readonly counters: Counters },
  now: { readonly at: number; readonly counters: Counters },
): Record<string, string> {
  const seconds = (now.at - before.at) / 1000;
  return Object.fromEntries(
    [...now.counters].flatMap(([link, bytes]) => {
      const bits = Math.round((8 * (bytes - (before.counters.get(link) ?? bytes))) / seconds);
      const text = bits <= 0 ? undefined : impairmentText({ rate: `${Number(bits.toPrecision(2))}bit` });
      return text === undefined ? [] : [[link, text]];
    }),
  );
}
