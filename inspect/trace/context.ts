import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";
import type { TraceContext } from "./packet.ts";
import { type Ruleset, readRules } from "./rules.ts";
import type { NextHopChoice } from "./types.ts";

/** What is known of a lab before a path is followed. */
type Known = Pick<TraceContext, "host" | "interfaces" | "rulesOf" | "declared" | "family" | "protocol" | "targets">;

/** Returns a function that begins a path by given next hops of multipath routes. */
export const contextFor =
  (known: Known) =>
  (choices: readonly NextHopChoice[]): TraceContext => ({
    ...{ ...known, choices },
    ...{ translated: [], connectionMarks: new Map(), met: [], routed: [], seenBy: new Set() },
  });

/** Returns a function that reads the rules of each place once. */
export function rulesReader(host: LabHost): TraceContext["rulesOf"] {
  const known = new Map<Place, Promise<Ruleset>>();
  return (place) => {
    const answer = known.get(place) ?? readRules(host, place);
    known.set(place, answer);
    return answer;
  };
}
