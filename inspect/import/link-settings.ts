import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { showVlans } from "../../provider/kernel/tools/bridge.ts";
import { showLink } from "../../provider/kernel/tools/ip.ts";
import { vlanTexts } from "../../provider/vlans.ts";
import { type Interface, parentOf } from "../interfaces.ts";
import type { FoundObject } from "./found.ts";

/*
 * The settings of a link that the kernel chooses where its arguments leave them out: a program must name those that differ from its choice.
 */

/** Returns a link with the settings of its ends that differ from those that the kernel chooses. */
export async function withSettings(
  kernel: KernelClient,
  link: FoundObject,
  all: readonly Interface[],
): Promise<FoundObject> {
  const withEnd = async (end: FoundObject["inputs"]): Promise<FoundObject["inputs"]> => {
    const is = all.find(({ place, name }) => place === end["namespace"] && name === end["name"]);
    if (is === undefined) return end;
    const master = all.find(({ place, name }) => place === is.place && name === is.master);
    const port = master?.kind === "bridge" ? await portOf(kernel, is, master) : {};
    return {
      ...{ ...end, ...mtuOf(is, all) },
      ...(is.kind === "bridge" && (await vlansOfBridge(kernel, is))),
      ...(Object.keys(port).length > 0 && { port: { ...(end["port"] as object | undefined), ...port } }),
    };
  };
  if ("name" in link.inputs) return { ...link, inputs: await withEnd(link.inputs) };
  const ends = Object.entries(link.inputs as Readonly<Record<string, FoundObject["inputs"]>>);
  const changed = await Promise.all(ends.map(async ([side, end]) => [side, await withEnd(end)] as const));
  return { ...link, inputs: Object.fromEntries(changed) };
}

/** Returns the MTU of a link unless it is that of a new one. */
function mtuOf(link: Interface, all: readonly Interface[]): { mtu?: number } {
  const parent = parentOf(all, link);
  const usual = parent === undefined ? USUAL_MTU[link.kind ?? ""] : parent.mtu;
  return link.mtu === usual ? {} : { mtu: link.mtu };
}

/** The MTU of a new link, by its kind as `ip` names it. That of another kind follows from the path of its packets. */
const USUAL_MTU: Readonly<Record<string, number>> = {
  ...{ veth: 1500, bridge: 1500, dummy: 1500, ifb: 1500, bond: 1500, tun: 1500 },
  ...{ wireguard: 1420, vrf: 65_575 },
};

/** Returns the cost, the priority and the VLANs of a bridge port that are not those of a new port. */
async function portOf(kernel: KernelClient, { place, name, kind }: Interface, bridge: Interface): Promise<object> {
  const {
    cost,
    priority,
    vlan_tunnel: isTunnelled,
  } = (await showLink(kernel, place, name))?.linkinfo?.info_slave_data ?? {};
  // The kernel derives the cost from the speed, which only a veth pair has by itself.
  const usualCost = kind === "veth" ? 2 : 100;
  return {
    ...(cost !== usualCost && { cost }),
    ...(priority !== 32 && { priority }),
    ...(await vlansOf(kernel, { place, name }, bridge, isTunnelled === true)),
  };
}

/** Returns the VLANs of a bridge itself, and the VLAN of its new ports, if they are not those of a new bridge. */
const vlansOfBridge = async (kernel: KernelClient, bridge: Interface): Promise<object> => ({
  ...(await vlansOf(kernel, bridge, bridge)),
  ...(isFiltering(bridge) && defaultVlan(bridge) !== 1 && { vlanDefaultPvid: defaultVlan(bridge) }),
});

/** Returns the VLANs of a port, or of a bridge itself, if they are not those of a new one. Without a filter they have no effect. */
async function vlansOf(
  kernel: KernelClient,
  { place, name }: Pick<Interface, "place" | "name">,
  bridge: Interface,
  isTunnelled = false,
): Promise<object> {
  if (!isFiltering(bridge)) return {};
  const vlans = vlanTexts((await showVlans(kernel, place, name, isTunnelled)) ?? new Map());
  return vlans.join() === `${String(defaultVlan(bridge))} pvid untagged` ? {} : { vlans };
}

const isFiltering = ({ data }: Interface): boolean => data["vlan_filtering"] === 1;

const defaultVlan = ({ data }: Interface): unknown => data["vlan_default_pvid"];
