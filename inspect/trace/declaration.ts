import type { Claim } from "../../provider/claims.ts";
import { type Place, placeParts } from "../place.ts";
import type { TraceContext } from "./packet.ts";

/** Returns the resource of the stack that declares an object at a place, such as `Neighbor gw`; undefined if none does. */
export function resourceAt(
  { declared }: Pick<TraceContext, "declared">,
  place: Place,
  claimsIn: (at: { readonly namespace?: string }) => readonly Claim[],
): string | undefined {
  const { host, namespace } = placeParts(place);
  const claims = claimsIn(namespace === undefined ? {} : { namespace });
  return claims.map(({ name }) => declared.resource(host, name)).find((one) => one !== undefined);
}

/** Returns the help for an object that a resource declares: the next `pulumi up --refresh` would undo a correction of the object alone. */
export const corrects = (declaration: string): string =>
  `correct ${declaration}, or run \`pulumi up --refresh\` if its object was changed by hand`;
