import type { KernelClient } from "../kernel/kernel.ts";
import { bridgeCommand, showVlans } from "../kernel/tools/bridge.ts";
import type { Plan } from "../plan.ts";
import { tunnelChanges, vlanChanges, vlansOf, vlanTexts } from "../vlans.ts";
import type { LinkPlace } from "./link.ts";

/** A bridge port or a bridge, with its VLANs. */
interface VlanMember extends LinkPlace {
  readonly vlans?: readonly string[] | undefined;
}

/**
 * Queries the VLANs of a bridge port or a bridge, in normal form; undefined if none are wanted, which leaves them to the kernel.
 *
 * @param isTunnelled Whether the port maps VLANs to identifiers of a tunnel.
 */
export async function observeVlans(
  kernel: KernelClient,
  { namespace, name, vlans }: VlanMember,
  isTunnelled = false,
): Promise<string[] | undefined> {
  const seen = vlans === undefined ? undefined : await showVlans(kernel, namespace, name, isTunnelled);
  return seen && vlanTexts(seen);
}

/**
 * Plans the change of the VLANs of a bridge port, or of a bridge itself.
 *
 * @param has The current VLANs; undefined for a new member, to which the kernel has given the bridge's default VLAN.
 */
export function planVlans(has: readonly string[] | undefined, member: VlanMember, self: readonly "self"[] = []): Plan {
  const { namespace, name, vlans } = member;
  if (vlans === undefined) return [];
  const change = (verb: "add" | "del", text: string) => ({
    run: bridgeCommand(namespace, name, "vlan", verb, "dev", name, "vid", ...text.split(" "), ...self),
  });
  const [current, wanted] = [vlansOf(has ?? []), vlansOf(vlans)];
  const [{ add, remove }, mapped] = [vlanChanges(current, wanted), tunnelChanges(current, wanted)];
  return [
    ...(has === undefined ? [change("del", "1-4094")] : []),
    // `bridge` requires an identifier, and the kernel ignores it.
    ...mapped.remove.map((text) => change("del", `${text} tunnel_info id ${text}`)),
    ...add.map((text) => change("add", text)),
    ...remove.map((text) => change("del", text)),
    // An identifier is that of one VLAN, so it must be free.
    ...mapped.add.map((text) => change("add", text)),
  ];
}

/** The VLANs of a bridge itself, in which its own addresses are. */
export const ownVlans = {
  observe: async (kernel: KernelClient, wanted: VlanMember) => {
    const vlans = await observeVlans(kernel, wanted);
    return vlans === undefined ? {} : { vlans };
  },
  plan: (seen: VlanMember | undefined, desired: VlanMember): Plan => planVlans(seen?.vlans, desired, ["self"]),
};
