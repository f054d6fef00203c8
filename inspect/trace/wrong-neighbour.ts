import { neighbor } from "../../provider/kinds/neighbor.ts";
import type { Interface } from "../interfaces.ts";
import { type Place, placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { corrects, resourceAt } from "./declaration.ts";
import { keepsOne } from "./duplicate-address.ts";
import { missingNeighbour } from "./missing-neighbour.ts";
import type { NeighbourEntry } from "./neighbour-entry.ts";
import type { Death, Stray, TraceContext } from "./packet.ts";
import { segmentOf } from "./segment.ts";
import type { Advice, FailureCause } from "./types.ts";

/** Describes an entry with a MAC address that no interface on the segment has. */
export function wrongEntry(look: TraceContext, { out, nextHop = "", entry, at }: Death): Advice {
  const { interfaces } = look;
  const holder = interfaces.find(({ mac }) => mac === entry?.mac);
  const whose =
    holder === undefined
      ? `no interface of the lab has ${entry?.mac}`
      : `${holder.name} in ${placeName(holder.place)}, on another segment, has ${entry?.mac}`;
  return {
    reason: `${sends(out, nextHop, entry)}, by its neighbour table, but ${at?.name} in ${placeName(at?.place)} has ${at?.mac}; ${whose}`,
    hint: removal(look, out, nextHop, entry),
  };
}

/** The cause of a loss with its explanation, and its place if it is another one than that where the packet is lost. */
type Explanation = Advice & { readonly cause: FailureCause; readonly place?: Place };

/**
 * Explains the end of a packet at an interface that should not have received it: the neighbour table gave its MAC address, or its address is a
 * duplicate.
 */
export async function strayed(
  context: TraceContext,
  { out, nextHop, to, owner, entry }: Stray,
  { reason }: Advice,
): Promise<Explanation> {
  const at = owner && `${owner.name} in ${placeName(owner.place)}`;
  const receiver = `${to.name} in ${placeName(to.place)}`;
  if (entry === undefined)
    return {
      cause: "misdelivered",
      reason: `${reason}; ${nextHop} is the address of ${receiver} and also of ${at} (duplicate address)`,
      hint: `${keepsOne(context, nextHop, owner === undefined ? [to] : [to, owner])}, then ${command(out.place, `ip neighbour flush to ${nextHop} dev ${out.name}`)}`,
    };
  const towards = `${sends(out, nextHop, entry)} of ${receiver}, by its neighbour table`;
  if (at !== undefined)
    return {
      cause: "wrong-neighbour",
      reason: `${towards}, but ${at} has ${nextHop}: ${reason}`,
      hint: removal(context, out, nextHop, entry),
    };
  // Without the entry, the packet would not arrive either.
  const { place } = out;
  const segment = segmentOf(context.interfaces, out);
  const missing = { kind: "died", cause: "no-neighbour", place, out, nextHop, segment } as const;
  const advice = await missingNeighbour(context, missing);
  return { ...advice, cause: missing.cause, place, reason: `${advice.reason}; ${towards}` };
}

const sends = (out: Interface | undefined, nextHop: string, entry: NeighbourEntry | undefined): string =>
  `${placeName(out?.place)} sends packets for ${nextHop} to the MAC address ${entry?.mac}`;

/** Returns the help that removes an entry, or, of one that the program declares, the resource to correct. */
function removal(
  look: TraceContext,
  out: Interface | undefined,
  nextHop: string,
  entry: NeighbourEntry | undefined,
): string {
  const args = { interface: out?.name ?? "", address: nextHop, router: false, proxy: false };
  const declaration = resourceAt(look, out?.place, (at) => neighbor.claims({ ...args, ...at }, ""));
  if (declaration !== undefined) return corrects(declaration);
  const words = command(out?.place, `ip neighbour delete ${nextHop} dev ${out?.name}`);
  return `remove the entry: ${words}${entry?.permanent === true ? "" : "\n  or wait a minute: the kernel asks for the address again by itself"}`;
}
