import { cidr, contains, familyOf } from "../../provider/cidr.ts";
import { forwardingKey } from "../../provider/sysctl-key.ts";
import type { Interface } from "../interfaces.ts";
import { type Place, placeName } from "../lab-host.ts";
import { lookUpRoute } from "./route-lookup.ts";
import { segmentOf } from "./segment.ts";
import type { Trace, TraceOutcome, Way } from "./types.ts";
import type { End, Look, Walk } from "./walk.ts";

type Death = Extract<End, { kind: "died" }>;
type Told = Pick<Trace, "from" | "there">;
type Advice = { readonly reason: string; readonly hint?: string };

/** Puts the end of a way into plain words, with what to do about it. */
export async function adviceFor(look: Look, told: Told, { end, packet }: Walk, way: Way): Promise<TraceOutcome> {
  if (end.kind === "arrived") return { kind: "answered" };
  const { place } = end;
  if (end.kind === "left") return { kind: "left", way, place, ...leaving(look, end, packet.source) };
  const { reason, hint } = await ADVICE[end.cause](look, end, packet.destination, told, way);
  const sentence = way === "there" ? reason : `the ping arrives, and its answer dies: ${reason}`;
  return { kind: "died", way, place, cause: end.cause, reason: sentence, ...(hint !== undefined && { hint }) };
}

const ADVICE: Record<
  Death["cause"],
  (look: Look, death: Death, destination: string, told: Told, way: Way) => Advice | Promise<Advice>
> = {
  "no-route": async (look, { place, detail }, destination, told, way) => {
    const down = look.interfaces.find((one) => one.place === place && !one.up && inNetworkOf(one, destination));
    if (down !== undefined) {
      return {
        reason: `${placeName(place)} has no route to ${destination}: its interface ${down.name} is down, and its routes with it`,
        hint: `up: true for ${down.name}`,
      };
    }
    const network = networkOf(look, destination);
    const via = await gatewayTo(look, place, destination);
    const route = resource("Route", { namespace: place, destination: network ?? "default", via: via ?? "GATEWAY" });
    const router = way === "back" ? told.there.at(-2) : undefined;
    const masquerade =
      router === undefined || network === undefined
        ? ""
        : `, or ${placeName(router.place)} puts in its own address:\n  ${resource("NatRule", { namespace: router.place, type: "masquerade", source: network })}`;
    return {
      reason: `${placeName(place)} has no route to ${destination}${detail === undefined ? "" : ` (${detail})`}`,
      hint: `a route there${masquerade === "" ? "" : ` in ${placeName(place)}`}:\n  ${route}${masquerade}`,
    };
  },

  refused: (_look, { place, detail }, destination) => ({
    reason: `a route of ${placeName(place)} refuses ${destination}: ${REFUSALS[detail ?? ""] ?? detail}`,
    hint: `see ${at(place, "ip route show match")} ${destination}`,
  }),

  "link-down": (_look, { place, out, nextHop, segment }) => {
    const broken = segment?.broken.find((one) => !one.up) ?? segment?.broken[0] ?? out;
    const where = broken === undefined ? "" : `${broken.name} in ${placeName(broken.place)}`;
    return {
      reason: `nothing gets from ${out?.name} in ${placeName(place)} to ${nextHop}: ${where} ${broken?.up === true ? "has no carrier" : "is down"}`,
      hint: `up: true for ${broken?.name}`,
    };
  },

  "no-neighbour": (look, { place, out, nextHop = "", segment }) => {
    const others = (segment?.members ?? []).flatMap(({ place: there, addresses }) =>
      addresses.filter(({ global }) => global).map(({ address }) => `${placeName(there)} ${address}`),
    );
    const owner = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === nextHop));
    const there = others.length === 0 ? "nobody there has an address" : `there are only ${others.join(", ")}`;
    const elsewhere =
      owner === undefined
        ? `no place of the lab has ${nextHop}`
        : `${placeName(owner.place)} has it on ${owner.name}, which is not connected`;
    return {
      reason: `nobody answers for ${nextHop} behind ${out?.name} in ${placeName(place)}: ${there}, and ${elsewhere}`,
    };
  },

  "forwarding-off": (look, { place }) => ({
    reason: `${placeName(place)} does not forward: the packet is not for it, and it throws it away`,
    hint: resource("Sysctl", {
      namespace: place,
      key: forwardingKey(look.family),
      value: "1",
    }),
  }),

  "reverse-path": (_look, { place, detail }) => ({
    reason: `${placeName(place)} refuses the packet's source, to which it has another way or none (${detail})`,
    hint: `see ${at(place, "sysctl net.ipv4.conf.all.rp_filter")}, and the route back to the source`,
  }),

  firewall: (_look, { place, detail }) => ({
    reason: `the firewall of ${placeName(place)} drops it: ${detail}`,
    hint: `see ${at(place, "nft list ruleset")}`,
  }),

  misdelivered: (_look, { place }, destination) => ({
    reason: `${placeName(place)} takes it for itself, since ${destination} is its address, too`,
    hint: `give ${destination} to one place only`,
  }),

  loop: (_look, { place }, destination) => ({
    reason: `it goes round in circles, last through ${placeName(place)}`,
    hint: `see which routes lead to ${destination} in the places above`,
  }),
};

function leaving(
  look: Look,
  { place, out, nextHop }: Extract<End, { kind: "left" }>,
  source: string | undefined,
): Advice {
  const reason = `it leaves ${placeName(place)} by ${out} to ${nextHop}, where nothing can be seen from here`;
  const inside = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === source));
  if (source === undefined || inside?.place === place) return { reason };
  return {
    reason,
    hint: `an answer finds back only if they know a way to ${source} there, or ${placeName(place)} puts in its own address:\n  ${resource("NatRule", { namespace: place, type: "masquerade", source: networkOf(look, source) ?? source })}`,
  };
}

/** A neighbour that has a way on to the destination: not back, and not by another whom the place reaches itself. */
async function gatewayTo(look: Look, place: Place, destination: string): Promise<string | undefined> {
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

/** The network that an address of the lab is in; undefined when nobody has the address, or has it alone. */
function networkOf({ interfaces }: Look, wanted: string): string | undefined {
  const found = interfaces.flatMap(({ addresses }) => addresses).find(({ address }) => address === wanted);
  const network = found && cidr(`${found.address}/${found.length}`);
  return network === undefined || network.network === network.address
    ? undefined
    : `${network.network}/${network.length}`;
}

const inNetworkOf = ({ addresses }: Interface, other: string): boolean =>
  addresses.some(({ address, length }) => contains(`${address}/${length}`, other));

/** A resource as a line of a program. */
function resource(type: string, args: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(args).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: "${value}"`]));
  return `new ${type}("…", { ${given.join(", ")} })`;
}

/** A command as it is typed for a place. */
const at = (place: Place, command: string): string =>
  place === undefined ? command : `ip netns exec ${place} ${command}`;

const REFUSALS: Readonly<Record<string, string>> = {
  "Invalid argument": "it is a blackhole",
  "Permission denied": "it is of type prohibit",
  "No route to host": "it is of type unreachable",
};
