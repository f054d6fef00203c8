import { randomBytes } from "node:crypto";
import { familyOf } from "./cidr.ts";
import { isUnknown } from "./schema.ts";
import { followsOther, listOf, type Ties } from "./ties.ts";

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
export interface Carrying {
  readonly up: boolean;
  readonly mtu?: number | undefined;
  readonly addresses?: readonly string[] | undefined;
}

interface Inputs {
  readonly __generations?: Generations;
  readonly __follows?: Ties;
}

/** The generations of an object's interfaces after a change. Without generations before it, the object is a new one. */
export function nextGenerations<Args>(
  interfaces: (args: Args) => Readonly<Record<string, Carrying>>,
  olds: Inputs,
  news: Args & Inputs,
): Generations {
  const before = olds.__generations;
  const was = before && interfaces(olds as Args);
  const switched = before !== undefined && followsOther(switches(olds), switches(news));
  return Object.fromEntries(
    Object.entries(interfaces(news)).map(([name, to]) => {
      const [old, from] = [before?.[name], was?.[name]];
      if (old === undefined || from === undefined) return [name, { object: fresh(), ipv6: fresh(), routes: fresh() }];
      if (isUnknown(to)) return [name, old];
      return [
        name,
        {
          object: old.object,
          ipv6: switched || losesIpv6(from, to) ? fresh() : old.ipv6,
          routes: losesRoutes(from, to) ? fresh() : old.routes,
        },
      ];
    }),
  );
}

/** The kernel has no IPv6 on a link whose packets may not be as large as IPv6 asks for. */
export const IPV6_MTU = 1280;

const losesIpv6 = (from: Carrying, to: Carrying): boolean =>
  (from.up && !to.up) || ((from.mtu ?? IPV6_MTU) >= IPV6_MTU && (to.mtu ?? IPV6_MTU) < IPV6_MTU);

// The routes of a link that goes down cannot be made again before it is up. With the first IPv4 address of a network go the
// others, and with an interface's last one its routes, though the address may come back at once: behind one that is to come
// before it.
function losesRoutes(from: Carrying, to: Carrying): boolean {
  const [before, after] = [ipv4In(from), ipv4In(to)];
  return (!from.up && to.up) || String(after.slice(0, before.length)) !== String(before);
}

const ipv4In = ({ addresses = [] }: Carrying): readonly string[] =>
  isUnknown(addresses) ? [] : addresses.filter((address) => familyOf(address) === "inet");

/** Only the switches among what an object follows take IPv6 away. */
const switches = ({ __follows }: Inputs): readonly string[] =>
  listOf(__follows).filter((text) => text.startsWith(IPV6_SWITCH));

/** What begins the text of a switch for IPv6 among all that an object follows. */
export const IPV6_SWITCH = "ipv6:";

const fresh = (): string => randomBytes(4).toString("hex");
