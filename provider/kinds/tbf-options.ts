import * as v from "valibot";
import { defined } from "../properties.ts";
import { field, rule } from "../schema.ts";
import { bitsIn, bytesIn, milliseconds, rate, rateText, size, sizeText, timeIn, timeText } from "../traffic-values.ts";
import { type QdiscSpec, roundedTo, type Shown } from "./qdisc-spec.ts";

/** The options of a token bucket filter (TBF), which limits the rate of packets. */
export interface TbfOptions {
  readonly rate: string;
  readonly burst?: string | undefined;
  readonly latency?: string | undefined;
  readonly limit?: string | undefined;
}

export const tbf: QdiscSpec<TbfOptions> = {
  kind: "tbf",
  fields: {
    rate: field(rate({ min: "8kbit", max: "400gbit" })),
    burst: v.optional(field(size("a size of the bucket"))),
    latency: v.optional(field(milliseconds("a time", 0.001, 274_000))),
    limit: v.optional(field(size("a size of the queue"))),
  },
  rules: [
    rule<TbfOptions, "latency" | "limit">(["latency", "limit"], ({ latency, limit }) =>
      latency !== undefined && limit !== undefined
        ? { at: "limit", why: `"${limit}" cannot be used with latency: each of the two gives the length of the queue` }
        : undefined,
    ),
    rule<TbfOptions, "rate" | "burst">(["rate", "burst"], ({ rate: to, burst }) => {
      if (burst === undefined) return undefined;
      const microseconds = (bytesIn(burst) ?? 0) / perMicrosecond(to);
      const why =
        microseconds < 2
          ? "is used up within two microseconds, which is too short for the kernel"
          : microseconds > LONGEST
            ? "takes more than 270 seconds to fill, which is too long for the kernel"
            : undefined;
      return why === undefined ? undefined : { at: "burst", why: `a bucket of "${burst}" ${why}, at ${to}` };
    }),
    rule<TbfOptions, "rate" | "latency">(["rate", "latency"], ({ rate: to, latency = USUAL_LATENCY }) =>
      perMicrosecond(to) * (timeIn(latency) ?? 0) * 1000 > LARGEST_QUEUE
        ? { at: "latency", why: `a queue of "${latency}" at ${to} is larger than the kernel allows; the limit is 3 GB` }
        : undefined,
    ),
  ],
  words: ({ rate: to, burst, latency, limit }, { mtu }) => [
    ...["rate", to, "burst", burst ?? sizeText(usualBurst(to, mtu))],
    ...(limit === undefined ? ["latency", latency ?? USUAL_LATENCY] : ["limit", limit]),
  ],
  read: readTbf,
};

/** The time that a packet may wait if the program sets neither a time nor a size of the queue. */
const USUAL_LATENCY = "50ms";

// The kernel keeps the time to fill the bucket in 32 bits, in steps of 64 ns, and the size of the queue in 32 bits.
const LONGEST = 270e6;
const LARGEST_QUEUE = 3e9;

/** Returns the bytes that a rate, in its text, sends in a microsecond. */
const perMicrosecond = (to: string): number => (bitsIn(to) ?? 0) / 8e6;

/**
 * Returns the bytes of a bucket that lets the largest packet through, and that a timer with 250 ticks a second can fill in time. The MTU of
 * an interface may change later, such as that of a bridge with its ports, so the bucket has room for a jumbo frame anyway.
 */
export const usualBurst = (to: string, mtu = JUMBO): number =>
  Math.max(largestFrame(Math.max(mtu, JUMBO)), Math.ceil((bitsIn(to) ?? 0) / 8 / 250));

const JUMBO = 9000;

/** Returns the bytes of the largest frame of an interface, with a VLAN tag. */
export const largestFrame = (mtu: number): number => mtu + 18;

function readTbf(shown: Shown, wanted: TbfOptions, mtu: number | undefined): TbfOptions {
  const { rate: bytes, burst, minburst, lat = 0, limit } = v.parse(TBF, shown);
  const step = bytes / 1e6;
  // The bucket is kept as the time in which it fills, in whole microseconds, and the queue in bytes.
  const queue = limit ?? lat * step + burst;
  const to = roundedTo(wanted.rate, bytes * 8, { amountOf: bitsIn, textOf: rateText, tolerance: 7 }) ?? wanted.rate;
  return defined({
    // No argument can express the second bucket, for a peak rate; a change in place removes it.
    rate: minburst === undefined ? to : `${to} with a peak rate`,
    burst: roundedTo(wanted.burst, burst, {
      ...{ amountOf: bytesIn, textOf: sizeText, tolerance: step + 1 },
      usual: usualBurst(to, mtu),
    }),
    ...(wanted.limit === undefined
      ? {
          latency: roundedTo(wanted.latency, (queue - burst) / step / 1000, {
            ...{ amountOf: timeIn, textOf: timeText, tolerance: 0.003 + 2 / step / 1000 },
            usual: timeIn(USUAL_LATENCY) ?? 0,
          }),
        }
      : {
          limit: roundedTo(wanted.limit, queue, {
            ...{ amountOf: bytesIn, textOf: (size) => sizeText(Math.round(size)), tolerance: 2 * step + 2 },
          }),
        }),
  });
}

const TBF = v.object({
  rate: v.number(),
  burst: v.number(),
  /** The size of the second bucket, if there is a peak rate. */
  minburst: v.optional(v.number()),
  /** The time that a packet may wait, in microseconds; `limit` takes its place where the queue is shorter than the bucket. */
  lat: v.optional(v.number()),
  limit: v.optional(v.number()),
});
