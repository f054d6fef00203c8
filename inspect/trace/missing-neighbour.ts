import { familyName } from "../../provider/cidr.ts";
import { parentOf } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { closedPort, closedPortAdvice } from "./closed-port.ts";
import { ipv6Off } from "./ipv6-off.ts";
import { isLayer3 } from "./link-details.ts";
import { macvlanBetween, siblingsApart } from "./macvlan-parent.ts";
import { missingVlan } from "./missing-vlan.ts";
import { looseEnd, otherSegment } from "./other-segment.ts";
import type { Death, TraceContext } from "./packet.ts";
import { proxyFault } from "./proxy.ts";
import { containing, leadsTo } from "./surroundings.ts";
import type { Advice } from "./types.ts";

/** Returns why no interface of a segment has the address of a next hop. */
export async function missingNeighbour(look: TraceContext, death: Death): Promise<Advice> {
  const { place, out, nextHop = "", segment, fault } = death;
  if (fault !== undefined)
    return { ...fault, reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${fault.reason}` };
  const others = (segment?.members ?? []).flatMap(({ place: there, addresses }) =>
    addresses
      .filter(({ family, global }) => family === look.family && global)
      .map(({ address }) => `${placeName(there)} ${address}`),
  );
  const owner = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === nextHop));
  const barred = out && owner && macvlanBetween(look.interfaces, out, owner);
  if (barred !== undefined) {
    const { child, parent: base } = barred;
    const [kind, mode] = child.kind === "ipvlan" ? ["an Ipvlan", 'the flag "bridge"'] : ["a Macvlan", 'mode "bridge"'];
    return {
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: it is an address of ${placeName(owner?.place)}, and the kernel passes no packets between the ${child.kind} ${child.name} and its parent ${base.name} in ${placeName(base.place)}`,
      hint: `add ${kind} of ${base.name} to ${placeName(base.place)} as well, with an address of its own: links of ${mode} on one parent reach each other`,
    };
  }
  const apart = out && owner && siblingsApart(look.interfaces, out, owner);
  if (apart !== undefined)
    return { ...apart, reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${apart.reason}` };
  const parent = owner && isLayer3(owner) ? parentOf(look.interfaces, owner) : undefined;
  if (owner !== undefined && parent !== undefined && segment?.members.includes(parent)) {
    return {
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: it is an address of ${owner.name} in ${placeName(owner.place)}, an ipvlan of mode ${String(owner.data["mode"])}, which answers no questions for its MAC address`,
      hint: `add a route to ${nextHop} through an address of its parent ${parent.name} in ${placeName(parent.place)}, or give the Ipvlan the mode "l2"`,
    };
  }
  const closed = segment && closedPort(look.interfaces, out, owner, segment);
  if (closed !== undefined) {
    const { reason, ...help } = closedPortAdvice(closed, look.family);
    return { ...help, reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${reason}` };
  }
  const barrier = segment?.isolated.find((port) => leadsTo(look, port, owner));
  if (barrier !== undefined) {
    return {
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: the frame comes from an isolated port of the bridge ${barrier.master}, and the port ${barrier.name} that leads to ${nextHop} is isolated too`,
      hint: "remove isolated from the port of one of the two",
    };
  }
  const untaken = out && owner && segment?.filtered.length ? missingVlan(look, out, owner) : undefined;
  if (untaken !== undefined)
    return {
      ...untaken,
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${untaken.reason}`,
    };
  const foreign = segment?.filtered.find((port) => leadsTo(look, port, owner));
  if (foreign !== undefined) {
    return {
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: the port ${foreign.name} of the bridge ${foreign.master}, which leads to ${nextHop}, does not have the VLAN of the frame`,
      hint: `add the VLAN to port.vlans of ${foreign.name}`,
    };
  }
  const passive = owner === undefined ? undefined : segment?.inactive[0];
  if (passive !== undefined) {
    return {
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${passive.master} in ${placeName(passive.place)} drops the frame, because ${passive.name} is not its active member`,
      hint: "set `primary` of both bonds to members that are on one cable",
    };
  }
  const proxy = await proxyFault(look, death);
  if (proxy !== undefined)
    return { ...proxy, reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${proxy.reason}` };
  const off = owner === undefined ? await ipv6Off(look, segment?.members ?? []) : undefined;
  if (off !== undefined)
    return {
      ...off,
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: no namespace of the lab has it, and ${off.reason}`,
    };
  const there =
    others.length === 0
      ? `no interface on that segment has an ${familyName(look.family)} address`
      : `the addresses on that segment are ${others.join(", ")}`;
  const apartBy = owner && otherSegment(look, owner);
  const elsewhere =
    owner === undefined
      ? `no namespace of the lab has ${nextHop}`
      : `${placeName(owner.place)} has it on ${owner.name}, ${apartBy?.reason}`;
  const loose = looseEnd(look, out);
  const own = loose === undefined ? "" : `, ${loose.reason}`;
  const reason = `${nextHop} does not exist on the segment of ${out?.name} in ${placeName(place)}${own}: ${there}, and ${elsewhere}`;
  const wide = owner === undefined ? undefined : out?.addresses.find(containing(nextHop));
  const exact = owner?.addresses.find(({ address }) => address === nextHop);
  if (wide === undefined || exact === undefined || wide.length >= exact.length) return { ...apartBy, ...loose, reason };
  return {
    reason: `${reason}. ${placeName(place)} expects it there because of the prefix length of ${wide.address}/${wide.length}`,
    hint: `${placeName(owner?.place)} has ${exact.address}/${exact.length}: give ${wide.address} the prefix length of its segment`,
  };
}
