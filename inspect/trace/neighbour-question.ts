import { hasAddress, type Interface } from "../interfaces.ts";
import { inParallel } from "../parallel.ts";
import { placeName } from "../place.ts";
import { arpSilence } from "./arp-silence.ts";
import type { DetailedInterface } from "./link-details.ts";
import { ownAddress } from "./nat.ts";
import type { Departure, TraceContext } from "./packet.ts";
import { passedBy, segmentOf } from "./segment.ts";
import { leadsTo } from "./surroundings.ts";
import type { Advice } from "./types.ts";
import { unfloodedPort } from "./unflooded-port.ts";

/** Returns whether a place knows the MAC address of a neighbour because that one has asked for the place's own before. */
export const isKnownByQuestion = ({ met, interfaces }: TraceContext, out: Interface, neighbour: string): boolean =>
  met.some(
    ({ asked, from, to }) =>
      asked && to === out.place && interfaces.some((one) => one.place === from && hasAddress(one, neighbour)),
  );

/**
 * Returns why a place that has an address does not answer the question for its MAC address; undefined if it does, by one of its interfaces that
 * receive the question.
 */
export async function unanswered(
  context: TraceContext,
  { out, nextHop, packet }: Departure,
  to: Interface,
  receivers: readonly Interface[],
): Promise<Advice | undefined> {
  const { interfaces, family } = context;
  const all = interfaces.filter(({ place }) => place === to.place);
  // A proxy answers in any case.
  if (family === "inet6" || !all.some((one) => hasAddress(one, nextHop))) return undefined;
  const isOwn = interfaces.some((one) => one.place === out.place && hasAddress(one, packet.source));
  const sender = (isOwn ? packet.source : ownAddress(out, family, nextHop)) ?? "";
  const asked = all.filter((one) => receivers.includes(one));
  const faults = await inParallel(asked, (one) => arpSilence(context, one, { wanted: nextHop, sender }));
  return faults.includes(undefined) ? undefined : faults[asked.indexOf(to)];
}

/** Returns why the reply to a question for a MAC address does not return to the interface that asks; undefined if it does. */
export async function lostReply(
  context: TraceContext,
  out: DetailedInterface,
  to: DetailedInterface,
): Promise<Advice | undefined> {
  const segment = segmentOf(context.interfaces, to);
  const kind = context.family === "inet" ? "ARP reply" : "neighbour advertisement";
  const lost = ({ reason, ...help }: Advice): Advice => ({
    ...help,
    reason: `the ${kind} of ${placeName(to.place)} is lost: ${reason}`,
  });
  if (segment.members.includes(out)) {
    const fault = await unfloodedPort(context, passedBy(segment, to, out), out, true);
    return fault && lost(fault);
  }
  const port = segment.filtered.find((one) => leadsTo(context, one, out));
  return (
    port &&
    lost({
      reason: `the port ${port.name} of the bridge ${port.master}, which leads to ${placeName(out.place)}, does not have its VLAN`,
      hint: `add the VLAN to port.vlans of ${port.name}`,
    })
  );
}
