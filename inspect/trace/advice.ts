import { familyName } from "../../provider/cidr.ts";
import { hasAddress } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { natOnBridge, withoutIpRules } from "./bridge-filter.ts";
import { linkDown } from "./broken-link.ts";
import { keepsOne, ownSource } from "./duplicate-address.ts";
import { forwardingOff } from "./forwarding-off.ts";
import { ttlExceeded } from "./hop-limit.ts";
import { loopAdvice } from "./loop.ts";
import { lostRoute, withLostRoute } from "./lost-route.ts";
import { missingNeighbour } from "./missing-neighbour.ts";
import { FOLLOWED } from "./nat.ts";
import { noRoute } from "./no-route.ts";
import type { Death, Packet, Path, PathEnd, TraceContext } from "./packet.ts";
import { misled } from "./redirect.ts";
import { refusedByRoute, refusedByRule } from "./refusal.ts";
import { sourceNat } from "./source-nat.ts";
import { networkOf } from "./surroundings.ts";
import { setsSysctls } from "./sysctl-help.ts";
import { tooLarge } from "./too-large.ts";
import { tunnelFault } from "./tunnel-fault.ts";
import type { Advice, Direction, FailureCause, Hop, PathSoFar, Probe, TraceOutcome } from "./types.ts";
import { unreachable } from "./unreachable.ts";
import { strayed, wrongEntry } from "./wrong-neighbour.ts";

/** Describes the end of a path, with help. */
export async function adviceFor(
  context: TraceContext,
  known: PathSoFar,
  { end, packet, hops }: Path,
  direction: Direction,
): Promise<TraceOutcome> {
  if (end.kind === "arrived") return { kind: "answered" };
  const { place: at } = end;
  const lost = await lostRoute(context);
  if (end.kind === "left") {
    return {
      kind: "left",
      way: direction,
      place: at,
      ...withLostRoute(lost, await leaving(context, end, packet, hops.at(-1)), at),
    };
  }
  const advice = await ADVICE_BY_CAUSE[end.cause](context, end, packet.destination, known, direction);
  const translated = natOnBridge(context, end, direction, advice) ?? advice;
  const told =
    end.redirect === undefined ? translated : await misled(context, end.redirect, packet.destination, translated);
  const { cause, place, ...ending } = {
    ...{ cause: end.cause, place: at },
    ...(end.stray === undefined ? told : await strayed(context, end.stray, told)),
  };
  const { reason, hint } = withLostRoute(lost, ending, place, cause);
  const isLost = direction === "there" || end.cause === "unexplained";
  const sentence = isLost ? reason : `the ${probeName(known.probe)} arrives, but its answer is dropped: ${reason}`;
  return {
    kind: "died",
    way: direction,
    place,
    cause,
    reason: sentence,
    ...(hint !== undefined && { hint }),
  };
}

const ADVICE_BY_CAUSE: Record<
  FailureCause,
  (look: TraceContext, death: Death, destination: string, told: PathSoFar, way: Direction) => Advice | Promise<Advice>
> = {
  "no-route": noRoute,

  refused: refusedByRoute,

  "routing-rule": refusedByRule,

  "no-source": ({ family }, { place }, destination) => ({
    reason: `${placeName(place)} has no source address for packets to ${destination}: none of its interfaces has an ${familyName(family)} address`,
    hint: "give the interface by which they leave an address",
  }),

  "link-down": linkDown,

  "no-neighbour": missingNeighbour,

  "not-flooded": (_look, death) => unreachable(death, death.fault ?? { reason: "no port passes the frame" }),

  "no-arp": (_look, death) =>
    unreachable(death, {
      reason: `ARP is off for ${death.at?.name} in ${placeName(death.at?.place)} (flag NOARP), which neither asks for MAC addresses nor answers such questions`,
      hint: `set it on: ${command(death.at?.place, `ip link set dev ${death.at?.name} arp on`)}`,
    }),

  "private-ipvlan": (_look, death) =>
    unreachable(death, {
      reason: `${death.out?.name} and ${death.at?.name} in ${placeName(death.at?.place)} are ipvlans of one parent, with the flag private`,
      hint: 'give both the flag "bridge"',
    }),

  "no-tunnel": (look, { at, fault }) =>
    fault ?? (at && tunnelFault(look.interfaces, at)) ?? { reason: `${at?.name} has no other end` },

  "forwarding-off": async (look, { place, at }) => {
    const { reason, ...help } = await forwardingOff(look, place, at);
    return { ...help, reason: `${placeName(place)} drops the packet: it is not its destination, and ${reason}` };
  },

  ttl: ttlExceeded,

  "reverse-path": (_look, { place, detail }) => ({
    reason: `the reverse-path filter of ${placeName(place)} drops the packet: its route to the source uses another interface, or is missing (${detail})`,
    hint: `check ${command(place, "sysctl net.ipv4.conf.all.rp_filter")}, and the route to the source`,
  }),

  "own-source": ownSource,

  firewall: (look, { place, detail, state, bridge }) => ({
    reason: `the firewall of ${placeName(place)} drops the packet: ${detail}${state === undefined ? "" : `; ${state}`}`,
    hint:
      state !== undefined
        ? `let both ways pass ${placeName(place)}, or accept such packets by their addresses: ${command(place, "nft list ruleset")}`
        : bridge === undefined
          ? `check ${command(place, "nft list ruleset")}`
          : withoutIpRules(look, place, `accept before what has the inInterface and the outInterface ${bridge}`),
  }),

  "wrong-neighbour": wrongEntry,

  mtu: tooLarge,

  "echo-ignored": (look, { place, detail = "" }) => ({
    reason: `${placeName(place)} receives the ping and does not answer: ${detail} is 1`,
    hint: setsSysctls(look, place, [detail], 0),
  }),

  "no-listener": (look, { place, detail }, destination) => ({
    reason: `the packet arrives, but no program in ${placeName(place)} listens on ${look.protocol} port ${detail} of ${destination}`,
    hint: `its sockets: ${command(place, `ss --listening --numeric --${look.protocol}`)}`,
  }),

  "wrong-answer": async (look, _death, _destination, { from, source = "", destination, there }) => {
    const nat = look.translated.find(({ side, before }) => side === "destination" && before.address === destination);
    const server = nat?.after.address ?? "";
    const hop = there.find(({ place }) => place === nat?.place) ?? { place: nat?.place };
    const matches = { source: networkOf(look, source) ?? source, destination: server };
    const rule = await sourceNat(look, hop, { source, destination: server }, matches);
    return {
      reason: `it comes from ${server}, and ${placeName(from)} expects it from ${destination}: it does not pass ${placeName(nat?.place)}, which translates that address`,
      hint: `translate the source as well, so that the answer takes the same way (hairpin NAT)${rule}`,
    };
  },

  unexplained: (_look, _death, _destination, { there, destination: target }) => {
    const notes = there.flatMap((hop) => hop.notes);
    const doubts = [
      ...notes.filter((note) => note.startsWith("may be dropped")),
      ...(notes.some((note) => note.includes(FOLLOWED)) ? ["may have been translated to another address"] : []),
    ];
    return {
      reason: `routes, rules and neighbours let the ping to ${target} and its answer pass, but a ping that was sent now got no answer${doubts.length === 0 ? "" : `; it ${doubts.join(", and ")}`}`,
      hint: "trace does not see rules of iptables-legacy, chains at the hook ingress, tc filters, XDP programs and IPsec: `pulumi-netns capture LINK icmp` shows how far the packets get",
    };
  },

  misdelivered: (look, { place }, destination) => ({
    reason: `${destination} is also assigned to ${placeName(place)} (duplicate address), which receives the packet`,
    hint: keepsOne(
      look,
      destination,
      look.interfaces.filter((one) => hasAddress(one, destination)),
    ),
  }),

  loop: loopAdvice,
};

async function leaving(
  look: TraceContext,
  { place, out, nextHop }: Extract<PathEnd, { kind: "left" }>,
  { source, destination }: Packet,
  hop: Pick<Hop, "in" | "out"> | undefined,
): Promise<Advice> {
  const reason = `the packet leaves the lab through ${out} of ${placeName(place)} to ${nextHop}`;
  const inside = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === source));
  if (source === undefined || inside?.place === place) return { reason };
  const rule = await sourceNat(
    look,
    { ...hop, place },
    { source, destination },
    { source: networkOf(look, source) ?? source },
  );
  return {
    reason,
    hint: `an answer arrives only if the network there has a route to ${source}, or with source NAT on ${placeName(place)}${rule}`,
  };
}

export const probeName = ({ protocol }: Probe): string => (protocol === "icmp" ? "ping" : "packet");
