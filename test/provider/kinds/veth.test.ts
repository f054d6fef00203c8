import { describe, expect, test } from "vitest";
import { veth } from "../../../provider/kinds/veth.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const A = { name: "left", namespace: "red", mac: "02:00:00:00:00:0a" };
const B = { name: "right", mac: "02:00:00:00:00:0b" };
const [BIRTH_A, BIRTH_B] = ["02:37:90:63:dd:ce", "02:91:42:72:a5:1b"];
const pair = (a: object = {}, b: object = {}) => ready(veth, { a: { ...A, ...a }, b: { ...B, ...b } });
const { a, b } = pair();
type Seen = NonNullable<Parameters<typeof veth.plan>[0]["seen"]>;
const seen = (a: object = {}, b: object = {}, mark: string | undefined = MARK): Seen => {
  const state = pair(a, b);
  return {
    state,
    mark,
    holders: [
      { end: state.a, alias: mark, mark },
      { end: state.b, alias: mark, mark },
    ],
  };
};
/** A pair as it is right after its birth. */
const unmarked = (): Seen => ({
  state: pair({ mac: BIRTH_A, up: false }, { mac: BIRTH_B, up: false }),
  mark: MARK,
  holders: [
    { end: a, alias: undefined, mark: MARK },
    { end: b, alias: undefined, mark: MARK },
  ],
});
const plan = (change: Omit<Parameters<typeof veth.plan>[0], "mark">) => showPlan(veth.plan({ ...change, mark: MARK }));

test.each([
  [
    { a: { name: "x" }, b: { name: "x" } },
    'both ends are named "x" in the same namespace; give one another name or namespace',
  ],
  [
    { a: { name: "x", namespace: "red" }, b: { name: "x", namespace: "red" } },
    'both ends are named "x" in the same namespace; give one another name or namespace',
  ],
])("%j is refused: two ends cannot be one interface", (args, reason) => {
  expect(check(veth.schema, args)).toEqual({ failures: [{ property: "b", reason }] });
});

test.each([
  { a: { name: "x" }, b: { name: "x", namespace: "red" } },
  { a: { name: "x" }, b: UNKNOWN },
  { a: UNKNOWN, b: UNKNOWN },
])("%j is taken", (args) => {
  expect(check(veth.schema, args)).toHaveProperty("args");
});

const BORN = `ip link add name left address ${BIRTH_A} mtu 1500 netns red type veth peer name right address ${BIRTH_B} mtu 1500`;
const SET_A = `ip -n red link set dev left address ${A.mac} up alias ${MARK}`;
const SET_B = `ip link set dev right address ${B.mac} up alias ${MARK}`;

test.each([
  ["a pair, both ends in their places from the start", pair(), [BORN, SET_A, SET_B]],
  [
    "a pair with all its options",
    pair({ master: "br0", mtu: 9000, up: false }, { namespace: "blue" }),
    [
      `ip link add name left address ${BIRTH_A} mtu 9000 netns red type veth peer name right address 02:c5:dd:e1:fb:21 mtu 1500 netns blue`,
      `ip -n red link set dev left address ${A.mac} master br0 alias ${MARK}`,
      `ip -n blue link set dev right address ${B.mac} up alias ${MARK}`,
    ],
  ],
  [
    "a pair that keeps the MAC addresses that it is born with",
    pair({ mac: undefined }, { mac: undefined }),
    [BORN, `ip -n red link set dev left up alias ${MARK}`, `ip link set dev right up alias ${MARK}`],
  ],
])("the plan to make %s", (_what, desired, lines) => {
  expect(plan({ seen: undefined, desired })).toBe(lines.join("\n"));
});

test("a pair that cannot be made ready is taken back by one of its ends", () => {
  const [add] = veth.plan({ seen: undefined, desired: pair(), mark: MARK });
  expect(add?.undo).toEqual({ tool: "ip", namespace: "red", args: ["link", "delete", "dev", "left"] });
});

test.each<[string, Seen, ReturnType<typeof pair>, string[]]>([
  ["no change", seen(), pair(), []],
  ["a change of one end", seen(), pair({}, { mtu: 1400, up: false }), ["ip link set dev right mtu 1400 down"]],
  [
    "a change of both",
    seen(),
    pair({ master: "br0" }, { up: false }),
    ["ip -n red link set dev left master br0", "ip link set dev right down"],
  ],
  ["a pair that leaves its bridge", seen({ master: "br0" }), pair(), ["ip -n red link set dev left nomaster"]],
  [
    "a pair that another resource has left",
    seen({}, {}, SIBLING),
    pair(),
    [`ip -n red link set dev left alias ${MARK}`, `ip link set dev right alias ${MARK}`],
  ],
  [
    "one end that is left of a pair",
    { state: undefined, mark: MARK, holders: [{ end: a, alias: MARK, mark: MARK }] },
    pair(),
    ["ip -n red link delete dev left", BORN, SET_A, SET_B],
  ],
  ["a pair right after its birth", unmarked(), pair(), [SET_A, SET_B]],
  [
    "a pair of which one end is marked",
    {
      ...seen(),
      holders: [
        { end: a, alias: MARK, mark: MARK },
        { end: b, alias: undefined, mark: MARK },
      ],
    },
    pair(),
    [`ip link set dev right alias ${MARK}`],
  ],
])("the plan for %s", (_what, seen, desired, lines) => {
  expect(plan({ seen, desired })).toBe(lines.join("\n"));
});

test.each<[string, Seen | undefined, string[]]>([
  ["a pair, by one end", seen(), ["ip -n red link delete dev left"]],
  ["what is not there", undefined, []],
  [
    "two ends that are no pair, one by one",
    { ...seen(), state: undefined },
    ["ip -n red link delete dev left", "ip link delete dev right"],
  ],
  [
    "only what bears the mark",
    {
      state: undefined,
      mark: MARK,
      holders: [
        { end: a, alias: undefined, mark: undefined },
        { end: b, alias: MARK, mark: MARK },
      ],
    },
    ["ip link delete dev right"],
  ],
  ["a pair right after its birth, by one end", unmarked(), ["ip -n red link delete dev left"]],
  [
    "two ends that are no pair, right after their birth, one by one",
    { ...unmarked(), state: undefined },
    ["ip -n red link delete dev left", "ip link delete dev right"],
  ],
])("the plan to delete %s", (_what, seen, lines) => {
  expect(plan({ seen, desired: undefined })).toBe(lines.join("\n"));
});

describe("what is seen", () => {
  const link = (more: object) =>
    tells([{ flags: ["UP"], mtu: 1500, ifalias: MARK, linkinfo: { info_kind: "veth" }, ...more }]);
  const left = (more: object = {}) => link({ ifindex: 2, ifname: "left", link_index: 7, address: A.mac, ...more });
  const right = (more: object = {}) => link({ ifindex: 7, ifname: "right", link_index: 2, address: B.mac, ...more });
  const none = fails("Device does not exist.");
  const NOBODYS = { ifalias: undefined };
  const BORN_A = { ifalias: undefined, address: BIRTH_A };
  const BORN_B = { ifalias: undefined, address: BIRTH_B };
  const observe = (one: typeof none, other: typeof none) =>
    scripted(
      [
        ["ip -n red -json -details address show dev left", one],
        ["ip -json -details address show dev right", other],
      ],
      (kernel) => veth.observe(kernel, pair(), MARK),
    );

  test.each([
    ["a pair", left(), right(), { whole: true, mark: MARK, holders: 2 }],
    ["a pair with a port", left({ master: "br0" }), right(), { whole: true, mark: MARK, holders: 2 }],
    ["nothing", none, none, undefined],
    ["one end", left(), none, { whole: false, mark: MARK, holders: 1 }],
    ["the other end, another's", none, right({ ifalias: SIBLING }), { whole: false, mark: SIBLING, holders: 1 }],
    ["ends of two pairs", left({ link_index: 9 }), right(), { whole: false, mark: MARK, holders: 2 }],
    [
      "a link of another kind",
      left(),
      right({ linkinfo: { info_kind: "bridge" } }),
      { whole: false, mark: MARK, holders: 2 },
    ],
    ["the own mark before a sibling's", left({ ifalias: SIBLING }), right(), { whole: true, mark: MARK, holders: 2 }],
    ["the own mark on either end", left({ ifalias: STRANGER }), right(), { whole: true, mark: MARK, holders: 2 }],
    ["the own mark on one end", left(), right({ ifalias: undefined }), { whole: true, mark: MARK, holders: 2 }],
    ["nobody's pair", left(NOBODYS), right(NOBODYS), { whole: true, mark: undefined, holders: 2 }],
    ["a pair right after its birth", left(BORN_A), right(BORN_B), { whole: true, mark: MARK, holders: 2 }],
    ["a pair of which one end is marked", left(), right(BORN_B), { whole: true, mark: MARK, holders: 2 }],
    ["one end right after its birth", left(BORN_A), none, { whole: false, mark: MARK, holders: 1 }],
    [
      "nobody's pair with the MAC addresses of each other's ends",
      left({ ...NOBODYS, address: BIRTH_B }),
      right({ ...NOBODYS, address: BIRTH_A }),
      { whole: true, mark: undefined, holders: 2 },
    ],
    [
      "a stranger's end beside one right after its birth",
      left(BORN_A),
      right({ ifalias: STRANGER, link_index: 9 }),
      { whole: false, mark: STRANGER, holders: 2 },
    ],
  ])("is %s", async (_what, one, other, expected) => {
    const found = await observe(one, other);
    expect(found && { whole: found.state !== undefined, mark: found.mark, holders: found.holders.length }).toEqual(
      expected,
    );
  });

  test.each([
    ["marked", left(), right(), [MARK, MARK], [MARK, MARK]],
    ["right after its birth", left(BORN_A), right(BORN_B), [undefined, undefined], [MARK, MARK]],
    ["a sibling's", left({ ifalias: SIBLING, address: BIRTH_A }), right(), [SIBLING, MARK], [SIBLING, MARK]],
    ["nobody's", left(NOBODYS), right(NOBODYS), [undefined, undefined], [undefined, undefined]],
  ])("tells of each end of a pair that is %s its alias and its mark", async (_what, one, other, aliases, marks) => {
    expect((await observe(one, other))?.holders).toMatchObject([
      { end: a, alias: aliases[0], mark: marks[0] },
      { end: b, alias: aliases[1], mark: marks[1] },
    ]);
  });

  test("is both ends in terms of their arguments", async () => {
    expect(await observe(left({ master: "br0", mtu: 1400, flags: [] }), right())).toMatchObject({
      state: pair({ master: "br0", mtu: 1400, up: false }),
    });
  });

  test("is a pair within one place when each names the other", async () => {
    const near = ready(veth, { a: { name: "left" }, b: { name: "right" } });
    const asked = (name: string, peer: string) =>
      [`ip -json -details address show dev ${name}`, link({ ifindex: 1, ifname: name, link: peer })] as const;
    const look = (peer: string) =>
      scripted([asked("left", peer), asked("right", "left")], (kernel) => veth.observe(kernel, near, MARK));
    expect((await look("right"))?.state).toBeDefined();
    expect((await look("wrong"))?.state).toBeUndefined();
  });
});
