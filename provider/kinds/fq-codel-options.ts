import * as v from "valibot";
import { field } from "../schema.ts";
import { milliseconds, timeIn, timeText } from "../traffic-values.ts";
import { flag, integer } from "../values.ts";
import { type QdiscSpec, roundedTo, type Shown } from "./qdisc-spec.ts";

/** The options of FQ-CoDel, which shares an interface fairly between flows and keeps their queues short. */
export interface FqCodelOptions {
  readonly limit: number;
  readonly flows: number;
  readonly target: string;
  readonly interval: string;
  readonly quantum?: number | undefined;
  readonly ecn: boolean;
}

export const fqCodel: QdiscSpec<FqCodelOptions> = {
  kind: "fq_codel",
  fields: {
    limit: v.optional(field(integer("a number of packets", 1, 2 ** 31 - 1, 10_240)), 10_240),
    // The number of queues is fixed when the qdisc is created.
    flows: v.optional(field(integer("a number of queues", 1, 65_536, 1024), { replaces: true }), 1024),
    target: v.optional(field(milliseconds("a delay", 0.01, 1000)), "5ms"),
    interval: v.optional(field(milliseconds("a time", 0.01, 10_000)), "100ms"),
    quantum: v.optional(field(integer("a number of bytes", 256, 1_048_576, 1514), { computed: true })),
    ecn: v.optional(field(flag()), true),
  },
  rules: [],
  words: ({ limit, flows, target, interval, quantum, ecn }, { isNew }) => [
    ...["limit", String(limit), "target", target, "interval", interval],
    ...(isNew ? ["flows", String(flows)] : []),
    ...(quantum === undefined ? [] : ["quantum", String(quantum)]),
    ecn ? "ecn" : "noecn",
  ],
  read: readFqCodel,
  replaces: (seen, wanted) => seen.flows !== wanted.flows,
};

function readFqCodel(shown: Shown, wanted: FqCodelOptions): FqCodelOptions | undefined {
  const seen = v.parse(FQ_CODEL, shown);
  // Marking at a threshold cannot be switched off in place.
  if (seen.ce_threshold !== undefined) return undefined;
  const time = (text: string, microseconds: number) =>
    roundedTo(text, microseconds / 1000, { amountOf: timeIn, textOf: timeText, tolerance: 0.002 }) ?? text;
  return {
    limit: seen.limit,
    flows: seen.flows,
    target: time(wanted.target, seen.target),
    interval: time(wanted.interval, seen.interval),
    quantum: seen.quantum,
    ecn: seen.ecn,
  };
}

const FQ_CODEL = v.object({
  limit: v.number(),
  flows: v.number(),
  /** In microseconds, as the interval. */
  target: v.number(),
  interval: v.number(),
  quantum: v.number(),
  ecn: v.optional(v.boolean(), false),
  ce_threshold: v.optional(v.number()),
});
