import { IPV6_MTU } from "../provider/generations.ts";
import { type Check, describe, type Lab, type LabLink } from "./check.ts";

/** An IPv6 address on an interface whose MTU is too small for IPv6: the kernel disables IPv6 on such an interface. */
export const ipv6Mtu: Check = (lab) => {
  const seen = new Set<string>();
  return lab.addresses.flatMap(({ resource, net, link }) => {
    const limit = net.family === "inet6" ? limitOf(lab, link) : undefined;
    const key = `${describe(resource)} ${link}`;
    if (limit === undefined || seen.has(key)) return [];
    seen.add(key);
    return [
      {
        about: resource,
        message: `${link} cannot have the address ${net.ip}: its MTU is ${limit.mtu}${limit.because}, and IPv6 requires ${IPV6_MTU}`,
        help: `set the mtu of ${limit.key} to at least ${IPV6_MTU + limit.header}, or remove the IPv6 address`,
      },
    ];
  });
};

/** The MTU of an interface that is too small for IPv6, and the interface from whose MTU it follows. */
interface Limit {
  readonly mtu: number;
  readonly key: string;
  /** The bytes by which the MTU is smaller than that of the other interface. */
  readonly header: number;
  readonly because: string;
}

/** Returns the limit of an interface; undefined if its MTU is large enough or not known. */
function limitOf(lab: Lab, key: string): Limit | undefined {
  const link = lab.links.get(key);
  if (link === undefined) return undefined;
  return sourcesOf(lab, link)
    .flatMap(({ from, header, because }): Limit[] => {
      if (from.mtu === undefined || from.mtu - header >= IPV6_MTU) return [];
      return [{ mtu: from.mtu - header, key: from.key, header, because }];
    })
    .at(0);
}

/** Returns the interfaces from whose MTU that of a link follows. */
function sourcesOf(lab: Lab, link: LabLink): (Pick<Limit, "header" | "because"> & { readonly from: LabLink })[] {
  const own = { from: link, header: 0, because: "" };
  if (link.mtu !== undefined) return [own];
  const { tunnel, parent } = link;
  const below = lab.links.get(parent ?? "");
  if (below !== undefined) {
    const header = tunnel?.header ?? 0;
    const size = below.mtu === undefined ? "" : `, ${header === 0 ? "" : `${header} less than `}that of ${below.key}`;
    return [{ from: below, header, because: size }];
  }
  if (link.traits.device !== "bridge") return [own];
  return lab.ports
    .flatMap((port) => (port.bridge === link.key ? (lab.links.get(port.link) ?? []) : []))
    .map((from) => ({ from, header: 0, because: `, which follows from its port ${from.key}` }));
}
