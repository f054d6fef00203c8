import type { KernelClient } from "../kernel/kernel.ts";
import { type Link, showLink } from "../kernel/tools/ip.ts";

/*
 * The effects of a master on its members, which depend on the master's kind.
 */

interface MasterTraits {
  /** Whether the kernel takes a member down and up when it joins or leaves, which deletes its IPv6 addresses and its routes. */
  readonly cyclesMembers?: true;
  /** Whether the kernel gives all members the MAC address and the MTU of the master, and sets them up when they join. */
  readonly controlsMembers?: true;
}

/** The traits of masters by kind. A bridge has none. */
const MASTERS: Readonly<Record<string, MasterTraits>> = {
  bond: { controlsMembers: true },
  vrf: { cyclesMembers: true },
};

/** Returns whether a master controls a link's attributes, so that the link is left down when it leaves. */
export const isControlled = ({ linkinfo }: Pick<Link, "linkinfo">): boolean =>
  MASTERS[linkinfo?.info_slave_kind ?? ""]?.controlsMembers === true;

/**
 * Returns the attributes of a link that its master controls, as the program wants them: they are not drift. The link's own MAC
 * address is restored when it leaves. A member that is down although the program wants it up carries no packets, so it is drift.
 */
export function controlledState(
  link: Link,
  { mtu, up }: { readonly mtu?: number | undefined; readonly up: boolean },
): { readonly mac?: string; readonly mtu?: number; readonly up?: boolean } {
  if (!isControlled(link)) return {};
  const { perm_hwaddr: mac } = link.linkinfo?.info_slave_data ?? {};
  return { ...(typeof mac === "string" && { mac }), ...(mtu !== undefined && { mtu }), ...(!up && { up }) };
}

/** Returns whether a change of a link's master takes the link down and up. */
export async function cyclesOnMasterChange(
  kernel: KernelClient,
  { namespace, master }: { readonly namespace?: string | undefined; readonly master?: string | undefined },
  link: Link | undefined,
): Promise<boolean> {
  if (link === undefined || link.master === master) return false;
  const next = master === undefined ? undefined : await showLink(kernel, namespace, master);
  const kinds = [link.linkinfo?.info_slave_kind, next?.linkinfo?.info_kind];
  return isControlled(link) || kinds.some((kind) => kind !== undefined && MASTERS[kind]?.cyclesMembers);
}
