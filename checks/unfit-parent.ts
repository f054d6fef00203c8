import type { Message } from "../provider/message.ts";
import { type Check, describe, type LabLink } from "./check.ts";

/**
 * A link that cannot use its declared parent: a bridge port, a link that itself takes a parent in this way, or, for a VLAN, one without
 * Ethernet frames.
 */
export const unfitParent: Check = ({ links, ports }) => {
  const bridgeOf = new Map(ports.map(({ link, bridge }) => [link, bridge]));
  const troubleWith = (child: string, parent: string): Message | undefined => {
    const bridge = bridgeOf.get(parent);
    if (bridge !== undefined && links.get(bridge)?.traits.device === "bridge")
      return {
        message: `${child} cannot use ${parent} as its parent: it is a port of the bridge ${bridge}, and the kernel refuses this ("Device or resource busy")`,
        help: `use the bridge ${bridge} as the parent, or remove the port from the bridge`,
      };
    const under = links.get(parent);
    return under?.traits.takesParent && under.parent !== undefined ? onChild(child, parent, under) : undefined;
  };
  return [...links.values()].flatMap(({ resource, traits, parent }) => {
    if (parent === undefined) return [];
    const trouble = traits.takesParent
      ? troubleWith(describe(resource), parent)
      : traits.device === "vlan"
        ? withoutEthernet(describe(resource), parent, links.get(parent))
        : undefined;
    return trouble === undefined ? [] : [{ about: resource, ...trouble }];
  });
};

const onChild = (child: string, parent: string, { traits, parent: lower }: LabLink): Message => ({
  message: `${child} uses ${parent} as its parent, which is a ${traits.device} itself: the kernel uses ${lower} instead, and each refresh shows this as drift`,
  help: `set link to ${lower}`,
});

const withoutEthernet = (child: string, parent: string, under: LabLink | undefined): Message | undefined =>
  under?.traits.lacksEthernet?.(under.args) === true
    ? {
        message: `${child} cannot use ${parent} as its parent: its packets have no Ethernet header, and the kernel refuses this ("VLANs not supported on device.")`,
        help: "set link to an interface with Ethernet frames, such as a Veth, a Bridge, a Bond, or a Tunnel of mode gretap",
      }
    : undefined;
