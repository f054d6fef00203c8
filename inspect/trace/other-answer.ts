import { hasAddress } from "../interfaces.ts";
import { type Place, placeName } from "../place.ts";
import { probeName } from "./advice.ts";
import { deletesUndeclared, removesAddress } from "./duplicate-address.ts";
import type { TraceContext } from "./packet.ts";
import type { Trace, TraceOutcome } from "./types.ts";

/** Describes an answer of another place than the one that should have the destination. */
export function answeredByOther(
  look: TraceContext,
  { probe, destination }: Pick<Trace, "probe" | "destination">,
  place: Place,
  target: Place,
): TraceOutcome {
  const at = (wanted: Place) => look.interfaces.find((one) => one.place === wanted && hasAddress(one, destination));
  const [there, own] = [at(place), at(target)];
  const also =
    own === undefined
      ? `no interface of ${placeName(target)} has it`
      : `${own.name} in ${placeName(target)} has it too`;
  return {
    ...{ kind: "died", way: "there", place, cause: "misdelivered" },
    reason: `the ${probeName(probe)} is answered by ${placeName(place)}, and not by ${placeName(target)}: ${there?.name} in ${placeName(place)} has ${destination}, and ${also}`,
    hint:
      own === undefined && there !== undefined
        ? removesAddress(look, destination, there)
        : (deletesUndeclared(
            look,
            destination,
            [there, own].flatMap((one) => one ?? []),
          ) ??
          `give one of them another address; if both are intended, ${placeName(target)} cannot be reached by this one from here`),
  };
}
