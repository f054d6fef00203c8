import { addressesBetween } from "../../provider/address-ranges.ts";
import { contains, type Family } from "../../provider/cidr.ts";
import type { Interface } from "../interfaces.ts";
import { inParallel } from "../parallel.ts";
import type { Place } from "../place.ts";
import type { Endpoint, Packet, TraceContext } from "./packet.ts";
import { lookUpRoute } from "./route-lookup.ts";
import type { PacketFacts } from "./rule-match.ts";
import { evaluateRules, type Translation } from "./rules.ts";

/** The words of a note between the range from which the kernel chooses an address or port and the one that the trace follows. */
export const FOLLOWED = ", of which the trace follows ";

/** Where a packet is, and what nftables sees of it there. */
export interface Passage {
  readonly place: Place;
  readonly facts: PacketFacts;
  readonly cameIn?: Interface | undefined;
  readonly out?: Interface | undefined;
}

/**
 * Returns a packet as the translation of a hook leaves it. Only the first packet of a connection is translated by rules.
 *
 * @param notes Receives the translation.
 */
export async function translate(
  context: TraceContext,
  hook: "prerouting" | "output" | "postrouting",
  { place, facts, cameIn, out }: Passage,
  packet: Packet,
  notes: string[],
): Promise<Packet> {
  if (facts.answer) return packet;
  const { translation } = evaluateRules(await context.rulesOf(place), hook, "nat", facts);
  if (translation === undefined) return packet;
  const { kind, to, port } = translation;
  const side = hook === "postrouting" ? "source" : "destination";
  const address = packet[side] ?? "";
  const own = kind === "dnat" ? address : ownAddress(out ?? cameIn, context.family, address);
  const withPort = side === "destination" && packet.port !== undefined;
  const before: Endpoint = { address, ...(withPort && { port: packet.port }) };
  const [chosenAddress, addresses] = firstOf(to ?? own);
  const [chosenPort, ports] = firstOf(port ?? packet.port);
  const after: Endpoint = { address: chosenAddress, ...(withPort && { port: chosenPort }) };
  context.translated.push({ place, side, before, after });
  const chosen = [addresses, ...(withPort ? [ports] : [])].flatMap((range) => range ?? []);
  const which =
    chosen.length === 0
      ? shown(after)
      : `one of ${chosen.join(" port ")}${FOLLOWED}${shown(after)}${await elsewhere(context, place, to, side)}`;
  notes.push(`${kind}: ${side} ${shown(before)} becomes ${which}`);
  return side === "source"
    ? { ...packet, source: after.address }
    : { ...packet, destination: after.address, port: after.port };
}

/** Returns a value; for a range, its first value and the range as text. */
const firstOf = <T>(value: T | readonly [first: T, last: T]): readonly [T, string | undefined] =>
  Array.isArray(value) ? [value[0] as T, value.join("-")] : [value as T, undefined];

/** Returns the words that tell that packets to other addresses of a range take another route; empty if they take the same one. */
async function elsewhere(
  { host }: TraceContext,
  place: Place,
  to: Translation["to"],
  side: "source" | "destination",
): Promise<string> {
  if (to === undefined || typeof to === "string" || side === "source") return "";
  const routes = await inParallel(addressesBetween(...to, MOST_ADDRESSES), (address) =>
    lookUpRoute(host, place, address),
  );
  const ways = new Set(routes.map((route) => ("refusal" in route ? "none" : `${route.dev} ${route.gateway}`)));
  return ways.size > 1 ? "; others take another route" : "";
}

/** The largest number of addresses of a range whose routes are looked up. */
const MOST_ADDRESSES = 32;

/**
 * Returns an answer as a place leaves it that has translated an address of the packet before. The translation of a source is undone
 * before the route is chosen, and that of a destination after it.
 */
export function undo(
  { translated }: TraceContext,
  side: "source" | "destination",
  place: Place,
  packet: Packet,
  notes: string[],
): Packet {
  let { source, destination, port } = packet;
  for (const { before, after, ...at } of translated.toReversed()) {
    if (at.place !== place || at.side !== side) continue;
    if (side === "source" && destination === after.address) destination = before.address;
    else if (side === "destination" && source === after.address && port === after.port)
      ({ address: source, port } = before);
    else continue;
    notes.push(`translated back: ${shown(after)} becomes ${shown(before)}`);
  }
  return { ...packet, source, destination, port };
}

/** Returns the source address that a place chooses itself: one in the network of the other address if there is one. */
export function ownAddress(out: Interface | undefined, family: Family, other: string): string {
  const own = (out?.addresses ?? []).filter((address) => address.family === family && address.global);
  return (own.find(({ address, length }) => contains(`${address}/${length}`, other)) ?? own[0])?.address ?? "";
}

const shown = ({ address, port }: Endpoint): string => `${address}${port === undefined ? "" : ` port ${port}`}`;
