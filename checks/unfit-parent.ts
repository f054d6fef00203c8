import type { Message } from "../provider/message.ts";
import { type Check, describe, type Lab, type LabLink } from "./check.ts";
import { macOf } from "./mac-of.ts";

/**
 * A link that cannot use its declared parent: one without Ethernet frames, one whose frames something else receives already, or one on
 * whose own parent the kernel puts the link instead.
 */
export const unfitParent: Check = (lab) => {
  const masters = new Map(lab.ports.map(({ link, bridge }) => [link, bridge]));
  const firstOn = new Map<string, LabLink>();
  return [...lab.links.values()].flatMap((child) => {
    const { traits, parent } = child;
    if (parent === undefined || traits.on === undefined) return [];
    const under = lab.links.get(parent);
    const first = firstOn.get(parent) ?? child;
    if (traits.receiver !== undefined) firstOn.set(parent, first);
    const trouble =
      onChild(child, parent, under) ??
      withoutEthernet(child, parent, under) ??
      (traits.receiver === undefined
        ? undefined
        : (onMember(lab, child, parent, masters.get(parent)) ??
          onProgram(child, parent, under) ??
          withSameMac(child, parent, under) ??
          besideOther(child, parent, first)));
    return trouble === undefined ? [] : [{ about: child.resource, ...trouble }];
  });
};

const onChild = (child: LabLink, parent: string, under: LabLink | undefined): Message | undefined =>
  child.traits.receiver !== undefined && under?.traits.receiver === child.traits.receiver && under.parent !== undefined
    ? {
        message: `${describe(child.resource)} uses ${parent} as its parent, which is a ${under.traits.device} itself: the kernel uses ${under.parent} instead, and each refresh shows this as drift`,
        help: `set link to ${under.parent}`,
      }
    : undefined;

const withoutEthernet = (child: LabLink, parent: string, under: LabLink | undefined): Message | undefined =>
  under?.traits.lacksEthernet?.(under.args) === true
    ? {
        message: `${cannotUse(child, parent)}: its packets have no Ethernet header, and the kernel refuses this ("${child.traits.receiver === undefined ? "VLANs not supported on device." : "Invalid argument"}")`,
        help: "set link to an interface with Ethernet frames, such as a Veth, a Bridge, a Bond, or a Tunnel of mode gretap",
      }
    : undefined;

function onMember(
  { links }: Lab,
  child: LabLink,
  parent: string,
  master: string | undefined = "",
): Message | undefined {
  const device = links.get(master)?.traits.device;
  if (device !== "bridge" && device !== "bond") return undefined;
  const word = device === "bridge" ? "port" : "member";
  return {
    message: `${cannotUse(child, parent)}: it is a ${word} of the ${device} ${master}, ${BUSY}`,
    help: `use the ${device} ${master} as the parent, or remove the ${word} from the ${device}`,
  };
}

const onProgram = (child: LabLink, parent: string, under: LabLink | undefined): Message | undefined =>
  under?.traits.feedsProgram
    ? {
        message: `${cannotUse(child, parent)}: a program receives the frames of a ${under.traits.device}, ${BUSY}`,
        help: under.parent === undefined ? "use another parent" : `set link to ${under.parent}`,
      }
    : undefined;

function withSameMac(child: LabLink, parent: string, under: LabLink | undefined): Message | undefined {
  const own = macOf(child);
  if (own === undefined || under === undefined || own !== macOf(under)) return undefined;
  return child.up === false
    ? undefined
    : {
        message: `${cannotUse(child, parent)}: both have the MAC address ${own}, and the kernel refuses this ("Address already in use")`,
        help: "leave out mac, and the link gets an address of its own",
      };
}

const besideOther = (child: LabLink, parent: string, first: LabLink): Message | undefined =>
  first.traits.receiver === child.traits.receiver
    ? undefined
    : {
        message: `${cannotUse(child, parent)}: ${describe(first.resource)} is a ${first.traits.device} on it, ${BUSY}`,
        help: `use one kind of link on one parent: make both a ${first.traits.device}, or give one of them another parent`,
      };

const cannotUse = ({ resource }: LabLink, parent: string): string =>
  `${describe(resource)} cannot use ${parent} as its parent`;

const BUSY = 'and the kernel refuses this ("Device or resource busy")';
