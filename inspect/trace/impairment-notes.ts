import { ifbOf } from "../../provider/kinds/ingress.ts";
import { impairmentOf } from "../impairments.ts";
import { type Interface, peerOf } from "../interfaces.ts";

/**
 * Returns what happens to a packet between two places: at the interface by which it leaves, at the port of a bridge that leads to the next
 * place, and at the ifb of the interface by which it arrives.
 */
export function impairmentNotes(
  all: readonly Interface[],
  out: Interface,
  next: Interface | undefined,
  destination: string,
): string[] {
  const port = next && peerOf(all, next);
  const ifb =
    next && all.find(({ place, name }) => place === next.place && name === ifbOf({ ...next, namespace: place }).name);
  return [out, ...(port === out ? [] : [port]), ifb].flatMap((end) => {
    const text = end?.impairment && impairmentOf(end.impairment, destination);
    return text === undefined ? [] : [`at ${end?.name} ${text}`];
  });
}
