import { type Place, placeName } from "../place.ts";
import { probeName } from "./advice.ts";
import { command } from "./as-typed.ts";
import type { TraceContext } from "./packet.ts";
import type { Trace, TraceOutcome } from "./types.ts";

/** Describes an answer of another place than the one that should have the destination. */
export function answeredByOther(
  { interfaces }: TraceContext,
  { probe, destination }: Pick<Trace, "probe" | "destination">,
  place: Place,
  target: Place,
): TraceOutcome {
  const at = (one: Place) =>
    interfaces
      .filter((end) => end.place === one)
      .flatMap(({ name, addresses }) => addresses.map(({ address, length }) => ({ name, address, length })))
      .find(({ address }) => address === destination);
  const [there, own] = [at(place), at(target)];
  const also =
    own === undefined
      ? `no interface of ${placeName(target)} has it`
      : `${own.name} in ${placeName(target)} has it too`;
  return {
    ...{ kind: "died", way: "there", place, cause: "misdelivered" },
    reason: `the ${probeName(probe)} is answered by ${placeName(place)}, and not by ${placeName(target)}: ${there?.name} in ${placeName(place)} has ${destination}, and ${also}`,
    hint:
      own === undefined
        ? `remove it there: ${command(place, `ip address delete ${destination}/${there?.length} dev ${there?.name}`)}`
        : `give one of them another address; if both are intended, ${placeName(target)} cannot be reached by this one from here`,
  };
}
