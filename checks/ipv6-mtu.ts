import { IPV6_MIN_MTU } from "../provider/kinds/ipv6.ts";
import { type Check, describe, type Lab, type LabLink } from "./check.ts";

/** An IPv6 address on an interface whose MTU is too small for IPv6: the kernel disables IPv6 on such an interface. */
export const ipv6Mtu: Check = (lab) => {
  const seen = new Set<string>();
  return lab.addresses.flatMap(({ resource, net, link }) => {
    const limit = net.family === "inet6" ? limitOf(lab, link) : undefined;
    const key = `${describe(resource)} ${link}`;
    if (limit === undefined || seen.has(key)) return [];
    seen.add(key);
    const because = limit.key === link ? "" : `, which follows from its port ${limit.key}`;
    return [
      {
        about: resource,
        message: `${link} cannot have the address ${net.ip}: its MTU is ${limit.mtu}${because}, and IPv6 requires ${IPV6_MIN_MTU}`,
        help: `set the mtu of ${limit.key} to at least ${IPV6_MIN_MTU}, or remove the IPv6 address`,
      },
    ];
  });
};

/** Returns the interface that limits the MTU of another, or its own, to too small a value; undefined if none is known. */
function limitOf({ links, ports }: Lab, key: string): LabLink | undefined {
  const link = links.get(key);
  if (link === undefined) return undefined;
  const decisive =
    link.traits.device === "bridge" && link.mtu === undefined
      ? ports.flatMap((port) => (port.bridge === key ? (links.get(port.link) ?? []) : []))
      : [link];
  return decisive.find(({ mtu }) => mtu !== undefined && mtu < IPV6_MIN_MTU);
}
