import { contains } from "../../../provider/cidr.ts";
import { type Flat, type FlatDevice, linkAt } from "./flat.ts";
import { isEthernet } from "./valid-device.ts";

/** Checks that each neighbour is on a link with MAC addresses, and in a network of the link. */
export function neighborFault(flat: Flat): string | undefined {
  for (const { at, link, address } of flat.neighbors) {
    const on = linkAt(flat, { at, name: link });
    if (on === undefined || ("own" in on && !isEthernet(on as FlatDevice))) return `${link} has no MAC addresses`;
    const own = [
      ...on.addresses,
      ...flat.addresses.filter((one) => one.at === at && one.link === link).map((one) => one.address),
    ];
    if (!own.some((network) => contains(network, address))) return `${address} is in no network of ${link}`;
  }
  return undefined;
}
