import { bridgeDropWarning } from "../forwarding.ts";
import { rule } from "../schema.ts";
import { integer, oneOf } from "../values.ts";
import { vlanList } from "../vlans.ts";
import { ownVlans } from "./bridge-vlan.ts";
import { groupForwardMask } from "./group-forward-mask.ts";
import { linkKind } from "./link-kind.ts";
import { bit, defaulted, type OptionArgs, optional, time } from "./link-option.ts";

const options = {
  stp: bit("stp_state"),
  priority: defaulted(integer("a bridge priority", 0, 65_535, 32_768), "priority", 32_768),
  forwardDelay: time("forward_delay", 15, { what: "a forward delay", min: 0, max: 30 }),
  helloTime: time("hello_time", 2, { what: "a hello time", min: 1, max: 10 }),
  maxAge: time("max_age", 20, { what: "a maximum age", min: 6, max: 40 }),
  ageingTime: time("ageing_time", 300, { what: "an ageing time", min: 0, max: 1_000_000 }),
  mcastSnooping: bit("mcast_snooping", true),
  mcastQuerier: bit("mcast_querier"),
  groupFwdMask: groupForwardMask({
    bits: 7,
    why: "A bridge forwards no frames of STP, flow control and LACP; a port does, with the groupFwdMask of its port, but for flow control",
  }),
  vlanFiltering: bit("vlan_filtering"),
  vlanProtocol: defaulted(oneOf(["802.1Q", "802.1ad"]), "vlan_protocol", "802.1Q"),
  vlans: { ...optional(vlanList(), "vlans", { computed: true }), words: () => [], read: () => undefined },
  vlanDefaultPvid: optional(integer("a VLAN ID", 0, 4094, 1), "vlan_default_pvid", { computed: true }),
};

type Options = OptionArgs<typeof options>;

export const bridge = linkKind({
  type: "Bridge",
  device: "bridge",
  options,
  followsMac: true,
  settings: ownVlans,
  // With the spanning tree protocol, a bridge shows and uses the timers of the root bridge, and a short ageing time while the topology
  // changes. Its own values have effect when it is the root, which has no root port, and after the change.
  unseen: ({ stp_state: stp, root_port: root = 0, topology_change: isChanging }) => [
    ...(stp === 1 && root !== 0 ? (["forwardDelay", "helloTime", "maxAge"] as const) : []),
    ...(stp === 1 && isChanging === 1 ? (["ageingTime"] as const) : []),
  ],
  rules: [
    rule<Options, "stp" | "forwardDelay">(["stp", "forwardDelay"], ({ stp, forwardDelay }) =>
      stp && forwardDelay < 2
        ? { at: "forwardDelay", why: `${forwardDelay} is less than 2, the minimum with stp: true` }
        : undefined,
    ),
  ],
  // A bridge follows the smallest MTU of its ports until its own MTU is changed. Creating it with an MTU, or setting the MTU that
  // it already has, is not a change. So a bridge with the kernel's default MTU is created with a different one first.
  initialMtu: ({ mtu }) => (mtu === 1500 ? 1280 : undefined),
  warn: (kernel, { namespace }) => bridgeDropWarning(kernel, namespace),
});
