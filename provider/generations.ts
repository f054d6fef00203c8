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
  /** Changes when the interface loses its neighbours. */
  readonly neighbors: string;
  /** Changes when the interface leaves its master. */
  readonly membership: string;
}

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
          routes: cycles || losesRoutes(from, to) ? newGeneration() : known.routes,
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

// The routes of a link that goes down cannot be recreated before it is up. With the first IPv4 address of a network, the kernel
// deletes the others, and with an interface's last address its routes. This also happens when an address is deleted and at
// once added again, to move it after a new one.
function losesRoutes(from: InterfaceState, to: InterfaceState): boolean {
  const [before, after] = [ipv4In(from), ipv4In(to)];
  return (!from.up && to.up) || String(after.slice(0, before.length)) !== String(before);
}

// With the last IPv4 address of an interface, the kernel deletes its neighbours. The deletion of the first one may delete all others.
function losesNeighbors(from: InterfaceState, to: InterfaceState): boolean {
  const [first] = ipv4In(from);
  return (from.up && !to.up) || from.mac !== to.mac || (first !== undefined && first !== ipv4In(to)[0]);
}

const ipv4In = ({ addresses = [] }: InterfaceState): readonly string[] =>
  isUnknown(addresses) ? [] : addresses.filter((address) => familyOf(address) === "inet");

/** Returns the ties with one of the prefixes among those that an object follows. */
const tiesWith = (prefixes: readonly string[], { __follows }: GenerationInputs): readonly string[] =>
  attachmentList(__follows).filter((text) => prefixes.some((prefix) => text.startsWith(prefix)));

/** The prefix that marks an IPv6 switch among the ties that an object follows. */
export const IPV6_SWITCH = "ipv6:";

/** The prefix that marks a master that takes its members down and up. */
export const CYCLING_MASTER = "cycles:";
/** The generations of an interface in a state of an earlier version, where it has none. */
const NONE: Generation = { object: "", ipv6: "", routes: "", neighbors: "", membership: "" };

const newGenerations = (): Generation => ({
  object: newGeneration(),
  ipv6: newGeneration(),
  routes: newGeneration(),
  neighbors: newGeneration(),
  membership: newGeneration(),
});

const newGeneration = (): string => randomBytes(4).toString("hex");
