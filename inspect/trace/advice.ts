import { familyName } from "../../provider/cidr.ts";
import { type Place, placeName } from "../place.ts";
import { command, resource, setsUp } from "./as-typed.ts";
import { natOnBridge, withoutIpRules } from "./bridge-filter.ts";
import { linkDown } from "./broken-link.ts";
import { forwardingOff } from "./forwarding-off.ts";
import { ttlExceeded } from "./hop-limit.ts";
import { ipv6Off } from "./ipv6-off.ts";
import { loopAdvice } from "./loop.ts";
import { lostRoute, withLostRoute } from "./lost-route.ts";
import { missingNeighbour } from "./missing-neighbour.ts";
import { FOLLOWED } from "./nat.ts";
import type { Death, Path, PathEnd, TraceContext } from "./packet.ts";
import { misled } from "./redirect.ts";
import { refusedByRoute, refusedByRule } from "./refusal.ts";
import { gatewayTo, inNetworkOf, networkOf, routerOutside } from "./surroundings.ts";
import { tooLarge } from "./too-large.ts";
import { tunnelFault } from "./tunnel-fault.ts";
import type { Advice, Direction, FailureCause, Hop, Probe, Trace, TraceOutcome } from "./types.ts";
import { strayed, wrongEntry } from "./wrong-neighbour.ts";

type PathSoFar = Omit<Trace, "back" | "outcome" | "others">;

/** Describes the end of a path, with help. */
export async function adviceFor(
  context: TraceContext,
  known: PathSoFar,
  { end, packet }: Path,
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
      ...withLostRoute(lost, leaving(context, end, packet.source), at),
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
  "no-route": async (look, { place, detail }, destination, told, way) => {
    const here = look.interfaces.filter((one) => one.place === place);
    const down = here.find((one) => !one.up && inNetworkOf(one, destination));
    if (down !== undefined) {
      return {
        reason: `${placeName(place)} has no route to ${destination}: its interface ${down.name} is down, so its routes are gone`,
        hint: setsUp(down.name),
      };
    }
    const closed = here.filter((one) => !one.up && !one.loopback);
    if (closed.length > 0) {
      const names = closed.map(({ name }) => name).join(", ");
      return {
        reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}; its routes over ${names} are gone, because ${closed.length === 1 ? "that interface is" : "those interfaces are"} down`,
        hint: `set up: true for ${names}, or add a route if the packet does not go there`,
      };
    }
    const off = await ipv6Off(look, here);
    if (off !== undefined)
      return {
        ...off,
        reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}; ${off.reason}`,
      };
    const outside = routerOutside(look, place);
    if (outside !== undefined) {
      return {
        reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}; ${outside.router} is on its segment, but not in the network of ${outside.own}`,
        hint: `give ${outside.own} the prefix length of that segment`,
      };
    }
    const network = networkOf(look, destination);
    const via = await gatewayTo(look, place, destination);
    const route = resource("Route", { namespace: place, destination: network ?? "default", via: via ?? "GATEWAY" });
    const router = way === "back" ? routerBefore(told.there, place) : undefined;
    const masquerade =
      router === undefined || network === undefined
        ? ""
        : `, or source NAT on ${placeName(router.place)}:\n  ${resource("NatRule", { namespace: router.place, type: "masquerade", source: network })}`;
    return {
      reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}`,
      hint: `add a route${masquerade === "" ? "" : ` in ${placeName(place)}`}:\n  ${route}${masquerade}`,
    };
  },

  refused: refusedByRoute,

  "routing-rule": refusedByRule,

  "no-source": ({ family }, { place }, destination) => ({
    reason: `${placeName(place)} has no source address for packets to ${destination}: none of its interfaces has an ${familyName(family)} address`,
    hint: "give the interface by which they leave an address",
  }),

  "link-down": linkDown,

  "no-neighbour": missingNeighbour,

  "not-flooded": (_look, { place, out, nextHop, fault }) => ({
    ...fault,
    reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${fault?.reason}`,
  }),

  "no-arp": (_look, { place, out, nextHop, at }) => ({
    reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ARP is off for ${at?.name} in ${placeName(at?.place)} (flag NOARP), which neither asks for MAC addresses nor answers such questions`,
    hint: `set it on: ${command(at?.place, `ip link set dev ${at?.name} arp on`)}`,
  }),

  "private-ipvlan": (_look, { place, out, nextHop, at }) => ({
    reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${out?.name} and ${at?.name} in ${placeName(at?.place)} are ipvlans of one parent, with the flag private`,
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

  firewall: ({ family }, { place, detail, state, bridge }) => ({
    reason: `the firewall of ${placeName(place)} drops the packet: ${detail}${state === undefined ? "" : `; ${state}`}`,
    hint:
      state !== undefined
        ? `let both ways pass ${placeName(place)}, or accept such packets by their addresses: ${command(place, "nft list ruleset")}`
        : bridge === undefined
          ? `check ${command(place, "nft list ruleset")}`
          : withoutIpRules(family, place, `accept before what has the inInterface and the outInterface ${bridge}`),
  }),

  "wrong-neighbour": wrongEntry,

  mtu: tooLarge,

  "echo-ignored": (_look, { place, detail }) => ({
    reason: `${placeName(place)} receives the ping and does not answer: ${detail} is 1`,
    hint: `set it to 0: ${command(place, `sysctl -w ${detail}=0`)}`,
  }),

  "no-listener": (look, { place, detail }, destination) => ({
    reason: `the packet arrives, but no program in ${placeName(place)} listens on ${look.protocol} port ${detail} of ${destination}`,
    hint: `its sockets: ${command(place, `ss --listening --numeric --${look.protocol}`)}`,
  }),

  "wrong-answer": (look, _death, _destination, { from, source = "", destination }) => {
    const nat = look.translated.find(({ side, before }) => side === "destination" && before.address === destination);
    const server = nat?.after.address ?? "";
    const rule = { namespace: nat?.place, type: "masquerade", source: networkOf(look, source) ?? source };
    return {
      reason: `it comes from ${server}, and ${placeName(from)} expects it from ${destination}: it does not pass ${placeName(nat?.place)}, which translates that address`,
      hint: `translate the source as well, so that the answer takes the same way (hairpin NAT):\n  ${resource("NatRule", { ...rule, destination: server })}`,
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

  misdelivered: (_look, { place }, destination) => ({
    reason: `${destination} is also assigned to ${placeName(place)} (duplicate address), which receives the packet`,
    hint: `assign ${destination} to one namespace only`,
  }),

  loop: loopAdvice,
};

function leaving(
  look: TraceContext,
  { place, out, nextHop }: Extract<PathEnd, { kind: "left" }>,
  source: string | undefined,
): Advice {
  const reason = `the packet leaves the lab through ${out} of ${placeName(place)} to ${nextHop}`;
  const inside = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === source));
  if (source === undefined || inside?.place === place) return { reason };
  return {
    reason,
    hint: `an answer arrives only if the network there has a route to ${source}, or with source NAT on ${placeName(place)}:\n  ${resource("NatRule", { namespace: place, type: "masquerade", source: networkOf(look, source) ?? source })}`,
  };
}

/** Returns the router that sends a packet to a place; undefined if the packet does not pass the place, or comes from its origin. */
const routerBefore = (there: readonly Hop[], place: Place): Hop | undefined => {
  const index = there.findIndex((hop) => hop.place === place);
  return index > 1 ? there[index - 1] : undefined;
};

const inBrackets = (detail: string | undefined): string => (detail === undefined ? "" : ` (${detail})`);

export const probeName = ({ protocol }: Probe): string => (protocol === "icmp" ? "ping" : "packet");
