import { randomBytes } from "node:crypto";
import { type Attachments, attachmentList, isFollowedChanged } from "./attachments.ts";
import { familyOf } from "./cidr.ts";
import { isUnknown } from "./schema.ts";

/**
 * The generations of an interface: each is a number that changes when the kernel deletes the objects on the interface, so that
 * their resources differ from the state and are recreated.
 */
export interface Generation {
  /** Changes when the object itself is recreated: all objects on it are deleted. */
  readonly object: string;
  /** Changes when the interface loses its IPv6 addresses and routes. */
  readonly ipv6: string;
  /** Changes when the interface loses its routes, of either family. */
  readonly routes: string;
  /** Changes when the interface loses its IPv4 routes. */
  readonly ipv4: string;
  /** Changes when the interface loses its neighbours. */
  readonly neighbors: string;
  /** Changes when the interface leaves its master. */
  readonly membership: string;
}

/** A property of an interface with which the kernel deletes objects on it. */
export type Need = keyof Generation;

/** The generations of all interfaces of an object, by their names within it. */
export type Generations = Readonly<Record<string, Generation>>;

/** The arguments of an interface that decide which objects the kernel deletes. */
export interface InterfaceState {
  readonly up: boolean;
  readonly mtu?: number | undefined;
  readonly mac?: string | undefined;
  readonly master?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
  /** The start of the program that makes the interface: with another one, the interface is another one, too. */
  readonly madeBy?: string | undefined;
}

interface GenerationInputs {
  readonly __generations?: Generations;
  readonly __follows?: Attachments;
}

/** Returns the generations of an object's interfaces after a change. An object without previous generations is new. */
export function nextGenerations<Args>(
  interfaces: (args: Args) => Readonly<Record<string, InterfaceState>>,
  olds: GenerationInputs,
  news: Args & GenerationInputs,
): Generations {
  const before = olds.__generations;
  const was = before && interfaces(olds as Args);
  const isChanged = (...prefixes: string[]) =>
    before !== undefined && isFollowedChanged(tiesWith(prefixes, olds), tiesWith(prefixes, news));
  const cycles = isChanged(CYCLING_MASTER);
  const switched = isChanged(IPV6_SWITCH, CYCLING_MASTER);
  return Object.fromEntries(
    Object.entries(interfaces(news)).map(([name, to]) => {
      const [old, from] = [before?.[name], was?.[name]];
      if (old === undefined || from === undefined || isMadeAnew(from, to)) return [name, newGenerations()];
      const known = { ...NONE, ...old };
      if (isUnknown(to)) return [name, known];
      return [
        name,
        {
          object: known.object,
          ipv6: switched || losesIpv6(from, to) ? newGeneration() : known.ipv6,
          routes: cycles || (!from.up && to.up) ? newGeneration() : known.routes,
          ipv4: losesIpv4Routes(from, to) ? newGeneration() : known.ipv4,
          neighbors: cycles || losesNeighbors(from, to) ? newGeneration() : known.neighbors,
          membership: from.master === to.master ? known.membership : newGeneration(),
        },
      ];
    }),
  );
}

const isMadeAnew = (from: InterfaceState, to: InterfaceState): boolean =>
  !isUnknown(to) && to.madeBy !== undefined && from.madeBy !== to.madeBy;

/** The minimum MTU of IPv6, in bytes: the kernel has no IPv6 on a link with a smaller one. */
export const IPV6_MTU = 1280;

const losesIpv6 = (from: InterfaceState, to: InterfaceState): boolean =>
  (from.up && !to.up) || ((from.mtu ?? IPV6_MTU) >= IPV6_MTU && (to.mtu ?? IPV6_MTU) < IPV6_MTU);

// With the first IPv4 address of a network, the kernel deletes the others, and with an interface's last one its IPv4 routes. This also
// happens when an address is deleted and at once added again, to move it after a new one. IPv6 routes stay without an address.
function losesIpv4Routes(from: InterfaceState, to: InterfaceState): boolean {
  const [before, after] = [ipv4In(from), ipv4In(to)];
  return String(after.slice(0, before.length)) !== String(before);
}

// With the last IPv4 address of an interface, the kernel deletes its neighbours. The deletion of the first one may delete all others.
function losesNeighbors(from: InterfaceState, to: InterfaceState): boolean {
  const [first] = ipv4In(from);
  return (from.up && !to.up) || from.mac !== to.mac || (first !== undefined && first !== ipv4In(to)[0]);
}

const ipv4In = ({ addresses = [] }: InterfaceState): readonly string[] =>
  isUnknown(addresses) ? [] : addresses.filter((address) => familyOf(address) === "inet");

/**
 * Returns the generations that an object on an interface depends on, beside those that are given: that of IPv6 with an IPv6 address, and
 * that of IPv4 routes for a route of IPv4. An IPv4 route may have a gateway of IPv6, and a default route has the family of its gateway.
 *
 * @param addresses The addresses among the object's arguments, those that determine its family first.
 */
export function needsOf(addresses: readonly unknown[], needs: readonly Need[]): readonly Need[] {
  const texts = addresses.filter((one) => typeof one === "string" && one !== "" && one !== "default") as string[];
  const isIpv6 = (text: string) => familyOf(text) === "inet6";
  return [
    ...needs,
    ...(needs.includes("routes") && !texts.slice(0, 1).some(isIpv6) ? (["ipv4"] as const) : []),
    ...(texts.some(isIpv6) ? (["ipv6"] as const) : []),
  ];
}

/** Returns the ties with one of the prefixes among those that an object follows. */
const tiesWith = (prefixes: readonly string[], { __follows }: GenerationInputs): readonly string[] =>
  attachmentList(__follows).filter((text) => prefixes.some((prefix) => text.startsWith(prefix)));

/** The prefix that marks an IPv6 switch among the ties that an object follows. */
export const IPV6_SWITCH = "ipv6:";

/** The prefix that marks a master that takes its members down and up. */
export const CYCLING_MASTER = "cycles:";
/** The generations of an interface in a state of an earlier version, where it has none. */
const NONE: Generation = { object: "", ipv6: "", routes: "", ipv4: "", neighbors: "", membership: "" };

const newGenerations = (): Generation => ({
  object: newGeneration(),
  ipv6: newGeneration(),
  routes: newGeneration(),
  ipv4: newGeneration(),
  neighbors: newGeneration(),
  membership: newGeneration(),
});

const newGeneration = (): string => randomBytes(4).toString("hex");
