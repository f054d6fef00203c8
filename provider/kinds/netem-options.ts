import * as v from "valibot";
import { mergeNetworks } from "../address-ranges.ts";
import { formatValue } from "../format-value.ts";
import { defined } from "../properties.ts";
import { field, group, groups, hasUnknown, rule } from "../schema.ts";
import { several, valuesOf } from "../several.ts";
import {
  bitsIn,
  milliseconds,
  percent,
  percentIn,
  percentText,
  rate,
  rateText,
  timeIn,
  timeText,
} from "../traffic-values.ts";
import { hostOrNetwork, integer, oneOf } from "../values.ts";
import { MOST_CLASSES } from "./qdisc-classes.ts";
import { type QdiscSpec, roundedTo, type Shown } from "./qdisc-spec.ts";

/** The options of netem (network emulator), which delays, drops, repeats and reorders packets. */
export interface NetemOptions {
  readonly delay?: string | undefined;
  readonly jitter?: string | undefined;
  readonly delayCorrelation?: string | undefined;
  readonly distribution?: (typeof DISTRIBUTIONS)[number] | undefined;
  readonly loss?: string | undefined;
  readonly lossCorrelation?: string | undefined;
  readonly duplicate?: string | undefined;
  readonly corrupt?: string | undefined;
  readonly reorder?: string | undefined;
  readonly gap?: number | undefined;
  readonly rate?: string | undefined;
  readonly limit?: number | undefined;
  readonly perDestination?: DestinationOptions[] | undefined;
}

/** The options for packets to some destinations. */
export interface DestinationOptions extends Mutable<Omit<NetemOptions, "duplicate" | "perDestination">> {
  /** The addresses and networks. */
  to: string | string[];
}

/** A type with mutable properties, as in the SDK's outputs. */
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const DISTRIBUTIONS = ["normal", "pareto", "paretonormal"] as const;

// `tc` rejects longer times.
const LONGEST = 274_000;

const optionFields = {
  delay: v.optional(field(milliseconds("a delay", 0, LONGEST))),
  jitter: v.optional(field(milliseconds("a jitter", 0, LONGEST))),
  delayCorrelation: v.optional(field(percent("a correlation"))),
  distribution: v.optional(field(oneOf(DISTRIBUTIONS))),
  loss: v.optional(field(percent("a share of packets"))),
  lossCorrelation: v.optional(field(percent("a correlation"))),
  duplicate: v.optional(field(percent("a share of packets"))),
  corrupt: v.optional(field(percent("a share of packets"))),
  reorder: v.optional(field(percent("a share of packets"))),
  gap: v.optional(field(integer("a number of packets", 1, 1_000_000, 5))),
  rate: v.optional(field(rate({ min: "8bit", max: "10000gbit" }))),
  limit: v.optional(field(integer("a number of packets", 1, 2 ** 31 - 1, 1000))),
};

/** Rules over several options: `tc` ignores an option without the one that it belongs to. */
const needs = (option: keyof NetemOptions, of: keyof NetemOptions, why: string) =>
  rule<NetemOptions, keyof NetemOptions>([option, of], (given) =>
    given[option] === undefined || isGiven(given[of]) ? undefined : { at: of, why: `missing: ${option} ${why}` },
  );

/** Returns whether an option is given and not zero. */
const isGiven = (value: unknown): boolean => (timeIn(value) ?? percentIn(value) ?? 0) > 0;

const rules = [
  rule<NetemOptions, "delay" | "jitter">(["delay", "jitter"], ({ delay, jitter }) =>
    (timeIn(jitter) ?? 0) > (timeIn(delay) ?? 0)
      ? {
          at: "jitter",
          why: `"${jitter}" is longer than the delay${delay === undefined ? ", which is missing" : ` of "${delay}"`}: no packet can leave before it arrives`,
        }
      : undefined,
  ),
  needs("delayCorrelation", "jitter", "applies to the jitter"),
  needs("distribution", "jitter", "is that of the jitter"),
  needs("lossCorrelation", "loss", "applies to the loss"),
  needs("reorder", "delay", "sends packets without the delay, before those that wait"),
  needs("gap", "reorder", "applies to reordered packets"),
];

const { duplicate: _duplicate, ...destinationFields } = optionFields;

const destination = group({ to: field(several(hostOrNetwork(), mergeNetworks)), ...destinationFields }, (known) =>
  v.pipe(known, ...(rules as unknown as [])),
);

/** The options as arguments. */
export const netemFields = {
  ...optionFields,
  perDestination: v.optional(
    groups(destination, `a list of settings for destinations, e.g. [{ to: "10.0.0.2", delay: "20ms" }]`),
  ),
};

/** Rejects two settings for the same destination, and more settings than a root qdisc has classes for. */
const distinctDestinations = rule<NetemOptions, "perDestination">(["perDestination"], ({ perDestination = [] }) => {
  const networks = perDestination.flatMap(({ to }) => (hasUnknown(to as object) ? [] : valuesOf(to)));
  const twice = networks.find((network, index) => networks.indexOf(network) !== index);
  if (twice !== undefined) return { at: "perDestination", why: `${formatValue(twice)} is listed twice` };
  return perDestination.length > MOST_CLASSES
    ? {
        at: "perDestination",
        why: `there are ${perDestination.length} settings; an interface can have ${MOST_CLASSES}`,
      }
    : undefined;
});

const withoutDuplicate = rule<NetemOptions, "duplicate" | "perDestination">(
  ["duplicate", "perDestination"],
  ({ duplicate, perDestination }) =>
    perDestination !== undefined && isGiven(duplicate)
      ? {
          at: "duplicate",
          why: "the kernel cannot duplicate packets of an interface that has settings per destination",
        }
      : undefined,
);

export const netem: QdiscSpec<NetemOptions> = {
  kind: "netem",
  fields: netemFields,
  rules: [...rules, distinctDestinations, withoutDuplicate],
  classes: {
    split: ({ perDestination = [], ...rest }) => ({
      rest,
      classes: perDestination.map(({ to, ...options }) => ({ to: valuesOf(to), options })),
    }),
    join: ({ rest, classes }) => ({
      ...rest,
      ...(classes.length > 0 && {
        perDestination: classes.map(({ to, options }) =>
          defined({ to: to.length === 1 ? (to[0] ?? "") : [...to], ...options }),
        ),
      }),
    }),
  },
  words: ({ gap, distribution, ...options }) => [
    ...["limit", String(options.limit ?? limitFor(options))],
    ...["delay", options.delay ?? "0ms", options.jitter ?? "0ms", options.delayCorrelation ?? "0%"],
    ...(distribution === undefined ? [] : ["distribution", distribution]),
    ...["loss", options.loss ?? "0%", options.lossCorrelation ?? "0%"],
    ...["duplicate", options.duplicate ?? "0%", "0%"],
    ...["corrupt", options.corrupt ?? "0%", "0%"],
    ...["reorder", options.reorder ?? "0%", "0%"],
    ...(gap === undefined ? [] : ["gap", String(gap)]),
    ...["rate", options.rate ?? "0bit"],
  ],
  read: readNetem,
  variant: ({ distribution }) => distribution,
  withVariant: ({ distribution: _distribution, ...options }, variant) => ({
    ...options,
    ...(variant !== undefined && { distribution: variant as (typeof DISTRIBUTIONS)[number] }),
  }),
  variants: DISTRIBUTIONS,
};

/**
 * Returns the number of packets that a qdisc must be able to hold, so that it drops none that it only delays: those of 1500 bytes that
 * arrive during the delay at the rate, and half as many again.
 */
export function limitFor({ delay, jitter, rate: limit }: NetemOptions): number {
  const [longest, bits] = [(timeIn(delay) ?? 0) + 3 * (timeIn(jitter) ?? 0), bitsIn(limit)];
  if (longest === 0) return LEAST;
  if (bits === undefined) return WITHOUT_RATE;
  return Math.min(MOST, Math.max(LEAST, Math.ceil((1.5 * bits * longest) / 1000 / 8 / 1500)));
}

const LEAST = 1000;
const MOST = 1_000_000;
const WITHOUT_RATE = 100_000;

function readNetem(shown: Shown, wanted: NetemOptions): NetemOptions | undefined {
  const { limit, delay, duplicate, reorder, corrupt, ...seen } = v.parse(NETEM, shown);
  // A change in place leaves these on.
  if (seen.ecn || seen.slot !== undefined) return undefined;
  const loss = seen["loss-random"];
  const isModel = seen["loss-state"] !== undefined || seen["loss-gemodel"] !== undefined;
  const options: NetemOptions = {
    delay: time(wanted.delay, delay["delay"]),
    jitter: time(wanted.jitter, delay["jitter"]),
    delayCorrelation: share(wanted.delayCorrelation, delay["correlation"]),
    loss: isModel ? "by a model" : share(wanted.loss, loss["loss"]),
    lossCorrelation: share(wanted.lossCorrelation, loss["correlation"]),
    duplicate: share(wanted.duplicate, duplicate["duplicate"]),
    corrupt: correlated(share(wanted.corrupt, corrupt["corrupt"]), corrupt["correlation"]),
    reorder: correlated(share(wanted.reorder, reorder["reorder"]), reorder["correlation"]),
    gap: wanted.gap === undefined && seen.gap <= 1 ? undefined : seen.gap,
    rate: rateOf(wanted.rate, seen.rate),
  };
  const usual = wanted.limit === undefined && limit === limitFor(options);
  return defined({ ...options, limit: usual ? undefined : limit });
}

const time = (wanted: string | undefined, seconds = 0) =>
  roundedTo(wanted, seconds * 1000, { amountOf: timeIn, textOf: timeText, tolerance: 0.001 });

const share = (wanted: string | undefined, fraction = 0) =>
  roundedTo(wanted, fraction * 100, { amountOf: percentIn, textOf: percentText, tolerance: 1e-6 });

/** Returns a share with its correlation, which no argument can express. */
const correlated = (text: string | undefined, correlation = 0): string | undefined =>
  correlation === 0 ? text : `${text ?? "0%"} ${percentText(correlation * 100)}`;

function rateOf(wanted: string | undefined, { rate: bytes = 0, ...overheads }: Readonly<Record<string, number>>) {
  // A rate is kept in whole bytes.
  const text = roundedTo(wanted, bytes * 8, { amountOf: bitsIn, textOf: rateText, tolerance: 7 });
  const given = Object.values(overheads);
  return given.every((overhead) => overhead === 0) ? text : `${text} ${given.join(" ")}`;
}

/** A part of the options, such as a share and its correlation; absent if it is off. */
const part = () => v.optional(v.record(v.string(), v.number()), {});

const NETEM = v.object({
  limit: v.number(),
  delay: part(),
  "loss-random": part(),
  "loss-state": v.optional(v.unknown()),
  "loss-gemodel": v.optional(v.unknown()),
  duplicate: part(),
  reorder: part(),
  corrupt: part(),
  rate: part(),
  slot: v.optional(v.unknown()),
  ecn: v.optional(v.boolean(), false),
  gap: v.optional(v.number(), 0),
});
