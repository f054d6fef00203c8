import { expect, test } from "vitest";
import { dev, ip } from "../../../provider/kernel/tools/ip.ts";
import { veth } from "../../../provider/kinds/veth.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { A, B, BIRTH_A, BIRTH_B, BORN, carrying, pair, SET_A, SET_B, type Seen } from "./pair.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const { a, b } = pair();
const seen = (a: object = {}, b: object = {}, mark: string | undefined = MARK): Seen => {
  const state = pair(a, b);
  return {
    state,
    mark,
    occupants: [
      { end: state.a, alias: mark, mark },
      { end: state.b, alias: mark, mark },
    ],
    addressing: carrying("left", "right"),
    conflicts: [],
  };
};
/** Returns a pair right after its creation. */
const unmarked = (): Seen => ({
  state: pair({ mac: BIRTH_A, up: false }, { mac: BIRTH_B, up: false }),
  mark: MARK,
  occupants: [
    { end: a, alias: undefined, mark: MARK },
    { end: b, alias: undefined, mark: MARK },
  ],
  addressing: carrying("left", "right"),
  conflicts: [],
});
const plan = (change: Omit<Parameters<typeof veth.plan>[0], "mark">) => showPlan(veth.plan({ ...change, mark: MARK }));

test.each([
  [
    { a: { name: "x" }, b: { name: "x" } },
    'both ends are named "x" in the same namespace; change one of the names or namespaces',
  ],
  [
    { a: { name: "x", namespace: "red" }, b: { name: "x", namespace: "red" } },
    'both ends are named "x" in the same namespace; change one of the names or namespaces',
  ],
])("%j is refused because two ends cannot have the same name in one place", (args, reason) => {
  expect(check(veth.schema, args)).toEqual({ failures: [{ property: "b", reason }] });
});

test.each([
  { a: { name: "x" }, b: { name: "x", namespace: "red" } },
  { a: { name: "x" }, b: UNKNOWN },
  { a: UNKNOWN, b: UNKNOWN },
])("%j is accepted", (args) => {
  expect(check(veth.schema, args)).toHaveProperty("args");
});

test.each([
  ["a pair, with both ends in their places from the beginning", pair(), [BORN, SET_B, SET_A]],
  [
    "a pair with all its options",
    pair({ master: "br0", mtu: 9000, up: false }, { namespace: "blue" }),
    [
      `ip -n red link add name left address ${BIRTH_A} mtu 9000 type veth peer name right address 02:c5:dd:e1:fb:21 mtu 1500 netns blue`,
      `ip -n blue link set dev right address ${B.mac} up alias ${MARK}`,
      `ip -n red link set dev left address ${A.mac} master br0 alias ${MARK}`,
    ],
  ],
  [
    "a pair that keeps its initial MAC addresses",
    pair({ mac: undefined }, { mac: undefined }),
    [BORN, `ip link set dev right alias ${MARK}`, "ip -n red link set dev left up"],
  ],
  [
    "a pair whose second end is in a namespace, with the end on the lab host first",
    ready(veth, { a: { name: "right" }, b: { name: "left", namespace: "red" } }),
    [BORN, `ip link set dev right alias ${MARK}`, "ip -n red link set dev left up"],
  ],
  [
    "a pair with both ends down",
    pair({ mac: undefined, up: false }, { mac: undefined, up: false }),
    [BORN.replace(" up type", " type"), `ip link set dev right alias ${MARK}`],
  ],
  [
    "a pair in namespaces whose names are numbers, which could be read as process ids",
    ready(veth, { a: { name: "left", namespace: "7" }, b: { name: "right", namespace: "0x1f" } }),
    [
      `ip -n 7 link add name left address 02:64:4e:00:66:6e mtu 1500 up type veth peer name right address 02:f3:70:33:30:55 mtu 1500 netns /run/netns/0x1f`,
      `ip -n 0x1f link set dev right up alias ${MARK}`,
    ],
  ],
  [
    "a pair on the lab host",
    ready(veth, { a: { name: "one" }, b: { name: "two" } }),
    [
      `ip link add name one address 02:98:2a:bc:8f:94 mtu 1500 up type veth peer name two address 02:da:2e:03:14:0d mtu 1500`,
      `ip link set dev two up alias ${MARK}`,
    ],
  ],
])("the plan to create %s", (_what, desired, lines) => {
  expect(plan({ seen: undefined, desired })).toBe(lines.join("\n"));
});

test("a pair is deleted by one of its ends if a later step fails", () => {
  const [add] = veth.plan({ seen: undefined, desired: pair(), mark: MARK });
  expect(add?.undo).toEqual(ip(undefined, "link", "delete", dev("right")));
});

test.each<[string, Seen, ReturnType<typeof pair>, string[]]>([
  ["no change", seen(), pair(), []],
  ["a change of one end", seen(), pair({}, { mtu: 1400, up: false }), ["ip link set dev right mtu 1400 down"]],
  [
    "a change of both ends",
    seen(),
    pair({ master: "br0" }, { up: false }),
    ["ip -n red link set dev left master br0", "ip link set dev right down"],
  ],
  ["a pair that leaves its bridge", seen({ master: "br0" }), pair(), ["ip -n red link set dev left nomaster"]],
  [
    "a pair with another mark, which is only marked",
    seen({}, {}, STRANGER),
    pair(),
    [`ip -n red link set dev left alias ${MARK}`, `ip link set dev right alias ${MARK}`],
  ],
  [
    "a pair that another resource of the stack has left, with everything on it",
    { ...seen({}, {}, SIBLING), state: undefined },
    pair(),
    ["ip -n red link delete dev left", "ip link delete dev right", BORN, SET_B, SET_A],
  ],
  [
    "one remaining end of a pair",
    {
      state: undefined,
      mark: MARK,
      occupants: [{ end: a, alias: MARK, mark: MARK }],
      addressing: carrying("left"),
      conflicts: [],
    },
    pair(),
    ["ip -n red link delete dev left", BORN, SET_B, SET_A],
  ],
  ["a pair right after its creation", unmarked(), pair(), [SET_A, SET_B.replace(" alias", " up alias")]],
  [
    "a pair with a mark on one end",
    {
      ...seen(),
      occupants: [
        { end: a, alias: MARK, mark: MARK },
        { end: b, alias: undefined, mark: MARK },
      ],
    },
    pair(),
    [`ip link set dev right alias ${MARK}`],
  ],
  [
    "a pair with a mark on one end and the initial MAC address on the other one",
    {
      ...seen({ mac: BIRTH_A }),
      occupants: [
        { end: a, alias: undefined, mark: MARK },
        { end: b, alias: MARK, mark: MARK },
      ],
    },
    pair({ mac: undefined }, { mtu: 1400 }),
    ["ip link set dev right mtu 1400"],
  ],
  [
    "a pair with a mark on one end and another MAC address on the other one",
    {
      ...seen({ mac: "02:00:00:00:00:99" }),
      occupants: [
        { end: a, alias: undefined, mark: MARK },
        { end: b, alias: MARK, mark: MARK },
      ],
    },
    pair({ mac: undefined }),
    [`ip -n red link set dev left address ${BIRTH_A}`],
  ],
])("the plan for %s", (_what, seen, desired, lines) => {
  expect(plan({ seen, desired })).toBe(lines.join("\n"));
});

test.each<[string, Seen | undefined, string[]]>([
  ["a pair, by one end", seen(), ["ip -n red link delete dev left"]],
  ["a missing pair", undefined, []],
  [
    "two ends that are not a pair, one after the other",
    { ...seen(), state: undefined },
    ["ip -n red link delete dev left", "ip link delete dev right"],
  ],
  [
    "only the end with the mark",
    {
      state: undefined,
      mark: MARK,
      occupants: [
        { end: a, alias: undefined, mark: undefined },
        { end: b, alias: MARK, mark: MARK },
      ],
      addressing: carrying("left", "right"),
      conflicts: [],
    },
    ["ip link delete dev right"],
  ],
  ["a pair right after its creation, by one end", unmarked(), ["ip -n red link delete dev left"]],
  [
    "nothing if two ends are not a pair and have only the initial MAC addresses, since another resource may have created them",
    { ...unmarked(), state: undefined },
    [],
  ],
])("the plan to delete %s", (_what, seen, lines) => {
  expect(plan({ seen, desired: undefined })).toBe(lines.join("\n"));
});
