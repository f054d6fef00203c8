import { describe, expect, test } from "vitest";
import { bridge } from "../../../provider/kinds/bridge.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const MAC = "02:00:00:00:00:01";
const BIRTH_MAC = "02:20:66:6d:12:a8";
const BIRTH_MAC_IN_RED = "02:ba:83:9a:bb:43";
const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
type Seen = Parameters<typeof bridge.plan>[0]["seen"];
const ending = (seen: Seen) => showPlan(bridge.plan({ seen, desired: undefined, mark: MARK }));
const plan = (args: object, seen?: Seen) =>
  showPlan(bridge.plan({ seen, desired: ready(bridge, { name: "br0", mac: MAC, ...args }), mark: MARK }));
const state = (args: object) => ready(bridge, { name: "br0", mac: MAC, mtu: 1500, ...args });

test.each([
  [
    "a bridge",
    {},
    `ip link add name br0 address ${BIRTH_MAC} type bridge\nip link set dev br0 address ${MAC} up alias ${MARK}`,
  ],
  [
    "a bridge that keeps the MAC address that it is born with",
    { mac: undefined },
    `ip link add name br0 address ${BIRTH_MAC} type bridge\nip link set dev br0 up alias ${MARK}`,
  ],
  [
    "a bridge in a namespace",
    { namespace: "red" },
    `ip -n red link add name br0 address ${BIRTH_MAC_IN_RED} type bridge\nip -n red link set dev br0 address ${MAC} up alias ${MARK}`,
  ],
  [
    "a bridge with all its options",
    { stp: true, vlanFiltering: true, mtu: 9000, up: false },
    `ip link add name br0 address ${BIRTH_MAC} type bridge stp_state 1 vlan_filtering 1\nip link set dev br0 address ${MAC} mtu 9000 alias ${MARK}`,
  ],
  [
    "a bridge that is to keep the usual MTU, by way of another",
    { mtu: 1500 },
    `ip link add name br0 address ${BIRTH_MAC} mtu 1280 type bridge\nip link set dev br0 address ${MAC} mtu 1500 up alias ${MARK}`,
  ],
])("the plan to make %s", (_what, args, text) => {
  expect(plan(args)).toBe(text);
});

test.each([
  ["no change", {}, {}, ""],
  ["being down", {}, { up: false }, "ip link set dev br0 down"],
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
  expect(plan(to, { state: state(is), mark: MARK, alias: MARK })).toBe(text);
});

test.each([
  [
    "to mark what another has left",
    plan({}, { state: state({}), mark: SIBLING, alias: SIBLING }),
    `ip link set dev br0 alias ${MARK}`,
  ],
  [
    "to mark what nobody has marked",
    plan({}, { state: state({}), mark: undefined, alias: undefined }),
    `ip link set dev br0 alias ${MARK}`,
  ],
  [
    "to go on with a bridge from its birth",
    plan({}, { state: state({ mac: BIRTH_MAC, up: false }), mark: MARK, alias: undefined }),
    `ip link set dev br0 address ${MAC} up alias ${MARK}`,
  ],
  [
    "to mark a bridge that has all else from its birth",
    plan({ mac: undefined, up: false }, { state: state({ mac: BIRTH_MAC, up: false }), mark: MARK, alias: undefined }),
    `ip link set dev br0 alias ${MARK}`,
  ],
  [
    "to put a bridge in the place of another link",
    plan({}, { state: undefined, mark: MARK, alias: MARK }),
    `ip link delete dev br0\nip link add name br0 address ${BIRTH_MAC} type bridge\nip link set dev br0 address ${MAC} up alias ${MARK}`,
  ],
  [
    "to delete a bridge",
    ending({ state: state({ namespace: "red" }), mark: MARK, alias: MARK }),
    "ip -n red link delete dev br0",
  ],
  ["to delete what is no bridge", ending({ state: undefined, mark: MARK, alias: MARK }), ""],
])("the plan %s", (_what, is, text) => {
  expect(is).toBe(text);
});

describe("what is seen", () => {
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
    ["a bridge", {}, { state: STATE, mark: MARK, alias: MARK }],
    ["a bridge that is down", { flags: ["BROADCAST"] }, { state: { ...STATE, up: false }, mark: MARK, alias: MARK }],
    ["a sibling's bridge", { ifalias: SIBLING }, { state: STATE, mark: SIBLING, alias: SIBLING }],
    ["nobody's bridge", { ifalias: undefined }, { state: STATE, mark: undefined, alias: undefined }],
    [
      "a bridge right after its birth",
      { ifalias: undefined, address: BIRTH_MAC_IN_RED },
      { state: { ...STATE, mac: BIRTH_MAC_IN_RED }, mark: MARK, alias: undefined },
    ],
    [
      "a sibling's bridge that has kept its MAC address",
      { ifalias: SIBLING, address: BIRTH_MAC_IN_RED },
      { state: { ...STATE, mac: BIRTH_MAC_IN_RED }, mark: SIBLING, alias: SIBLING },
    ],
    [
      "nobody's bridge with the MAC address of another place",
      { ifalias: undefined, address: BIRTH_MAC },
      { state: { ...STATE, mac: BIRTH_MAC }, mark: undefined, alias: undefined },
    ],
    ["another link", { linkinfo: { info_kind: "veth" } }, { state: undefined, mark: MARK, alias: MARK }],
    ["a link of no kind", { linkinfo: undefined }, { state: undefined, mark: MARK, alias: MARK }],
    [
      "another link right after its birth",
      { ifalias: undefined, address: BIRTH_MAC_IN_RED, linkinfo: { info_kind: "veth" } },
      { state: undefined, mark: MARK, alias: undefined },
    ],
  ])("is %s", async (_what, more, expected) => {
    const { carried, ...seen } = (await observe(tells([{ ...link, ...more }]))) ?? {};
    expect(seen).toEqual(expected);
    expect(carried?.link?.ifname).toBe(link.ifname);
  });

  test("is nothing where nothing is", async () => {
    expect(await observe(fails('Device "br0" does not exist.', 1))).toBeUndefined();
  });
});
