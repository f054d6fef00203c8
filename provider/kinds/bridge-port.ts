import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { dev, ip, type Link } from "../kernel/tools/ip.ts";
import type { Plan } from "../plan.ts";
import { group, hasUnknown, rule } from "../schema.ts";
import { integer } from "../values.ts";
import { tunnelledVlanList, vlansOf, vlanTexts, withoutIds } from "../vlans.ts";
import { observeVlans, planVlans } from "./bridge-vlan.ts";
import { groupForwardMask } from "./group-forward-mask.ts";
import type { LinkPlace } from "./link.ts";
import { initialOptions, onOff, optional, optionEntries, optionState, optionWords } from "./link-option.ts";

/*
 * The settings of a bridge port: `ip link set … type bridge_slave`. The kernel keeps them only as long as the link is a port of the
 * bridge, so they are set again whenever it becomes one.
 */

const options = {
  isolated: onOff("isolated"),
  hairpin: onOff("hairpin"),
  learning: onOff("learning", true),
  flood: onOff("flood", true),
  mcastFlood: onOff("mcast_flood", true),
  bcastFlood: onOff("bcast_flood", true),
  neighSuppress: onOff("neigh_suppress"),
  guard: onOff("guard"),
  rootBlock: onOff("root_block"),
  locked: onOff("locked"),
  vlanTunnel: onOff("vlan_tunnel"),
  groupFwdMask: groupForwardMask({ bits: 2, why: "The kernel forwards no frames of flow control" }),
  cost: optional(integer("a path cost", 1, 65_535, 100), "cost", { computed: true }),
  priority: optional(integer("a port priority", 0, 63, 32), "priority", { computed: true }),
  // Commands of `bridge` set the VLANs.
  vlans: { ...optional(tunnelledVlanList(), "vlans", { computed: true }), words: () => [] },
};

/** The settings of a bridge port. */
export type PortArgs = NonNullable<v.InferOutput<ReturnType<typeof port>>>;

/** The arguments of a link that may be a bridge port. */
export interface PortedLink extends LinkPlace {
  readonly master?: string | undefined;
  readonly port?: PortArgs | undefined;
}

/** A link that was observed, with its VLANs as a bridge port. */
type PortLink = Link & { readonly vlans?: readonly string[] | undefined };

/** Queries the VLANs of a link as a bridge port, if any are wanted. */
export const withVlans = async (
  kernel: KernelClient,
  { namespace, name, port: wanted }: PortedLink,
  link: Link,
): Promise<PortLink> => ({
  ...link,
  vlans: await observeVlans(
    kernel,
    { namespace, name, vlans: wanted?.vlans },
    link.linkinfo?.info_slave_data?.["vlan_tunnel"] === true,
  ),
});

/** Declares the settings of a link as a bridge port. */
export const port = () => v.optional(group(optionEntries(options), (known) => v.pipe(known, idsNeedTunnel()), NOT_UDP));

const NOT_UDP =
  "port is for the settings of a bridge port; the UDP port of a Vxlan or Geneve is dstport, that of a WireGuard listenPort";

/** Declares the rule that only a port to a tunnel maps VLANs to identifiers: the kernel refuses it for all others. */
const idsNeedTunnel = <Args extends { vlans?: string[] | undefined; vlanTunnel: boolean }>() =>
  rule<Args, "vlans" | "vlanTunnel">(["vlans", "vlanTunnel"], ({ vlans, vlanTunnel }) => {
    if (vlanTunnel || vlans === undefined || hasUnknown(vlans)) return undefined;
    const mapped = vlans.find((text) => text.includes("tunnel_info"));
    return mapped === undefined
      ? undefined
      : { at: "vlanTunnel", why: `missing: "${mapped}" in vlans requires vlanTunnel: true` };
  });

/** Declares the rule that only a link with a master has settings of a port. */
export const portNeedsMaster = <Args extends PortedLink>() =>
  rule<Args, "port" | "master">(["port", "master"], (link) =>
    link.port === undefined || link.master !== undefined
      ? undefined
      : { at: "master", why: "missing: port requires the bridge of which the interface is a port" },
  );

/** Returns the observed settings of a bridge port. Those of a port for which none are wanted are included if they differ from a new port's. */
export function portState({ linkinfo, vlans }: PortLink, wanted: PortedLink): Pick<PortedLink, "port"> {
  if (linkinfo?.info_slave_kind !== "bridge") return {};
  const seen = optionState(options, {
    data: { ...linkinfo.info_slave_data, vlans },
    device: "bridge_slave",
  }) as PortArgs;
  const isNew = optionWords(options, seen, initialOptions(options)).length === 0;
  return wanted.port === undefined && isNew ? {} : { port: seen };
}

/** Plans the change of the settings and VLANs of a bridge port to the desired ones. */
export function updatePort(current: PortedLink, { namespace, name, master, port: wanted }: PortedLink): Plan {
  if (master === undefined) return [];
  const initial: Partial<PortArgs> = initialOptions(options);
  const has = current.master === master ? (current.port ?? initial) : initial;
  const words = optionWords(options, has, wanted ?? initial);
  return [
    // A separate command: the kernel applies the settings before the master of the same command.
    ...(words.length === 0 ? [] : [{ run: ip(namespace, "link", "set", dev(name), "type", "bridge_slave", ...words) }]),
    ...planVlans(wanted?.vlanTunnel ? has.vlans : unmapped(has.vlans), { namespace, name, vlans: wanted?.vlans }),
  ];
}

/** Returns VLANs without their identifiers of a tunnel, which the kernel deletes when it turns off `vlan_tunnel`. */
const unmapped = (vlans: readonly string[] | undefined) => vlans && vlanTexts(withoutIds(vlansOf(vlans)));
