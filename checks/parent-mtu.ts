import type { Check, Lab, LabLink } from "./check.ts";

/** A link with a larger MTU than its parent, whose frames it sends: the kernel refuses it, or drops the larger packets. */
export const parentMtu: Check = (lab) =>
  [...lab.links.values()].flatMap((link) => {
    const { resource, key, mtu, parent = "" } = link;
    const most = limitOf(lab, link);
    if (mtu === undefined || most === undefined || mtu <= most) return [];
    return [
      {
        about: resource,
        message: `${key} cannot have an MTU of ${mtu}: that of its parent ${parent} is ${most}. The kernel refuses this, or drops larger packets`,
        help: `leave mtu out, which then is that of the parent, or set the mtu of ${ownerOf(lab, parent)} to ${mtu}`,
      },
    ];
  });

/** Returns whether a link has a larger MTU than its parent. */
export const exceedsParent = (lab: Lab, link: LabLink): boolean =>
  link.mtu !== undefined && link.mtu > (limitOf(lab, link) ?? Number.POSITIVE_INFINITY);

/** Returns the MTU of a link's parent; undefined if it has none, or the MTU is not known. */
const limitOf = (lab: Lab, { traits, parent = "" }: LabLink, above: readonly string[] = []): number | undefined =>
  traits.on === undefined ? undefined : mtuOf(lab, parent, above);

/**
 * Returns the MTU of a link, as far as the program determines it.
 *
 * @param above The links whose MTU follows from this one. A program may declare a link that is its own parent.
 */
function mtuOf(lab: Lab, key: string, above: readonly string[]): number | undefined {
  const link = lab.links.get(key);
  if (link === undefined || above.includes(key)) return undefined;
  const known = link.mtu ?? link.usualMtu ?? limitOf(lab, link, [...above, key]);
  if (known !== undefined || link.traits.device !== "bridge" || lab.incomplete.has("link")) return known;
  // A bridge without an MTU has the smallest of its ports.
  const ports = lab.ports.filter(({ bridge }) => bridge === key);
  const sizes = ports.flatMap((port) => mtuOf(lab, port.link, [...above, key]) ?? []);
  if (sizes.length < ports.length) return undefined;
  return sizes.length === 0 ? WITHOUT_PORTS : Math.min(...sizes);
}

const WITHOUT_PORTS = 1500;

/** Returns the link whose `mtu` determines that of a parent. */
function ownerOf(lab: Lab, key: string): string {
  const link = lab.links.get(key);
  const isFollowing = link?.mtu === undefined && link?.traits.on !== undefined && link.parent !== undefined;
  return isFollowing ? ownerOf(lab, link.parent) : key;
}
