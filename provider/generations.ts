import { randomBytes } from "node:crypto";
import { type Attachments, attachmentList, isFollowedChanged } from "./attachments.ts";
import { familyOf } from "./cidr.ts";
import { isUnknown } from "./schema.ts";

/**
 * The generations of an interface: each is a number that changes when the kernel takes away what lies on the interface, so
 * that the resources which lie there differ from their state and are made again.
 */
export interface Generation {
  /** Changes with the object itself: all that lies on it goes. */
  readonly object: string;
  /** Changes when the interface loses its IPv6 addresses and routes. */
  readonly ipv6: string;
  /** Changes when the interface loses its routes, of either family. */
  readonly routes: string;
}

/** The generations of all interfaces of an object, by their names within it. */
export type Generations = Readonly<Record<string, Generation>>;

/** The part of an interface's arguments that decides what the kernel takes away. */
export interface InterfaceState {
  readonly up: boolean;
  readonly mtu?: number | undefined;
  readonly addresses?: readonly string[] | undefined;
}

interface GenerationInputs {
  readonly __generations?: Generations;
  readonly __follows?: Attachments;
}

/** The generations of an object's interfaces after a change. Without generations before it, the object is a new one. */
export function nextGenerations<Args>(
  interfaces: (args: Args) => Readonly<Record<string, InterfaceState>>,
  olds: GenerationInputs,
  news: Args & GenerationInputs,
): Generations {
  const before = olds.__generations;
  const was = before && interfaces(olds as Args);
  const switched = before !== undefined && isFollowedChanged(ipv6Switches(olds), ipv6Switches(news));
  return Object.fromEntries(
    Object.entries(interfaces(news)).map(([name, to]) => {
      const [old, from] = [before?.[name], was?.[name]];
      if (old === undefined || from === undefined)
        return [name, { object: newGeneration(), ipv6: newGeneration(), routes: newGeneration() }];
      if (isUnknown(to)) return [name, old];
      return [
        name,
        {
          object: old.object,
          ipv6: switched || losesIpv6(from, to) ? newGeneration() : old.ipv6,
          routes: losesRoutes(from, to) ? newGeneration() : old.routes,
        },
      ];
    }),
  );
}

/** The kernel has no IPv6 on a link whose packets may not be as large as IPv6 asks for. */
export const IPV6_MTU = 1280;

const losesIpv6 = (from: InterfaceState, to: InterfaceState): boolean =>
  (from.up && !to.up) || ((from.mtu ?? IPV6_MTU) >= IPV6_MTU && (to.mtu ?? IPV6_MTU) < IPV6_MTU);

// The routes of a link that goes down cannot be made again before it is up. With the first IPv4 address of a network go the
// others, and with an interface's last one its routes, though the address may come back at once: behind one that is to come
// before it.
function losesRoutes(from: InterfaceState, to: InterfaceState): boolean {
  const [before, after] = [ipv4In(from), ipv4In(to)];
  return (!from.up && to.up) || String(after.slice(0, before.length)) !== String(before);
}

const ipv4In = ({ addresses = [] }: InterfaceState): readonly string[] =>
  isUnknown(addresses) ? [] : addresses.filter((address) => familyOf(address) === "inet");

/** Only the switches among what an object follows take IPv6 away. */
const ipv6Switches = ({ __follows }: GenerationInputs): readonly string[] =>
  attachmentList(__follows).filter((text) => text.startsWith(IPV6_SWITCH));

/** What begins the text of a switch for IPv6 among all that an object follows. */
export const IPV6_SWITCH = "ipv6:";

const newGeneration = (): string => randomBytes(4).toString("hex");
