import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const TABLE = "inet pulumi-netns/lab/dev";
const LAN = { type: "masquerade", source: "192.168.15.0/24" };
const CHAIN = `add table ${TABLE}
add chain ${TABLE} postrouting { type nat hook postrouting priority 100; policy accept; }`;

const LIST = "ip netns exec red nft --json list table inet pulumi-netns/lab/dev";

type Seen = NonNullable<Parameters<typeof natRule.plan>[0]["seen"]>;
const seen = (args: { type: string; namespace?: string }, more: Partial<Seen> = {}): Seen => ({
  state: ready(natRule, args),
  mark: MARK,
  namespace: args.namespace,
  table: "pulumi-netns/lab/dev",
  chain: "postrouting",
  handle: 4,
  rules: 2,
  ...more,
});
const plan = (seen: Seen | undefined, args: object) =>
  showPlan(natRule.plan({ seen, desired: ready(natRule, args), mark: MARK }));
const input = (lines: string, command = "nft -f -") => `${command} <<'EOF'\n${lines}\nEOF`;

test.each([
  [
    "a rule",
    undefined,
    LAN,
    input(`${CHAIN}\nadd rule ${TABLE} postrouting ip saddr 192.168.15.0/24 masquerade comment "${MARK}"`),
  ],
  [
    "a rule in a namespace, at a priority of its own",
    undefined,
    { type: "redirect", protocol: "tcp", destinationPort: 80, toPort: 8080, priority: -50, namespace: "red" },
    input(
      `add table ${TABLE}
add chain ${TABLE} prerouting_at_-50 { type nat hook prerouting priority -50; policy accept; }
add rule ${TABLE} prerouting_at_-50 tcp dport 80 redirect to :8080 comment "${MARK}"`,
      "ip netns exec red nft -f -",
    ),
  ],
  ["no change", seen(LAN), LAN, ""],
  [
    "a change in its place",
    seen(LAN),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
  [
    "a change that leads to another chain, in one transaction",
    seen({ type: "redirect" }, { chain: "prerouting" }),
    { type: "masquerade" },
    input(
      `${CHAIN}\nadd rule ${TABLE} postrouting masquerade comment "${MARK}"\ndelete rule ${TABLE} prerouting handle 4`,
    ),
  ],
  [
    "a rule that says what no arguments can ask for",
    seen(LAN, { state: undefined }),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
  [
    "a rule that bears another mark of its stack",
    seen({ type: "masquerade" }, { mark: "pulumi-netns:lab/dev:old@0123abcd" }),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
])("the plan for %s", (_what, seen, args, text) => {
  expect(plan(seen, args)).toBe(text);
});

describe("the plan to delete", () => {
  test.each([
    ["one rule of several", seen(LAN), input(`delete rule ${TABLE} postrouting handle 4`)],
    ["the last rule, with the table", seen(LAN, { rules: 1 }), input(`delete table ${TABLE}`)],
    [
      "a rule in a namespace",
      seen({ ...LAN, namespace: "red" }),
      input(`delete rule ${TABLE} postrouting handle 4`, "ip netns exec red nft -f -"),
    ],
    ["what is not there", undefined, ""],
  ])("%s", (_what, seen, text) => {
    const plan = natRule.plan({ seen, desired: undefined, mark: MARK });
    expect(showPlan(plan)).toBe(text);
    expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
  });
});

describe("the plan for several at once", () => {
  const mark = (name: string) => `pulumi-netns:lab/dev:${name}@0123abcd`;
  const rule = (handle: number, rules: number, more: Partial<Seen> = {}) => ({
    seen: seen(LAN, { handle, rules, mark: mark(`${handle}`), ...more }),
    desired: undefined,
    mark: mark(`${handle}`),
  });
  const masquerade = (name: string, seen?: Seen) => ({
    seen,
    desired: ready(natRule, { type: "masquerade", outInterface: name }),
    mark: mark(name),
  });
  const together = (...changes: Parameters<typeof natRule.plan>[0][]) => natRule.planTogether?.(changes) ?? [];
  const added = (name: string) => `add rule ${TABLE} postrouting oifname "${name}" masquerade comment "${mark(name)}"`;

  test.each([
    ["new rules share their chain", [masquerade("a"), masquerade("b")], `${CHAIN}\n${added("a")}\n${added("b")}`],
    [
      "rules that go leave those that stay",
      [rule(4, 3), rule(5, 3)],
      `delete rule ${TABLE} postrouting handle 4\ndelete rule ${TABLE} postrouting handle 5`,
    ],
    ["all rules that go take the table along", [rule(4, 2), rule(5, 2)], `delete table ${TABLE}`],
    [
      "a table that a new rule comes into stays",
      [rule(4, 1), masquerade("a")],
      `${CHAIN}\n${added("a")}\ndelete rule ${TABLE} postrouting handle 4`,
    ],
    [
      "a table with a rule that is changed stays",
      [rule(4, 2), masquerade("a", seen(LAN, { handle: 5, mark: mark("a") }))],
      `${CHAIN}
replace rule ${TABLE} postrouting handle 5 oifname "a" masquerade comment "${mark("a")}"
delete rule ${TABLE} postrouting handle 4`,
    ],
    [
      "each table goes by itself",
      [rule(4, 1, { table: "pulumi-netns/lab/old" }), rule(5, 2)],
      `delete table inet pulumi-netns/lab/old\ndelete rule ${TABLE} postrouting handle 5`,
    ],
  ])("%s", (_what, changes, lines) => {
    const plan = together(...changes);
    expect(showPlan(plan)).toBe(input(lines));
    // The others would not be done, and nobody told.
    expect(plan.flatMap(({ tolerate }) => tolerate ?? [])).toEqual([]);
  });

  test("what is as it is to be is left alone", () => {
    const same = { seen: seen(LAN), desired: ready(natRule, LAN), mark: MARK };
    expect(together(same, same)).toEqual([]);
    expect(showPlan(together(same, rule(5, 3)))).toBe(input(`delete rule ${TABLE} postrouting handle 5`));
  });
});

test("a rule of another stack's table is never looked for in the own", () => {
  const text = plan(seen(LAN, { mark: "pulumi-netns:lab/old:it@0123abcd", table: "pulumi-netns/lab/old", rules: 1 }), {
    type: "masquerade",
  });
  expect(text).not.toContain(`${TABLE} postrouting handle 4`);
  expect(text).toContain("\ndelete table inet pulumi-netns/lab/old\n");
});

test("a rule that says what no arguments can ask for is deleted where it is", () => {
  const rule = { chain: "postrouting", handle: 7, comment: MARK, expr: [{ counter: {} }, { masquerade: null }] };
  return scripted(
    [[LIST, tells({ nftables: [{ rule }] })], [input(`delete table ${TABLE}`, "ip netns exec red nft -f -")]],
    async (kernel) => {
      const args = ready(natRule, { type: "masquerade", namespace: "red" });
      await lifecycles(kernel)
        .get("NatRule")
        ?.delete("id", { ...args, __mark: MARK });
    },
  );
});

test("rules are told apart by their marks, and change one after the other in each place", () => {
  const [here, there] = [ready(natRule, LAN), ready(natRule, { ...LAN, namespace: "red" })];
  expect([natRule.id(here, MARK), natRule.id(there, MARK)]).toEqual([MARK, `red/${MARK}`]);
  expect(natRule.serial?.(here)).toBe(natRule.serial?.(ready(natRule, { type: "masquerade" })));
  expect(natRule.serial?.(here)).not.toBe(natRule.serial?.(there));
});

describe("what is seen", () => {
  const item = (comment: string | undefined, handle: number) => ({
    rule: { chain: "postrouting", handle, comment, expr: [{ masquerade: null }] },
  });
  const observe = (answer: ReturnType<typeof fails>) =>
    scripted([[LIST, answer]], (kernel) => natRule.observe(kernel, ready(natRule, { ...LAN, namespace: "red" }), MARK));
  const found = (rules: number) => seen({ type: "masquerade", namespace: "red" }, { handle: 7, rules });

  test.each([
    ["the rule that bears the mark", [item(undefined, 3), item(MARK, 7)], found(2)],
    ["how many there are with it", [item(MARK, 7)], found(1)],
    ["nothing among the rules of others", [item("pulumi-netns:lab/dev:other@0123abcd", 7)], undefined],
    ["nothing in an empty table", [], undefined],
  ])("is %s", async (_what, items, expected) => {
    expect(await observe(tells({ nftables: items }))).toEqual(expected);
  });

  test("is nothing where there is no table", async () => {
    expect(await observe(fails("Error: No such file or directory", 1))).toBeUndefined();
  });
});
