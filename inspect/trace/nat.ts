import { addressesBetween } from "../../provider/address-ranges.ts";
import { contains, type Family } from "../../provider/cidr.ts";
import type { Interface } from "../interfaces.ts";
import { inParallel } from "../parallel.ts";
import { type Place, placeName } from "../place.ts";
import type { Drop, Endpoint, Packet, TraceContext } from "./packet.ts";
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
  /** The bridge that passes the packet from one port to another. */
  readonly bridge?: string;
}

/**
 * Returns a packet as the translation of a hook leaves it, or the rule or policy that drops it there. Only the first packet of a
 * connection is translated by rules.
 *
 * @param notes Receives the translation, and what may drop the packet.
 */
export async function translate(
  context: TraceContext,
  hook: "prerouting" | "output" | "postrouting",
  passage: Passage,
  packet: Packet,
  notes: string[],
): Promise<Packet | Drop> {
  const { place, facts, bridge } = passage;
  if (facts.answer) return packet;
  const { translation, droppedBy, mayBeDroppedBy } = evaluateRules(await context.rulesOf(place), hook, "nat", facts);
  const dropped = (detail: string): Drop => ({
    ...{ cause: "firewall", place, detail },
    ...(bridge !== undefined && { bridge }),
  });
  if (droppedBy !== undefined) return dropped(droppedBy);
  if (mayBeDroppedBy !== undefined) notes.push(`may be dropped by ${mayBeDroppedBy}`);
  if (translation === undefined) return packet;
  const { kind, to, port, rule, by } = translation;
  const side = hook === "postrouting" ? "source" : "destination";
  const address = packet[side] ?? "";
  const target = to ?? (kind === "dnat" ? address : chosenBy(context, kind, passage, address));
  if (target === undefined) return dropped(`${rule}, which finds no address`);
  const withPort = side === "destination" && packet.port !== undefined;
  const before: Endpoint = { address, ...(withPort && { port: packet.port }) };
  const [chosenAddress, addresses] = firstOf(target);
  const [chosenPort, ports] = firstOf(port ?? packet.port);
  const after: Endpoint = { address: chosenAddress, ...(withPort && { port: chosenPort }) };
  context.translated.push({ place, side, before, after, bridge });
  const chosen = [addresses, ...(withPort ? [ports] : [])].flatMap((range) => range ?? []);
  const which =
    chosen.length === 0
      ? shown(after)
      : `one of ${chosen.join(" port ")}${FOLLOWED}${shown(after)}${await elsewhere(context, place, to, side)}`;
  const at = bridge === undefined ? "" : ` on the bridge ${bridge} of ${placeName(place)}`;
  const result = which === shown(before) ? "stays" : `becomes ${which}`;
  notes.push(`${kind}${at}: ${side} ${shown(before)} ${result} (${by})`);
  return side === "source"
    ? { ...packet, source: after.address }
    : { ...packet, destination: after.address, port: after.port };
}

/** Returns the address that a rule takes of the place itself; undefined if there is none, for which the kernel drops the packet. */
function chosenBy(
  { interfaces, family }: TraceContext,
  kind: Translation["kind"],
  { place, cameIn, out }: Passage,
  other: string,
): string | undefined {
  if (kind === "redirect" && cameIn === undefined) return family === "inet" ? "127.0.0.1" : "::1";
  if (kind === "redirect") return ownAddress(cameIn, family, other);
  // Where the outgoing interface has no address, masquerade takes that of another one, as for packets of the place itself.
  const others = interfaces.filter((one) => one.place === place).toSorted((one, next) => one.index - next.index);
  return [out, ...others].map((one) => ownAddress(one, family, other)).find((address) => address !== undefined);
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
 * before the route is chosen, and that of a destination after it. An answer belongs to one connection each time that it passes a place: of
 * several translations there, the last one that fits.
 */
export function undo(
  { translated }: TraceContext,
  side: "source" | "destination",
  place: Place,
  packet: Packet,
  notes: string[],
): Packet {
  const { source, destination, port } = packet;
  const done = translated.findLast(
    ({ after, ...at }) =>
      at.place === place &&
      at.side === side &&
      (side === "source" ? destination === after.address : source === after.address && port === after.port),
  );
  if (done === undefined) return packet;
  const { before, after } = done;
  if (shown(after) !== shown(before)) notes.push(`translated back: ${shown(after)} becomes ${shown(before)}`);
  return side === "source"
    ? { ...packet, destination: before.address }
    : { ...packet, source: before.address, port: before.port };
}

/** Returns the source address that a place chooses of an interface: one in the network of the other address if there is one. */
export function ownAddress(out: Interface | undefined, family: Family, other: string): string | undefined {
  const own = (out?.addresses ?? []).filter((address) => address.family === family && address.global);
  return (own.find(({ address, length }) => contains(`${address}/${length}`, other)) ?? own[0])?.address;
}

const shown = ({ address, port }: Endpoint): string => `${address}${port === undefined ? "" : ` port ${port}`}`;
