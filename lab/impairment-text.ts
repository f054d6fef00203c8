import { bitsIn, percentIn, timeIn } from "../provider/traffic-values.ts";

/** The settings of a queueing discipline that a text shows. */
export type Impairment = Readonly<Record<string, unknown>>;

/** The impairment of packets to some destinations, as text. */
export interface DestinationText {
  /** The addresses and networks. */
  readonly to: readonly string[];
  /** The delay, loss, rate and others; undefined if there is none. */
  readonly text: string | undefined;
}

/** Returns the impairments of packets to some destinations, in the order of `perDestination`. */
export const destinationTexts = ({ perDestination }: Impairment): readonly DestinationText[] =>
  (Array.isArray(perDestination) ? (perDestination as readonly unknown[]) : []).flatMap((one) => {
    if (typeof one !== "object" || one === null || !("to" in one)) return [];
    const { to, ...options } = one;
    const networks = (Array.isArray(to) ? (to as readonly unknown[]) : [to]).filter(
      (network) => typeof network === "string",
    );
    return [{ to: networks, text: impairmentText(options) }];
  });

/**
 * Returns what happens to the packets of an interface as text, such as `20 ms ± 2 ms, 1 % loss, 10 Mbit/s`; undefined if nothing does.
 */
export function impairmentText({ delay, jitter, rate, ...shares }: Impairment): string | undefined {
  const [time, more, bits] = [timeIn(delay) ?? 0, timeIn(jitter) ?? 0, bitsIn(rate) ?? 0];
  const parts = [
    ...(time === 0 ? [] : [more === 0 ? `${time} ms` : `${time} ms ± ${more} ms`]),
    ...SHARES.flatMap(([name, word]) => {
      const share = percentIn(shares[name]) ?? 0;
      return share === 0 ? [] : [`${share} % ${word}`];
    }),
    ...(bits === 0 ? [] : [bitsText(bits)]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

const SHARES = [
  ["loss", "loss"],
  ["duplicate", "sent twice"],
  ["corrupt", "corrupt"],
  ["reorder", "reordered"],
] as const;

function bitsText(bits: number): string {
  const [factor, unit] = UNITS.find(([size]) => bits >= size) ?? [1, "bit/s"];
  return `${Number((bits / factor).toPrecision(4))} ${unit}`;
}

const UNITS = [
  [1e9, "Gbit/s"],
  [1e6, "Mbit/s"],
  [1e3, "kbit/s"],
] as const;
