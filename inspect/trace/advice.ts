import { cidr, contains, familyOf } from "../../provider/cidr.ts";
import { forwardingKey } from "../../provider/sysctl-key.ts";
import type { Interface } from "../interfaces.ts";
import { type Place, placeName } from "../lab-host.ts";
import type { Path, PathEnd, TraceContext } from "./path.ts";
import { lookUpRoute } from "./route-lookup.ts";
import { segmentOf } from "./segment.ts";
import type { Direction, Trace, TraceOutcome } from "./types.ts";

type Failure = Extract<PathEnd, { kind: "died" }>;
type PathSoFar = Pick<Trace, "from" | "there">;
type Advice = { readonly reason: string; readonly hint?: string };

/** Describes the end of a path, with help. */
export async function adviceFor(
  context: TraceContext,
  known: PathSoFar,
  { end, packet }: Path,
  direction: Direction,
): Promise<TraceOutcome> {
  if (end.kind === "arrived") return { kind: "answered" };
  const { place } = end;
  if (end.kind === "left") return { kind: "left", way: direction, place, ...leaving(context, end, packet.source) };
  const { reason, hint } = await ADVICE_BY_CAUSE[end.cause](context, end, packet.destination, known, direction);
  const sentence = direction === "there" ? reason : `the ping arrives, but its answer is dropped: ${reason}`;
  return {
    kind: "died",
    way: direction,
    place,
    cause: end.cause,
    reason: sentence,
    ...(hint !== undefined && { hint }),
  };
}

const ADVICE_BY_CAUSE: Record<
  Failure["cause"],
  (look: TraceContext, death: Failure, destination: string, told: PathSoFar, way: Direction) => Advice | Promise<Advice>
> = {
  "no-route": async (look, { place, detail }, destination, told, way) => {
    const down = look.interfaces.find((one) => one.place === place && !one.up && inNetworkOf(one, destination));
    if (down !== undefined) {
      return {
        reason: `${placeName(place)} has no route to ${destination}: its interface ${down.name} is down, so its routes are gone`,
        hint: `set up: true for ${down.name}`,
      };
    }
    const network = networkOf(look, destination);
    const via = await gatewayTo(look, place, destination);
    const route = resource("Route", { namespace: place, destination: network ?? "default", via: via ?? "GATEWAY" });
    const router = way === "back" ? told.there.at(-2) : undefined;
    const masquerade =
      router === undefined || network === undefined
        ? ""
        : `, or source NAT on ${placeName(router.place)}:\n  ${resource("NatRule", { namespace: router.place, type: "masquerade", source: network })}`;
    return {
      reason: `${placeName(place)} has no route to ${destination}${detail === undefined ? "" : ` (${detail})`}`,
      hint: `add a route${masquerade === "" ? "" : ` in ${placeName(place)}`}:\n  ${route}${masquerade}`,
    };
  },

  refused: (_look, { place, detail }, destination) => ({
    reason: `a route of ${placeName(place)} rejects packets to ${destination}: ${REFUSALS[detail ?? ""] ?? detail}`,
    hint: `check ${at(place, "ip route show match")} ${destination}`,
  }),

  "link-down": (_look, { place, out, nextHop, segment }) => {
    const broken = segment?.broken.find((one) => !one.up) ?? segment?.broken[0] ?? out;
    const where = broken === undefined ? "" : `${broken.name} in ${placeName(broken.place)}`;
    return {
      reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${where} ${broken?.up === true ? "has no carrier" : "is down"}`,
      hint: `set up: true for ${broken?.name}`,
    };
  },

  "no-neighbour": (look, { place, out, nextHop = "", segment }) => {
    const others = (segment?.members ?? []).flatMap(({ place: there, addresses }) =>
      addresses.filter(({ global }) => global).map(({ address }) => `${placeName(there)} ${address}`),
    );
    const owner = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === nextHop));
    const barrier = segment?.isolated.find((port) => leadsTo(look, port, owner));
    if (barrier !== undefined) {
      return {
        reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: the frame comes from an isolated port of the bridge ${barrier.master}, and the port ${barrier.name} that leads to ${nextHop} is isolated too`,
        hint: "remove isolated from the port of one of the two",
      };
    }
    const there =
      others.length === 0
        ? "no interface on that segment has an address"
        : `the addresses on that segment are ${others.join(", ")}`;
    const elsewhere =
      owner === undefined
        ? `no namespace of the lab has ${nextHop}`
        : `${placeName(owner.place)} has it on ${owner.name}, which is not connected`;
    return {
      reason: `${nextHop} does not exist on the segment of ${out?.name} in ${placeName(place)}: ${there}, and ${elsewhere}`,
    };
  },

  "forwarding-off": (look, { place }) => ({
    reason: `${placeName(place)} drops the packet: it is not its destination, and forwarding is off`,
    hint: `enable forwarding:\n  ${resource("Sysctl", {
      namespace: place,
      key: forwardingKey(look.family),
      value: "1",
    })}`,
  }),

  "reverse-path": (_look, { place, detail }) => ({
    reason: `the reverse-path filter of ${placeName(place)} drops the packet: its route to the source uses another interface, or is missing (${detail})`,
    hint: `check ${at(place, "sysctl net.ipv4.conf.all.rp_filter")}, and the route to the source`,
  }),

  firewall: (_look, { place, detail }) => ({
    reason: `the firewall of ${placeName(place)} drops the packet: ${detail}`,
    hint: `check ${at(place, "nft list ruleset")}`,
  }),

  misdelivered: (_look, { place }, destination) => ({
    reason: `${destination} is also assigned to ${placeName(place)} (duplicate address), which receives the packet`,
    hint: `assign ${destination} to one namespace only`,
  }),

  loop: (_look, { place }, destination) => ({
    reason: `routing loop through ${placeName(place)}`,
    hint: `check the routes to ${destination} in the namespaces above`,
  }),
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

/** Returns a neighbour with an onward route to the destination: not back to this place or to a place it reaches directly. */
async function gatewayTo(look: TraceContext, place: Place, destination: string): Promise<string | undefined> {
  const owned = look.interfaces.filter((one) => one.place === place && one.up && !one.loopback);
  for (const own of owned) {
    for (const member of segmentOf(look.interfaces, own).members) {
      const gateway = member.addresses.find(({ address, global }) => global && inNetworkOf(own, address));
      if (gateway === undefined || familyOf(gateway.address) !== look.family) continue;
      const next = await lookUpRoute(look.host, member.place, destination);
      if ("refusal" in next) continue;
      if (!owned.some((one) => inNetworkOf(one, next.gateway ?? destination))) return gateway.address;
    }
  }
  return undefined;
}

/** Returns the network of an address of the lab; undefined if no interface has the address, or its prefix has full length. */
function networkOf({ interfaces }: TraceContext, wanted: string): string | undefined {
  const found = interfaces.flatMap(({ addresses }) => addresses).find(({ address }) => address === wanted);
  const network = found && cidr(`${found.address}/${found.length}`);
  return network === undefined || network.network === network.address
    ? undefined
    : `${network.network}/${network.length}`;
}

/** Returns whether a frame that leaves through a port reaches the place of an interface. */
const leadsTo = ({ interfaces }: TraceContext, port: Interface, to: Interface | undefined): boolean =>
  to !== undefined && segmentOf(interfaces, port).members.some(({ place }) => place === to.place);

const inNetworkOf = ({ addresses }: Interface, other: string): boolean =>
  addresses.some(({ address, length }) => contains(`${address}/${length}`, other));

/** Returns a resource as a line of a program. */
function resource(type: string, args: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(args).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: "${value}"`]));
  return `new ${type}("…", { ${given.join(", ")} })`;
}

/** Returns a command as a user would type it for a place. */
const at = (place: Place, command: string): string =>
  place === undefined ? command : `ip netns exec ${place} ${command}`;

const REFUSALS: Readonly<Record<string, string>> = {
  "Invalid argument": "its type is blackhole",
  "Permission denied": "its type is prohibit",
  "No route to host": "its type is unreachable",
};
