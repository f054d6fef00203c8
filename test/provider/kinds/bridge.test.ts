import { describe, expect, test } from "vitest";
import { bridge } from "../../../provider/kinds/bridge.ts";
import { initialGroup } from "../../../provider/kinds/link.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const MAC = "02:00:00:00:00:01";
const DEFAULT_MAC = "02:20:66:6d:12:a8";
const DEFAULT_MAC_IN_RED = "02:ba:83:9a:bb:43";
const GROUP = initialGroup({ name: "br0" }, MARK);
const GROUP_IN_RED = initialGroup({ name: "br0", namespace: "red" }, MARK);
const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
type Seen = NonNullable<Parameters<typeof bridge.plan>[0]["seen"]>;
type Link = NonNullable<Seen["addressing"]["link"]>;
/** Returns an observed bridge, or another link of its name. */
const seen = (
  state: Seen["state"],
  alias: string | undefined,
  more: Partial<Seen> & { mark?: string | undefined } = {},
): Seen => {
  const link: Link = { ifindex: 2, ifname: "br0", flags: [], mtu: 1500, ifalias: alias, addr_info: [] };
  return {
    state,
    mark: alias,
    addressing: { link, routes: [] },
    conflicts: [],
    unseen: [],
    isInInitialGroup: false,
    isNameTaken: false,
    ...more,
  };
};
const rival = (ifname: string, mark: string | undefined): Seen["conflicts"][number] => ({
  link: { ifindex: 3, ifname, flags: [], mtu: 1500, ifalias: mark, addr_info: [] },
  namespace: undefined,
  name: "lan",
  mark,
});
const ending = (seen: Seen | undefined) => showPlan(bridge.plan({ seen, desired: undefined, mark: MARK }));
const plan = (args: object, seen?: Seen) =>
  showPlan(bridge.plan({ seen, desired: ready(bridge, { name: "br0", mac: MAC, ...args }), mark: MARK }));
const state = (args: object) => ready(bridge, { name: "br0", mac: MAC, mtu: 1500, ...args });

test.each([
  [
    "a bridge",
    {},
    `ip link add name br0 group ${GROUP} address ${MAC} type bridge\nip link set dev br0 up alias ${MARK} group default`,
  ],
  [
    "a bridge with the default MAC address",
    { mac: undefined },
    `ip link add name br0 group ${GROUP} address ${DEFAULT_MAC} type bridge\nip link set dev br0 up alias ${MARK} group default`,
  ],
  [
    "a bridge in a namespace",
    { namespace: "red" },
    `ip -n red link add name br0 group ${GROUP_IN_RED} address ${MAC} type bridge\nip -n red link set dev br0 up alias ${MARK} group default`,
  ],
  [
    "a bridge with options",
    { stp: true, priority: 4096, forwardDelay: 4, vlanFiltering: true, mtu: 9000, up: false },
    `ip link add name br0 group ${GROUP} address ${MAC} type bridge stp_state 1 priority 4096 forward_delay 400 vlan_filtering 1\nip link set dev br0 mtu 9000 alias ${MARK} group default`,
  ],
  [
    "a bridge with an explicit MTU of 1500, which is first set to another value",
    { mtu: 1500 },
    `ip link add name br0 group ${GROUP} address ${MAC} mtu 1280 type bridge\nip link set dev br0 mtu 1500 up alias ${MARK} group default`,
  ],
])("the plan to create %s", (_what, args, text) => {
  expect(plan(args)).toBe(text);
});

test.each([
  ["no change", {}, {}, ""],
  ["up: false", {}, { up: false }, "ip link set dev br0 down"],
  [
    "another MAC and MTU",
    {},
    { mac: "02:00:00:00:00:02", mtu: 1400 },
    "ip link set dev br0 address 02:00:00:00:00:02 mtu 1400",
  ],
  ["an MTU that is left to the kernel", { mtu: 9000 }, { mtu: undefined }, ""],
  [
    "options on",
    {},
    { stp: true, vlanFiltering: true },
    "ip link set dev br0 type bridge stp_state 1 vlan_filtering 1",
  ],
  [
    "an option off",
    { stp: true, vlanFiltering: true },
    { vlanFiltering: true },
    "ip link set dev br0 type bridge stp_state 0",
  ],
  [
    "a change in a namespace",
    { namespace: "red" },
    { namespace: "red", stp: true, up: false },
    "ip -n red link set dev br0 type bridge stp_state 1\nip -n red link set dev br0 down",
  ],
])("the plan for %s", (_what, is, to, text) => {
  expect(plan(to, seen(state(is), MARK))).toBe(text);
});

test.each([
  [
    "to mark a bridge that another resource has left",
    plan({}, seen(state({}), SIBLING)),
    `ip link set dev br0 alias ${MARK}`,
  ],
  [
    "to mark an unmarked bridge",
    plan({}, seen(state({}), undefined)),
    `ip link set dev br0 address ${MAC} alias ${MARK}`,
  ],
  [
    "to continue with a bridge that has only been created",
    plan({}, seen(state({ up: false }), undefined, { mark: MARK, isInInitialGroup: true })),
    `ip link set dev br0 up alias ${MARK} group default`,
  ],
  [
    "to mark a bridge that has only been created and needs no other change",
    plan({ up: false }, seen(state({ up: false }), undefined, { mark: MARK, isInInitialGroup: true })),
    `ip link set dev br0 alias ${MARK} group default`,
  ],
  [
    "to take its alternative name from another link of the stack",
    plan({ altname: "lan" }, seen(state({}), MARK, { conflicts: [rival("eth1", SIBLING)] })),
    "ip link property del dev eth1 altname lan\nip link property add dev br0 altname lan",
  ],
  [
    "to take its alternative name from a link of the stack whose own name it is",
    plan({ altname: "lan" }, seen(state({}), MARK, { conflicts: [rival("lan", SIBLING)] })),
    "ip link delete dev lan\nip link property add dev br0 altname lan",
  ],
  [
    "to try to add an alternative name that a foreign link has",
    plan({ altname: "lan" }, seen(state({}), MARK, { conflicts: [rival("eth1", undefined)] })),
    "ip link property add dev br0 altname lan",
  ],
  [
    "to replace another link with a bridge",
    plan({}, seen(undefined, MARK)),
    `ip link delete dev br0\nip link add name br0 group ${GROUP} address ${MAC} type bridge\nip link set dev br0 up alias ${MARK} group default`,
  ],
  ["to delete a bridge", ending(seen(state({ namespace: "red" }), MARK)), "ip -n red link delete dev br0"],
  ["to delete a link that is not a bridge, which does nothing", ending(seen(undefined, MARK)), ""],
])("the plan %s", (_what, is, text) => {
  expect(is).toBe(text);
});

describe("the observed state", () => {
  const link = {
    ifindex: 3,
    ifname: "br0",
    flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
    mtu: 1500,
    address: MAC,
    ifalias: MARK,
    linkinfo: { info_kind: "bridge", info_data: { stp_state: 1, vlan_filtering: 0, priority: 32_768 } },
  };
  const STATE = state({ namespace: "red", stp: true });
  const observe = (answer: ReturnType<typeof fails>) =>
    scripted([["ip -n red -json -details address show dev br0", answer]], (kernel) =>
      bridge.observe(kernel, ready(bridge, { name: "br0", namespace: "red" }), MARK),
    );

  test.each([
    ["a bridge", {}, { state: STATE, mark: MARK }],
    ["a bridge that is down", { flags: ["BROADCAST"] }, { state: { ...STATE, up: false }, mark: MARK }],
    ["a bridge of another resource", { ifalias: SIBLING }, { state: STATE, mark: SIBLING }],
    ["an unmarked bridge", { ifalias: undefined }, { state: STATE, mark: undefined }],
    [
      "a bridge that has no alias yet",
      { ifalias: undefined, group: String(GROUP_IN_RED) },
      { state: STATE, mark: MARK, isInInitialGroup: true },
    ],
    [
      "a bridge that has lost its alias",
      { ifalias: undefined, address: DEFAULT_MAC_IN_RED },
      { state: { ...STATE, mac: DEFAULT_MAC_IN_RED }, mark: MARK },
    ],
    [
      "an unmarked bridge in the group of another place",
      { ifalias: undefined, group: String(GROUP) },
      { state: STATE, mark: undefined },
    ],
    [
      "a bridge of another resource that has kept its initial MAC address",
      { ifalias: SIBLING, address: DEFAULT_MAC_IN_RED },
      { state: { ...STATE, mac: DEFAULT_MAC_IN_RED }, mark: SIBLING },
    ],
    [
      "an unmarked bridge with the MAC address of another place",
      { ifalias: undefined, address: DEFAULT_MAC },
      { state: { ...STATE, mac: DEFAULT_MAC }, mark: undefined },
    ],
    ["another link", { linkinfo: { info_kind: "veth" } }, { state: undefined, mark: MARK }],
    ["a link without a kind", { linkinfo: undefined }, { state: undefined, mark: MARK }],
    [
      "another link that has no alias yet",
      { ifalias: undefined, address: DEFAULT_MAC_IN_RED, linkinfo: { info_kind: "veth" } },
      { state: undefined, mark: MARK },
    ],
  ])("is %s", async (_what, more, expected) => {
    const { addressing, ...seen } = (await observe(tells([{ ...link, ...more }]))) ?? {};
    expect(seen).toEqual({
      isInInitialGroup: false,
      isNameTaken: false,
      conflicts: [],
      unseen: [],
      ...expected,
    });
    expect(addressing?.link?.ifname).toBe(link.ifname);
  });

  test("is undefined without a link", async () => {
    expect(await observe(fails('Device "br0" does not exist.', 1))).toBeUndefined();
  });
});
