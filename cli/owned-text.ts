import type { HostThing, Thing } from "../inspect/owned/types.ts";
import { placeAt, placeName } from "../inspect/place.ts";
import { columns } from "./output.ts";

/** Lists objects in the kernel, one per line. */
export const thingsText = (things: readonly HostThing[]): string => columns(things.map(row));

/** Returns an object for JSON output. */
export const plainThing = ({ what, namespace, name }: Thing): Thing => ({ what, namespace, name });

/** Returns an object with its lab host for JSON output. */
export const plainHostThing = ({ host, ...thing }: HostThing): HostThing => ({ host, ...plainThing(thing) });

function row({ what, host, namespace, name }: HostThing): string[] {
  const place = placeAt({ host, namespace: what === "namespace" ? undefined : namespace });
  const where =
    place === undefined ? [] : [`${namespace === undefined || what === "namespace" ? "on" : "in"} ${placeName(place)}`];
  return [what, name, [...where, ...(what === "namespace" ? ["with everything in it"] : [])].join(", ")];
}
