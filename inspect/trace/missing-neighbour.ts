import { familyName } from "../../provider/cidr.ts";
import { parentOf } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { closedPort, closedPortAdvice } from "./closed-port.ts";
import { ipv6Off } from "./ipv6-off.ts";
import { type DetailedInterface, isLayer3 } from "./link-details.ts";
import { parentApart, siblingsApart } from "./macvlan-parent.ts";
import { type Holder, holderOf, lostAddress } from "./meant-holder.ts";
import { missingVlan } from "./missing-vlan.ts";
import { looseEnd, otherSegment } from "./other-segment.ts";
import type { Death, TraceContext } from "./packet.ts";
import { proxyFault } from "./proxy.ts";
import type { Segment } from "./segment.ts";
import { containing, leadsTo } from "./surroundings.ts";
import type { Advice } from "./types.ts";
import { unreachable } from "./unreachable.ts";

/** Returns why no interface of a segment has the address of a next hop. */
export async function missingNeighbour(look: TraceContext, death: Death): Promise<Advice> {
  const { out, nextHop = "", segment, fault } = death;
  const { owner, lost } = holderOf(look, out, nextHop);
  const cause =
    fault ??
    (out && segment && owner && keptApart(look, { out, nextHop, segment, owner })) ??
    (await proxyFault(look, death)) ??
    (owner === undefined && lost === undefined ? await withoutIpv6(look, segment) : undefined);
  return cause === undefined ? outsideSegment(look, death, { owner, lost }) : unreachable(death, cause);
}

/** An interface, its segment, and the interface that has the address of the next hop. */
interface Sides {
  readonly out: DetailedInterface;
  readonly nextHop: string;
  readonly segment: Segment;
  readonly owner: DetailedInterface;
}

/** Returns what keeps the frames of one interface from the other one; undefined if nothing on the segment does. */
function keptApart(look: TraceContext, sides: Sides): Advice | undefined {
  const { out, segment, owner } = sides;
  return (
    parentApart(look.interfaces, out, owner) ??
    siblingsApart(look.interfaces, out, owner) ??
    layer3Child(look, sides) ??
    shutPort(look, sides) ??
    isolatedPort(look, sides) ??
    (segment.filtered.length === 0 ? undefined : missingVlan(look, out, owner)) ??
    foreignPort(look, sides) ??
    passiveMember(segment)
  );
}

function layer3Child({ interfaces }: TraceContext, { nextHop, segment, owner }: Sides): Advice | undefined {
  const parent = isLayer3(owner) ? parentOf(interfaces, owner) : undefined;
  if (parent === undefined || !segment.members.includes(parent)) return undefined;
  return {
    reason: `it is an address of ${owner.name} in ${placeName(owner.place)}, an ipvlan of mode ${String(owner.data["mode"])}, which answers no questions for its MAC address`,
    hint: `add a route to ${nextHop} through an address of its parent ${parent.name} in ${placeName(parent.place)}, or give the Ipvlan the mode "l2"`,
  };
}

function shutPort({ interfaces, family }: TraceContext, { out, segment, owner }: Sides): Advice | undefined {
  const closed = closedPort(interfaces, out, owner, segment);
  return closed && closedPortAdvice(closed, family);
}

function isolatedPort(look: TraceContext, { nextHop, segment, owner }: Sides): Advice | undefined {
  const port = segment.isolated.find((one) => leadsTo(look, one, owner));
  return (
    port && {
      reason: `the frame comes from an isolated port of the bridge ${port.master}, and the port ${port.name} that leads to ${nextHop} is isolated too`,
      hint: "remove isolated from the port of one of the two",
    }
  );
}

function foreignPort(look: TraceContext, { nextHop, segment, owner }: Sides): Advice | undefined {
  const port = segment.filtered.find((one) => leadsTo(look, one, owner));
  return (
    port && {
      reason: `the port ${port.name} of the bridge ${port.master}, which leads to ${nextHop}, does not have the VLAN of the frame`,
      hint: `add the VLAN to port.vlans of ${port.name}`,
    }
  );
}

function passiveMember({ inactive: [member] }: Segment): Advice | undefined {
  return (
    member && {
      reason: `${member.master} in ${placeName(member.place)} drops the frame, because ${member.name} is not its active member`,
      hint: "set `primary` of both bonds to members that are on one cable",
    }
  );
}

async function withoutIpv6(look: TraceContext, segment: Segment | undefined): Promise<Advice | undefined> {
  const off = await ipv6Off(look, segment?.members ?? []);
  return off && { ...off, reason: `no namespace of the lab has it, and ${off.reason}` };
}

/** Explains an address that is on another segment, or on none. */
function outsideSegment(look: TraceContext, death: Death, { owner, lost }: Holder): Advice {
  const { place, out, nextHop = "", segment } = death;
  const all = (segment?.members ?? []).flatMap(({ place: there, addresses }) =>
    addresses
      .filter(({ family, global }) => family === look.family && global)
      .map(({ address }) => `${placeName(there)} ${address}`),
  );
  // An interface may have an address several times, with different prefix lengths.
  const others = [...new Set(all)];
  const there =
    others.length === 0
      ? `no interface on that segment has an ${familyName(look.family)} address`
      : `the addresses on that segment are ${others.join(", ")}`;
  const apart = lost === undefined ? owner && otherSegment(look, owner, out) : lostAddress(look, lost);
  const elsewhere =
    owner === undefined
      ? (apart?.reason ?? `no namespace of the lab has ${nextHop}`)
      : `${placeName(owner.place)} has it on ${owner.name}, ${apart?.reason}`;
  const loose = looseEnd(look, out);
  const own = loose === undefined ? "" : `, ${loose.reason}`;
  const reason = `${nextHop} does not exist on the segment of ${out?.name} in ${placeName(place)}${own}: ${there}, and ${elsewhere}`;
  const wide = owner === undefined ? undefined : out?.addresses.find(containing(nextHop));
  const exact = owner?.addresses.find(({ address }) => address === nextHop);
  if (wide === undefined || exact === undefined || wide.length >= exact.length) return { ...apart, ...loose, reason };
  return {
    reason: `${reason}. ${placeName(place)} expects it there because of the prefix length of ${wide.address}/${wide.length}`,
    hint: `${placeName(owner?.place)} has ${exact.address}/${exact.length}: give ${wide.address} the prefix length of its segment`,
  };
}
