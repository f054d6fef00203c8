import { type Place, placeName } from "../place.ts";
import type { TraceContext } from "./packet.ts";
import { ctState, type PacketFacts } from "./rule-match.ts";
import { evaluateRules, type Hook, type Ruleset } from "./rules.ts";
import type { Direction } from "./types.ts";

/** Returns whether the conntrack of a place has not seen the packet that this one answers, because that one took another way. */
export const isUnseen = ({ seenBy }: TraceContext, place: Place, way: Direction): boolean =>
  way === "back" && !seenBy.has(place);

/** Returns why a place drops an answer that it would accept if it had seen the packet before; undefined for other reasons. */
export function droppedByState(rules: Ruleset, hook: Hook, place: Place, facts: PacketFacts): string | undefined {
  if (!facts.unseen) return undefined;
  const { droppedBy, mayBeDroppedBy } = evaluateRules(rules, hook, "filter", { ...facts, unseen: false });
  if (droppedBy !== undefined || mayBeDroppedBy !== undefined) return undefined;
  return `its ct state is ${ctState(facts)}, because ${placeName(place)} has not seen the packet that it answers, which took another way`;
}
