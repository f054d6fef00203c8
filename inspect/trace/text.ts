import { withHelp } from "../../provider/message.ts";
import { placeName } from "../place.ts";
import { hopText, resultOf } from "./multipath.ts";
import type { Hop, Probe, Trace, TraceOutcome } from "./types.ts";

/**
 * Returns a trace as text: a line for each hop, and its outcome.
 *
 *     blue → 192.168.1.3
 *       1  blue          out by veth-blue to 192.168.15.5
 *       2  the lab host  in by v-net-0, out by lan0
 *       3  lan           in by eth0
 *     and back
 *       1  lan
 *     the ping arrives, but its answer is dropped: lan has no route to 192.168.15.2 (Network is unreachable)
 *       help: …
 */
export function showTrace(trace: Trace): string {
  const { probe, from, source, destination, there, back, outcome, others } = trace;
  const all = [...there, ...back, ...others.flatMap((way) => [...way.there, ...way.back])];
  const width = Math.max(...all.map(({ place }) => placeName(place).length));
  const line = (hop: Hop, index: number): string =>
    `  ${index + 1}  ${placeName(hop.place).padEnd(width)}  ${steps(hop)}`.trimEnd();
  return [
    `${placeName(from)}${source === undefined ? "" : ` ${source}`} → ${destination}${sent(probe)}`,
    ...there.map(line),
    ...answer(back),
    ...ending(probe, outcome),
    ...others.flatMap((way) => [
      `${way.by.way === "there" ? "other flows" : "other answers"} go out by ${hopText(way.by)}`,
      ...way.there.map(line),
      ...answer(way.back),
      ...(way.outcome.kind === "answered"
        ? [`routes, rules and neighbours let them pass`]
        : ending(probe, way.outcome)),
    ]),
    ...summary(trace),
  ].join("\n");

  function answer(hops: readonly Hop[]): string[] {
    return hops.length === 0 ? [] : ["and back", ...hops.map(line)];
  }
}

const steps = ({ in: cameIn, out, via, rule, notes }: Hop): string =>
  [
    ...(cameIn === undefined ? [] : [`in by ${cameIn}`]),
    ...(out === undefined ? [] : [`out by ${out}${via === undefined ? "" : ` to ${via}`}${byRule(rule)}`]),
    ...notes,
  ].join(", ");

const byRule = (rule: Hop["rule"]): string =>
  rule === undefined ? "" : ` (table ${rule.table}, rule ${rule.priority}: ${rule.text})`;

/** Returns what is sent, if it is not a ping of the usual size. */
function sent(probe: Probe): string {
  if (probe.protocol !== "icmp") return ` ${probe.protocol} ${probe.port}`;
  return `${probe.size === undefined ? "" : `, ${probe.size} bytes`}${probe.df === true ? ", not to be fragmented" : ""}`;
}

function ending({ protocol }: Probe, outcome: TraceOutcome): string[] {
  if (outcome.kind === "answered") return [ANSWERED[protocol]];
  return [withHelp(outcome.reason, outcome.hint)];
}

/** Returns the last line for a packet that is answered on its path, while those of other flows are not. */
function summary(trace: Trace): string[] {
  if (trace.outcome.kind !== "answered" || resultOf(trace) === "answered") return [];
  const ends = ([kind, verb]: readonly [TraceOutcome["kind"], string]): string[] => {
    const by = trace.others.filter(({ outcome }) => outcome.kind === kind).map((other) => hopText(other.by));
    return by.length === 0 ? [] : [`flows by ${by.join(" and by ")} ${verb}`];
  };
  const others = (
    [
      ["died", "are lost"],
      ["left", "leave the lab"],
    ] as const
  ).flatMap(ends);
  return [`${ANSWERED[trace.probe.protocol]} on this path, but ${others.join(", and ")}`];
}

const ANSWERED = {
  icmp: "the ping is answered",
  tcp: "a connection is accepted",
  udp: "the packet arrives at a program, and its answer passes",
};
