import { sysctl } from "../../provider/kinds/sysctl.ts";
import type { Place } from "../place.ts";
import { command } from "./as-typed.ts";
import { corrects, resourceAt } from "./declaration.ts";
import type { TraceContext } from "./packet.ts";

/** Returns the help that sets sysctls of a place to a value, or, of one that the program declares, the resource to correct. */
export const setsSysctls = (
  look: Pick<TraceContext, "declared">,
  place: Place,
  keys: readonly string[],
  value: number,
): string =>
  correctsSysctl(look, place, keys) ??
  `set it to ${value}: ${command(place, `sysctl -w ${keys.map((key) => `${key}=${value}`).join(" ")}`)}`;

/** Returns the help for the Sysctl that declares one of several keys of a place; undefined if none does. */
export function correctsSysctl(
  look: Pick<TraceContext, "declared">,
  place: Place,
  keys: readonly string[],
): string | undefined {
  const declaration = resourceAt(look, place, (at) =>
    keys.flatMap((key) => sysctl.claims({ ...at, key, value: "" }, "")),
  );
  return declaration && corrects(declaration);
}
