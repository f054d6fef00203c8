import { hasAddress, type Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { brokenLink } from "./broken-link.ts";
import { closedPort } from "./closed-port.ts";
import { undeclaredText } from "./duplicate-address.ts";
import type { DetailedInterface } from "./link-details.ts";
import { macvlanBetween } from "./macvlan-parent.ts";
import type { NeighbourEntry } from "./neighbour-entry.ts";
import type { PathEnd, Stray, TraceContext } from "./packet.ts";
import { type Proxy, proxyFor } from "./proxy.ts";
import type { Segment } from "./segment.ts";
import { leadsTo } from "./surroundings.ts";
import { tunnelFault } from "./tunnel-fault.ts";

/** The interface that takes a frame from its segment, or the end of the frame's path. */
export type Receiver =
  | {
      readonly to: Interface;
      /** Whether the sender asks for the MAC address first, because its neighbour table does not have it. */
      readonly asks: boolean;
      readonly stray?: Stray | undefined;
    }
  /** An interface of the lab that may be reached by a way that is not visible. */
  | { readonly beyond: Interface }
  | { readonly end: PathEnd };

/** A next hop, its entry in the neighbour table of the sender, and the segment on which it is. */
interface Question {
  readonly nextHop: string;
  readonly entry: NeighbourEntry | undefined;
  /** Whether the sender does not ask for the MAC address, because it has an entry, or will have one by then. */
  readonly isKnown: boolean;
  readonly segment: Segment;
}

/**
 * Returns the interface that takes a frame for a neighbour: the one with the MAC address in the neighbour table of the sender, or the one that
 * answers the question for it.
 *
 * @param notes Receives which other interfaces have the address, and which other one the neighbour table sends the frame to.
 */
export async function receiverOf(
  context: TraceContext,
  out: DetailedInterface,
  { nextHop, entry, isKnown, segment }: Question,
  notes: string[],
): Promise<Receiver> {
  const { interfaces } = context;
  const { place } = out;
  const dead = { kind: "died", place, out, nextHop } as const;
  const owners = interfaces.filter((one) => hasAddress(one, nextHop));
  // A host answers for all of its addresses on each of its interfaces.
  const holders = segment.members.filter((member) => owners.some((owner) => owner.place === member.place));
  if (entry === undefined && isSilent(out)) return { end: { ...dead, cause: "no-arp", at: out } };
  const isMeant = ({ mac }: Interface): boolean => mac !== undefined && mac === entry?.mac;
  // With a duplicate address, the one whose answer the kernel keeps.
  const to = holders.find(isMeant) ?? segment.members.find(isMeant) ?? holders[0];
  if (to === undefined) {
    const proxy = await proxyFor(context, out, nextHop, segment.members);
    if (proxy !== undefined && proxy.fault === undefined) return answeredBy(proxy, !isKnown);
    const isKept = owners.some(
      (owner) =>
        closedPort(interfaces, out, owner, segment) !== undefined ||
        [...segment.isolated, ...segment.filtered].some((port) => leadsTo(context, port, owner)),
    );
    if (isKept) return { end: { ...dead, cause: "no-neighbour", segment } };
    const [broken] = owners.flatMap((owner) => brokenLink(interfaces, out, owner, segment) ?? []);
    if (broken !== undefined) return { end: { ...dead, cause: "link-down", segment, at: broken } };
    const tunnel = owners.length === 0 ? undefined : vxlanWithoutEnd(interfaces, segment);
    if (tunnel !== undefined) return { end: { ...dead, cause: "no-tunnel", at: tunnel } };
    const isBarred = owners.some((one) => macvlanBetween(interfaces, out, one) !== undefined);
    if (isBarred || segment.exits.length === 0) return { end: { ...dead, cause: "no-neighbour", segment } };
    const elsewhere = owners.find((owner) => owner.place !== place);
    return elsewhere === undefined ? { end: { kind: "left", place, out: out.name, nextHop } } : { beyond: elsewhere };
  }
  if (entry !== undefined && to.mac !== undefined && !isMeant(to))
    return { end: { ...dead, cause: "wrong-neighbour", entry, at: to } };
  if (entry === undefined && isSilent(to)) return { end: { ...dead, cause: "no-arp", at: to } };
  if (!holders.includes(to)) {
    const proxy = await proxyFor(context, out, nextHop, [to]);
    if (proxy !== undefined) return answeredBy(proxy, false);
    const owner = holders[0] ?? owners[0];
    const whose = owner === undefined ? "" : `, though ${nextHop} is at ${owner.name} in ${placeName(owner.place)}`;
    notes.push(`to the MAC address of ${to.name} in ${placeName(to.place)}, by the neighbour table${whose}`);
    return { to, asks: false, stray: { out, nextHop, to, owner, entry } };
  }
  const others = segment.members.filter((one) => one.place !== to.place && hasAddress(one, nextHop));
  const undeclared = undeclaredText(context, nextHop, [to, ...others]);
  for (const { place: at, name } of others) {
    notes.push(
      `${nextHop} is also the address of ${name} in ${placeName(at)}, and either may receive the packet${undeclared}`,
    );
  }
  const [owner] = others;
  return { to, asks: !isKnown, ...(owner && { stray: { out, nextHop, to, owner } }) };

  function answeredBy({ link, setting }: Proxy, asks: boolean): Receiver {
    notes.push(`${placeName(link.place)} answers for ${nextHop}: ${setting}`);
    return { to: link, asks };
  }
}

/** Returns whether ARP is off for an interface of a kind that has it on by default. */
const isSilent = ({ arp, kind = "", mac }: Interface): boolean => !arp && mac !== undefined && !WITHOUT_ARP.has(kind);

const WITHOUT_ARP: ReadonlySet<string> = new Set(["dummy", "ipvlan", "vrf"]);

/** Returns the VXLAN through which a frame would go to its receiver if it had its other end there. */
const vxlanWithoutEnd = (all: readonly DetailedInterface[], { exits }: Segment): DetailedInterface | undefined =>
  exits.find((exit) => exit.kind === "vxlan" && tunnelFault(all, exit) !== undefined);
