import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeNetworks, rangeOf } from "../../../provider/address-ranges.ts";
import { mergeIntervals } from "../../../provider/intervals.ts";
import { inputOf } from "../../../provider/kernel/command.ts";
import type { FilterArgs } from "../../../provider/kinds/filter-args.ts";
import { chainMarkIn, filterChain } from "../../../provider/kinds/filter-chain.ts";
import { markIn } from "../../../provider/kinds/nat-text.ts";
import { check } from "../../../provider/schema.ts";
import { inet, inet6 } from "../../support/arbitraries.ts";
import { hostile } from "../../support/strange.ts";
import { MARK, ready } from "../samples.ts";

const lines = (args: object): string[] =>
  filterChain
    .plan({ seen: undefined, desired: ready(filterChain, args), mark: MARK })
    .flatMap(({ run }) => (inputOf(run) ?? "").trimEnd().split("\n"));
const ruleLine = (rule: object): string =>
  (lines({ chain: "forward", rules: [rule] })[3] ?? "").replace(/^.* forward /, "");

test("a chain is one transaction", () => {
  expect(
    lines({ chain: "forward", policy: "drop", priority: 5, rules: [{ action: "accept", ctState: "new" }] }),
  ).toEqual([
    "add table inet pulumi-netns/lab/dev",
    "add chain inet pulumi-netns/lab/dev forward_at_5 { type filter hook forward priority 5; policy drop; }",
    "flush chain inet pulumi-netns/lab/dev forward_at_5",
    "add rule inet pulumi-netns/lab/dev forward_at_5 ct state new accept",
    `add rule inet pulumi-netns/lab/dev forward_at_5 counter comment "${MARK} policy"`,
  ]);
});

test.each([
  [{ action: "accept" }, "accept"],
  [{ action: "drop", family: "ip6" }, "meta nfproto ipv6 drop"],
  [{ action: "accept", source: ["10.0.0.1", "10.0.0.0", "10.0.0.2/31"] }, "ip saddr 10.0.0.0/30 accept"],
  [{ action: "accept", destination: ["fd00::1", "fd01::/64"] }, "ip6 daddr { fd00::1/128, fd01::/64 } accept"],
  [
    { action: "accept", protocol: ["udp", "tcp", "tcp"], destinationPort: 53 },
    "meta l4proto { 6, 17 } th dport 53 accept",
  ],
  [{ action: "accept", protocol: "tcp", sourcePort: [90, "80-89", 443] }, "tcp sport { 80-90, 443 } accept"],
  [{ action: "drop", protocol: 103 }, "meta l4proto 103 drop"],
  [{ action: "accept", protocol: "icmp" }, "meta nfproto ipv4 meta l4proto 1 accept"],
  [
    { action: "accept", protocol: "icmpv6", icmpType: ["nd-redirect", "echo-reply"] },
    "meta nfproto ipv6 icmpv6 type { echo-reply, nd-redirect } accept",
  ],
  [
    { action: "accept", inInterface: ["b", "a"], outInterface: "veth-*" },
    'iifname { "a", "b" } oifname "veth-*" accept',
  ],
  [{ action: "accept", ctState: ["related", "established"] }, "ct state established,related accept"],
  [{ action: "reject" }, "reject with icmpx port-unreachable"],
  [{ action: "reject", protocol: "tcp", rejectWith: "tcp reset" }, "meta l4proto 6 reject with tcp reset"],
  [
    { action: "continue", mark: 16, limit: "5/minute burst 5 packets", counter: true, log: "odd: " },
    'meta mark 16 limit rate 5/minute counter log prefix "odd: " continue',
  ],
  [{ action: "continue", setMark: 0, setCtMark: 16 }, "ct mark set 16 meta mark set 0 continue"],
  [{ action: "accept", ctMark: 16, setMark: "ct mark" }, "ct mark 16 meta mark set ct mark accept"],
  [
    { action: "continue", mark: 1, counter: true, log: "odd: ", setCtMark: "meta mark" },
    'meta mark 1 counter log prefix "odd: " ct mark set meta mark continue',
  ],
])("%j is written as %s", (rule, text) => {
  expect(ruleLine(rule)).toBe(text);
});

test("a chain of the hook prerouting has another name than the chain of NAT rules, but is identified by its hook", () => {
  const named = (args: object) => / add chain inet \S+ (\S+) /.exec(` ${lines(args)[1]}`)?.[1];
  expect([named({ chain: "prerouting" }), named({ chain: "prerouting", priority: -150 })]).toEqual([
    "filter_prerouting",
    "filter_prerouting_at_-150",
  ]);
  expect(filterChain.id(ready(filterChain, { namespace: "red", chain: "prerouting", priority: -150 }), MARK)).toBe(
    "red/filter/prerouting_at_-150",
  );
});

test("an unknown value is accepted at any place", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  for (const rules of [
    unknown,
    [unknown],
    [{ action: unknown }],
    [{ action: "accept", source: [unknown, "fd00::1/128"] }],
  ])
    expect(check(filterChain.schema, { chain: "forward", rules })).toMatchObject({ args: { rules } });
});

test("the networks that cover a list are as few as possible and cover nothing else", () => {
  for (const { network } of [inet, inet6]) {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 8 }), (networks) => {
        const merged = mergeNetworks(networks);
        expect(mergeIntervals(merged.map(rangeOf))).toEqual(mergeIntervals(networks.map(rangeOf)));
        expect(mergeNetworks(merged)).toEqual(merged);
        expect(merged.length).toBeLessThanOrEqual(new Set(networks).size);
      }),
    );
  }
});

const HARMLESS = "harmless0";

test.each(["log", "inInterface", "outInterface"])(
  "hostile text in %s is kept between its quotes, or refused",
  (key) => {
    const usual = ruleLine({ action: "accept", [key]: HARMLESS });
    fc.assert(
      fc.property(hostile, (text) => {
        const checked = check(filterChain.schema, { chain: "forward", rules: [{ action: "accept", [key]: text }] });
        if ("failures" in checked) return;
        expect(text).not.toMatch(/["\p{Cc}]/u);
        expect(ruleLine({ action: "accept", [key]: text })).toBe(usual.replace(HARMLESS, () => text));
      }),
      { numRuns: 500 },
    );
    expect(check(filterChain.schema, { chain: "forward", rules: [{ action: "accept", [key]: 'x"y' }] })).toHaveProperty(
      "failures",
    );
  },
);

test.each([
  "action",
  "rejectWith",
  "family",
  "source",
  "destination",
  "protocol",
  "sourcePort",
  "destinationPort",
  "icmpType",
  "ctState",
  "limit",
  "mark",
  "ctMark",
  "setMark",
  "setCtMark",
  "counter",
  "nft",
])("hostile text in %s is refused, also in a list", (key) => {
  const isTaken = (value: unknown) =>
    "args" in
    check(filterChain.schema, { chain: "forward", rules: [{ action: "accept", protocol: "tcp", [key]: value }] });
  fc.assert(
    fc.property(hostile, (text) => {
      expect(isTaken(text)).toBe(false);
      expect(isTaken([text])).toBe(false);
    }),
  );
});

test("the mark of a chain is not read as the mark of a NAT rule", () => {
  const [comment] = /(?<=comment ")[^"]*/.exec(lines({ chain: "input" }).at(-1) ?? "") ?? [];
  expect(chainMarkIn(comment)).toBe(MARK);
  expect(chainMarkIn(MARK)).toBe(undefined);
  expect(markIn(comment)).toBe(undefined);
});

const tableOf = (...chains: string[]) => ({
  chains: chains.map((name) => ({ family: "inet", table: "t", name, type: "filter", hook: name, prio: 0 })),
  ...{ rules: [], others: [] },
});

const OTHER = "pulumi-netns:lab/prod:it@0123abcd";

test("a renamed stack moves its chain to the table of its new name in one transaction", () => {
  const state = ready<FilterArgs, never>(filterChain as never, { chain: "forward" });
  const seen = { namespace: undefined, table: "pulumi-netns/lab/prod", name: "forward", state, mark: OTHER };
  const moved = (...beside: string[]) =>
    filterChain
      .plan({ seen: { ...seen, around: tableOf("forward", ...beside) }, desired: state, mark: MARK })
      .map(({ run }) => inputOf(run)?.trimEnd().split("\n").at(-1));
  expect(moved()).toEqual(["delete table inet pulumi-netns/lab/prod"]);
  expect(moved("input")).toEqual(["delete chain inet pulumi-netns/lab/prod forward"]);
});
