import { cidr, contains } from "../../provider/cidr.ts";
import type { Interface, LiveAddress } from "../interfaces.ts";
import type { Place } from "../place.ts";
import type { TraceContext } from "./packet.ts";
import { segmentOf } from "./segment.ts";

/** Returns the network of an address of the lab; undefined if no interface has the address, or all do with the full prefix length. */
export function networkOf({ interfaces }: Pick<TraceContext, "interfaces">, wanted: string): string | undefined {
  const all = interfaces.flatMap(({ addresses }) => addresses).filter(({ address }) => address === wanted);
  const found = all.find(({ family, length }) => length < (family === "inet" ? 32 : 128));
  const network = found && cidr(`${found.address}/${found.length}`);
  return network && `${network.network}/${network.length}`;
}

/** Returns whether a frame that leaves through a port reaches the place of an interface. */
export const leadsTo = ({ interfaces }: TraceContext, port: Interface, to: Interface | undefined): boolean =>
  to !== undefined && segmentOf(interfaces, port).members.some(({ place }) => place === to.place);

export const inNetworkOf = ({ addresses }: Interface, other: string): boolean => addresses.some(containing(other));

export const containing =
  (other: string) =>
  ({ address, length }: LiveAddress): boolean =>
    contains(`${address}/${length}`, other);

/** Returns an address of a place and another on its segment whose network contains it, but is not contained in its own. */
export function routerOutside(look: TraceContext, place: Place): { own: string; router: string } | undefined {
  for (const own of look.interfaces.filter((one) => one.place === place && one.up && !one.loopback)) {
    for (const address of own.addresses.filter(({ family, global }) => family === look.family && global)) {
      const near = segmentOf(look.interfaces, own).members.filter((member) => member.place !== place);
      const router = near.flatMap(({ addresses }) => addresses).find(containing(address.address));
      if (router === undefined || containing(router.address)(address)) continue;
      return { own: `${address.address}/${address.length}`, router: `${router.address}/${router.length}` };
    }
  }
  return undefined;
}
