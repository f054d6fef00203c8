import { describe, expect, test } from "vitest";
import { bridge } from "../../../provider/kinds/bridge.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const MAC = "02:00:00:00:00:01";
const plan = (args: object, seen?: Parameters<typeof bridge.plan>[0]["seen"]) =>
  showPlan(bridge.plan({ seen, desired: ready(bridge, { name: "br0", mac: MAC, ...args }), mark: MARK }));
const state = (args: object) => ready(bridge, { name: "br0", mac: MAC, mtu: 1500, ...args });

test.each([
  ["a bridge", {}, `ip link add name br0 address ${MAC} type bridge\nip link set dev br0 up alias '${MARK}'`],
  [
    "a bridge in a namespace",
    { namespace: "red" },
    `ip -n red link add name br0 address ${MAC} type bridge\nip -n red link set dev br0 up alias '${MARK}'`,
  ],
  [
    "a bridge with all its options",
    { stp: true, vlanFiltering: true, mtu: 9000, up: false },
    `ip link add name br0 address ${MAC} type bridge stp_state 1 vlan_filtering 1\nip link set dev br0 mtu 9000 alias '${MARK}'`,
  ],
  [
    "a bridge that is to keep the usual MTU, by way of another",
    { mtu: 1500 },
    `ip link add name br0 address ${MAC} mtu 1280 type bridge\nip link set dev br0 mtu 1500 up alias '${MARK}'`,
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
  expect(plan(to, { state: state(is), mark: MARK })).toBe(text);
});

test.each([
  [
    "to mark what another has left",
    plan({}, { state: state({}), mark: undefined }),
    `ip link set dev br0 alias '${MARK}'`,
  ],
  [
    "to put a bridge in the place of another link",
    plan({}, { state: undefined, mark: MARK }),
    `ip link delete dev br0\nip link add name br0 address ${MAC} type bridge\nip link set dev br0 up alias '${MARK}'`,
  ],
  [
    "to delete a bridge",
    showPlan(bridge.plan({ seen: { state: state({ namespace: "red" }), mark: MARK }, desired: undefined, mark: MARK })),
    "ip -n red link delete dev br0",
  ],
  [
    "to delete what is no bridge",
    showPlan(bridge.plan({ seen: { state: undefined, mark: MARK }, desired: undefined, mark: MARK })),
    "",
  ],
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
  const observe = (answer: ReturnType<typeof fails>) =>
    scripted([["ip -n red -json -details link show dev br0", answer]], (kernel) =>
      bridge.observe(kernel, ready(bridge, { name: "br0", namespace: "red" }), MARK),
    );

  test.each([
    ["a bridge", {}, { state: state({ namespace: "red", stp: true }), mark: MARK }],
    [
      "a bridge that is down",
      { flags: ["BROADCAST"] },
      { state: state({ namespace: "red", stp: true, up: false }), mark: MARK },
    ],
    ["nobody's bridge", { ifalias: undefined }, { state: state({ namespace: "red", stp: true }), mark: undefined }],
    ["another link", { linkinfo: { info_kind: "veth" } }, { state: undefined, mark: MARK }],
    ["a link of no kind", { linkinfo: undefined }, { state: undefined, mark: MARK }],
  ])("is %s", async (_what, more, expected) => {
    expect(await observe(tells([{ ...link, ...more }]))).toEqual(expected);
  });

  test("is nothing where nothing is", async () => {
    expect(await observe(fails('Device "br0" does not exist.', 1))).toBeUndefined();
  });
});
