import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import type { NftRule } from "../../../provider/kernel/tools/nft.ts";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import { type Plan, showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { scripted, tells } from "../script.ts";
import { LAN, ruleAt, stranger } from "./nat-sample.ts";

const TABLE = "inet pulumi-netns/lab/dev";
const CHAIN = `add table ${TABLE}
add chain ${TABLE} postrouting { type nat hook postrouting priority 100; policy accept; }`;

const LIST = "ip netns exec red nft --json list table inet pulumi-netns/lab/dev";

type Seen = NonNullable<Parameters<typeof natRule.plan>[0]["seen"]>;

/** Returns an observed rule among others; its handle is 4 by default. */
const seen = (args: { type: string; namespace?: string }, more: Partial<Seen> = {}): Seen => {
  const { rule = ruleAt(4), rules = [stranger, rule] } = more;
  return {
    state: ready(natRule, args),
    mark: MARK,
    namespace: args.namespace,
    table: "pulumi-netns/lab/dev",
    rule,
    rules,
    around: { chains: [], rules, others: [] },
    ...more,
  };
};
/** Returns the steps that change rules; conntrack.test.ts tests those that end flows. */
const ofRules = (plan: Plan): Plan => plan.filter(({ run }) => run.tool === "nft");
const plan = (seen: Seen | undefined, args: object) =>
  showPlan(ofRules(natRule.plan({ seen, desired: ready(natRule, args), mark: MARK })));
const input = (lines: string, command = "nft -f -") => `${command} <<'EOF'\n${lines}\nEOF`;

test.each([
  [
    "a rule",
    undefined,
    LAN,
    input(`${CHAIN}\nadd rule ${TABLE} postrouting ip saddr 192.168.15.0/24 masquerade comment "${MARK}"`),
  ],
  [
    "a rule in a namespace, with a priority",
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
    "a change in the same chain",
    seen(LAN),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
  [
    "a change that moves the rule to another chain, in one transaction, before a rule of others",
    seen({ type: "redirect" }, { rule: ruleAt(4, MARK, "prerouting") }),
    { type: "masquerade" },
    input(
      `${CHAIN}\ninsert rule ${TABLE} postrouting masquerade comment "${MARK}"\ndelete rule ${TABLE} prerouting handle 4`,
    ),
  ],
  [
    "a rule that comes after another one",
    seen(LAN, { rules: [ruleAt(4), ruleAt(5, "pulumi-netns:lab/dev:a@89abcdef")], rule: ruleAt(4) }),
    { type: "masquerade", after: "a@89abcdef" },
    input(
      `${CHAIN}
delete rule ${TABLE} postrouting handle 5
insert rule ${TABLE} postrouting masquerade comment "pulumi-netns:lab/dev:a@89abcdef"
replace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK} after 89abcdef"`,
    ),
  ],
  [
    "a rule at its place whose comment names another rule before it",
    seen({ type: "masquerade" }, { rule: ruleAt(4, `${MARK} after 89abcdef`) }),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
  [
    "a rule that no arguments can describe",
    seen(LAN, { state: undefined }),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
  [
    "a rule that has another mark of its stack",
    seen({ type: "masquerade" }, { rule: ruleAt(4, "pulumi-netns:lab/dev:old@0123abcd") }),
    { type: "masquerade" },
    input(`${CHAIN}\nreplace rule ${TABLE} postrouting handle 4 masquerade comment "${MARK}"`),
  ],
])("the plan for %s", (_what, seen, args, text) => {
  expect(plan(seen, args)).toBe(text);
});

describe("the plan to delete", () => {
  test.each([
    ["one rule of several", seen(LAN), input(`delete rule ${TABLE} postrouting handle 4`)],
    ["the last rule, with the table", seen(LAN, { rules: [ruleAt(4)] }), input(`delete table ${TABLE}`)],
    [
      "a rule in a namespace",
      seen({ ...LAN, namespace: "red" }),
      input(`delete rule ${TABLE} postrouting handle 4`, "ip netns exec red nft -f -"),
    ],
    ["a missing rule", undefined, ""],
  ])("%s", (_what, seen, text) => {
    const plan = natRule.plan({ seen, desired: undefined, mark: MARK });
    expect(showPlan(ofRules(plan))).toBe(text);
    expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
  });
});

describe("the plan for several at once", () => {
  const mark = (name: string) => `pulumi-netns:lab/dev:${name}@0123abcd`;
  /** Returns all rules of a table, whose marks contain their handles. */
  const all = (...handles: number[]) => handles.map((handle) => ruleAt(handle, mark(`${handle}`)));
  const rule = (handle: number, rules: NftRule[], more: Partial<Seen> = {}) => ({
    seen: seen(LAN, { rule: ruleAt(handle, mark(`${handle}`)), rules, mark: mark(`${handle}`), ...more }),
    desired: undefined,
    mark: mark(`${handle}`),
  });
  const masquerade = (name: string, seen?: Seen) => ({
    seen,
    desired: ready(natRule, { type: "masquerade", outInterface: name }),
    mark: mark(name),
  });
  const together = (...changes: Parameters<typeof natRule.plan>[0][]) => ofRules(natRule.planBatch?.(changes) ?? []);
  const added = (name: string) => `add rule ${TABLE} postrouting oifname "${name}" masquerade comment "${mark(name)}"`;

  test.each([
    ["new rules share their chain", [masquerade("a"), masquerade("b")], `${CHAIN}\n${added("a")}\n${added("b")}`],
    [
      "deleted rules leave the other ones",
      [rule(4, all(4, 5, 6)), rule(5, all(4, 5, 6))],
      `delete rule ${TABLE} postrouting handle 4\ndelete rule ${TABLE} postrouting handle 5`,
    ],
    ["a delete of all rules deletes the table", [rule(4, all(4, 5)), rule(5, all(4, 5))], `delete table ${TABLE}`],
    [
      "a table with a new rule is kept",
      [rule(4, all(4)), masquerade("a")],
      `${CHAIN}\n${added("a")}\ndelete rule ${TABLE} postrouting handle 4`,
    ],
    [
      "a table with a changed rule is kept",
      [
        rule(4, [...all(4), ruleAt(5, mark("a"))]),
        masquerade(
          "a",
          seen(LAN, { rule: ruleAt(5, mark("a")), rules: [...all(4), ruleAt(5, mark("a"))], mark: mark("a") }),
        ),
      ],
      `${CHAIN}
replace rule ${TABLE} postrouting handle 5 oifname "a" masquerade comment "${mark("a")}"
delete rule ${TABLE} postrouting handle 4`,
    ],
    [
      "each table is deleted separately",
      [rule(4, all(4), { table: "pulumi-netns/lab/old" }), rule(5, all(5, 6))],
      `delete table inet pulumi-netns/lab/old\ndelete rule ${TABLE} postrouting handle 5`,
    ],
  ])("%s", (_what, changes, lines) => {
    const plan = together(...changes);
    expect(showPlan(plan)).toBe(input(lines));
    // With a tolerated error, the other rules would be missing without an error.
    expect(plan.flatMap(({ tolerate }) => tolerate ?? [])).toEqual([]);
  });

  test("a rule without a difference is not changed", () => {
    const same = { seen: seen(LAN, { rules: [ruleAt(4), ...all(5)] }), desired: ready(natRule, LAN), mark: MARK };
    expect(together(same, same)).toEqual([]);
    expect(showPlan(together(same, rule(5, [ruleAt(4), ...all(5)])))).toBe(
      input(`delete rule ${TABLE} postrouting handle 5`),
    );
  });
});

test("a rule in the table of the stack's former name is deleted there, and its handle is not used in the new table", () => {
  const rule = ruleAt(4, "pulumi-netns:lab/old:it@0123abcd");
  const text = plan(
    seen(LAN, { rule, table: "pulumi-netns/lab/old", rules: [], around: { chains: [], rules: [rule], others: [] } }),
    { type: "masquerade" },
  );
  expect(text).not.toContain(`${TABLE} postrouting handle 4`);
  expect(text).toContain("\ndelete table inet pulumi-netns/lab/old\n");
});

test("a rule that no arguments can describe is deleted by its handle", () => {
  const rule = { chain: "postrouting", handle: 7, comment: MARK, expr: [{ counter: {} }, { masquerade: null }] };
  return scripted(
    [
      [LIST, tells({ nftables: [{ rule }] })],
      [input(`delete table ${TABLE}`, "ip netns exec red nft -f -")],
      [
        "ip netns exec red conntrack --delete --family ipv4 --src-nat\n" +
          "ip netns exec red conntrack --delete --family ipv6 --src-nat",
      ],
      ["ip netns exec red cat /proc/sys/net/netfilter/nf_conntrack_count"],
    ],
    async (kernel) => {
      const args = ready(natRule, { type: "masquerade", namespace: "red" });
      await lifecycles(kernel)
        .get("NatRule")
        ?.delete("id", { ...args, __mark: MARK });
    },
  );
});

test("the id of a rule contains its mark, and changes in one place share a lock", () => {
  const [here, there] = [ready(natRule, LAN), ready(natRule, { ...LAN, namespace: "red" })];
  expect([natRule.id(here, MARK), natRule.id(there, MARK)]).toEqual([MARK, `red/${MARK}`]);
  expect(natRule.lockKey?.(here)).toBe(natRule.lockKey?.(ready(natRule, { type: "masquerade" })));
  expect(natRule.lockKey?.(here)).not.toBe(natRule.lockKey?.(there));
});
