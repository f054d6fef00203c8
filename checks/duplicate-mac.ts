import { type Check, describe, type LabLink } from "./check.ts";
import { macOf } from "./mac-of.ts";

/**
 * A MAC address on two interfaces of a LAN: its bridges send frames to one of them only. The virtual addresses of VRRP are not reported: they
 * move between routers on purpose.
 */
export const duplicateMac: Check = ({ links, lans }) => {
  const first = new Map<string, LabLink>();
  return [...links.values()].flatMap((held) => {
    const mac = macOf(held);
    if (mac === undefined || OF_VRRP.test(mac)) return [];
    const key = `${lans.of(held.key)} ${mac}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, held);
    if (other === undefined || mayShare(other, held)) return [];
    return [
      {
        about: held.resource,
        message:
          `${mac} is the MAC address of two interfaces of one LAN: ${other.key} (${describe(other.resource)}) and ${held.key}. ` +
          "A frame to it reaches only one of them",
        help: "give one of them another mac, or leave mac out, so that each interface has a MAC address of its own",
      },
    ];
  });
};

/** The virtual MAC addresses of VRRP, for IPv4 and IPv6. */
const OF_VRRP = /^00:00:5e:00:0[12]:/;

/** Returns whether two interfaces may have one MAC address: those of one bridge or bond, and a link and its parent. */
const mayShare = (one: LabLink, other: LabLink): boolean => {
  const above = ({ key, master, parent }: LabLink) => [key, master, parent].filter((at) => at !== undefined);
  return above(one).some((at) => above(other).includes(at));
};
