import { expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { inputOf } from "../../../provider/kernel/command.ts";
import { oneByOne } from "../../../provider/kernel/kernel.ts";
import { staleFlowWarning } from "../../../provider/kinds/conntrack.ts";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { MARK, ready } from "../samples.ts";

interface Rule {
  readonly type: string;
  readonly namespace?: string;
  readonly [argument: string]: unknown;
}

const RULE = { chain: "postrouting", handle: 4, comment: MARK, expr: [] };

const seen = (args: Rule) => ({
  ...{ state: ready(natRule, args), mark: MARK, namespace: args.namespace, table: "pulumi-netns/lab/dev" },
  ...{ rule: RULE, rules: [RULE], around: { chains: [], rules: [RULE], others: [] } },
});

/** Returns the filters of the flows that are ended when rules are changed, or deleted if no new rule is given. */
const ended = (...rules: [former: Rule, desired?: Rule][]) => {
  const changes = rules.map(([former, desired]) => ({
    seen: seen(former),
    desired: desired && ready(natRule, desired),
    mark: MARK,
  }));
  const ends = (natRule.planBatch?.(changes) ?? []).filter(({ run }) => run.tool === "sh");
  return ends.flatMap(({ run }) => inputOf(run)?.trimEnd().split("\n") ?? []);
};

const DNS = { type: "dnat", destination: "192.0.2.1", protocol: "udp", destinationPort: 53, toAddress: "10.0.1.2" };
const MASQUERADE = { type: "masquerade", source: "10.0.0.0/24", outInterface: "eth0" };
const IN_RED = { namespace: "red" };

test.each<[string, Rule, string[]]>([
  [
    "dnat",
    DNS,
    ["--family ipv4 --proto udp --orig-dst 192.0.2.1/32 --orig-port-dst 53 --dst-nat --reply-src 10.0.1.2"],
  ],
  [
    "dnat to a port",
    { ...DNS, sourcePort: 4000, toPort: 5353 },
    [
      "--family ipv4 --proto udp --orig-dst 192.0.2.1/32 --orig-port-src 4000 --orig-port-dst 53 " +
        "--dst-nat --reply-src 10.0.1.2 --reply-port-src 5353",
    ],
  ],
  [
    "a range of ports, which a filter does not support,",
    { ...DNS, destinationPort: "50-60", toPort: "70-80" },
    ["--family ipv4 --proto udp --orig-dst 192.0.2.1/32 --dst-nat --reply-src 10.0.1.2"],
  ],
  [
    "snat of IPv6",
    { type: "snat", source: "fd00::/64", toAddress: "fd01::1" },
    ["--family ipv6 --orig-src fd00::/64 --src-nat --reply-dst fd01::1"],
  ],
  [
    "a range of addresses, which a filter does not support,",
    { type: "snat", source: "10.0.0.0/24", toAddress: "192.0.2.1-192.0.2.5" },
    ["--family ipv4 --orig-src 10.0.0.0/24 --src-nat"],
  ],
  [
    "a range of addresses on the lab host, whose flows cannot be distinguished from others,",
    { type: "snat", toAddress: "192.0.2.1-192.0.2.5" },
    [],
  ],
  [
    "lists, of which a filter supports one value each,",
    { ...DNS, destination: ["192.0.2.1", "192.0.2.9"], protocol: ["tcp", "udp"], destinationPort: [53, 5353] },
    ["tcp", "udp"].flatMap((protocol) =>
      ["192.0.2.1", "192.0.2.9"].flatMap((address) =>
        [53, 5353].map(
          (port) =>
            `--family ipv4 --proto ${protocol} --orig-dst ${address}/32 --orig-port-dst ${port} --dst-nat --reply-src 10.0.1.2`,
        ),
      ),
    ),
  ],
  [
    "a list with a range of ports",
    { ...DNS, destinationPort: [53, "5353-5359"] },
    ["--family ipv4 --proto udp --orig-dst 192.0.2.1/32 --dst-nat --reply-src 10.0.1.2"],
  ],
  [
    "masquerade of several networks on the lab host",
    { ...MASQUERADE, source: ["10.0.0.0/24", "10.9.0.0/24"] },
    ["10.0.0.0/24", "10.9.0.0/24"].map((source) => `--family ipv4 --orig-src ${source} --src-nat`),
  ],
  ["an exception", { ...IN_RED, type: "snat", source: "10.0.0.0/24", exclude: true }, []],
  ["masquerade", MASQUERADE, ["--family ipv4 --orig-src 10.0.0.0/24 --src-nat"]],
  [
    "masquerade of both families, in a namespace",
    { ...IN_RED, type: "masquerade", outInterface: "eth0" },
    ["--family ipv4 --src-nat", "--family ipv6 --src-nat"],
  ],
  ["masquerade of all packets that the lab host sends", { type: "masquerade", outInterface: "eth0" }, []],
  ["masquerade of all packets on the lab host", { type: "masquerade", source: "0.0.0.0/0" }, []],
  [
    "masquerade of all packets on the lab host, in two halves that are one network",
    { type: "masquerade", source: ["0.0.0.0/1", "128.0.0.0/1"] },
    [],
  ],
  [
    "redirect, in a namespace",
    { ...IN_RED, type: "redirect", family: "ip", protocol: "tcp", destinationPort: 80, toPort: 8080 },
    ["--family ipv4 --proto tcp --orig-port-dst 80 --dst-nat --reply-port-src 8080"],
  ],
  [
    "icmpv6",
    { ...IN_RED, type: "masquerade", protocol: "icmpv6", destination: "fd00::1" },
    ["--family ipv6 --proto icmpv6 --orig-dst fd00::1/128 --src-nat"],
  ],
])("a delete of %s ends the flows of the rule", (_, rule, filters) => {
  expect(ended([rule])).toEqual(filters);
});

test("a change ends the flows of the former rule, and a rule without a difference ends none", () => {
  expect(ended([DNS, { ...DNS, toAddress: "10.0.2.2" }])).toEqual(ended([DNS]));
  expect(ended([DNS, DNS])).toEqual([]);
  expect(ended([DNS, { ...DNS, destination: "192.0.2.1/32" }])).toEqual([]);
  expect(ended([DNS, { ...DNS, after: "another@127ecf19" }])).toEqual([]);
});

test("rules that change together end their flows together, with each filter once", () => {
  expect(ended([DNS], [MASQUERADE], [DNS, MASQUERADE])).toEqual([...ended([DNS]), ...ended([MASQUERADE])]);
});

test("a create ends no flows", () => {
  const made = natRule.plan({ seen: undefined, desired: ready(natRule, DNS), mark: MARK });
  expect(made.map(({ run }) => run.tool)).toEqual(["nft"]);
});

test("a rule that no arguments can describe ends the flows of its former arguments", () => {
  const bent = { ...seen(DNS), state: undefined };
  const plan = natRule.plan({ seen: bent, was: ready(natRule, DNS), desired: undefined, mark: MARK });
  expect(plan.flatMap(({ run }) => (run.tool === "sh" ? (inputOf(run) ?? []) : []))).toEqual([`${ended([DNS])[0]}\n`]);
});

const counting = (answer: { code?: number; stdout?: string; stderr?: string }) => {
  let asked = 0;
  const kernel = oneByOne(async () => {
    asked += 1;
    return { code: 0, stdout: "", stderr: "", ...answer };
  });
  return { kernel, asked: () => asked };
};

test("a warning about remaining flows is shown once in each place", async () => {
  const { kernel, asked } = counting({ stdout: "7\n" });
  const [here, inRed, again] = [
    await staleFlowWarning(kernel, undefined),
    await staleFlowWarning(kernel, "red"),
    await staleFlowWarning(kernel, undefined),
  ];
  expect(here).toBe(
    "existing flows on the lab host keep the translation of a NAT rule that was changed or deleted: the program conntrack, " +
      "which ends them, is not installed\n" +
      "  help: install the package conntrack (on some systems conntrack-tools), or wait: a UDP flow ends after 30 to 120 seconds " +
      "without packets",
  );
  expect(inRed).toMatch(/^existing flows in namespace red keep the translation/);
  expect([again, asked()]).toEqual([undefined, 2]);
});

test.each([
  ["conntrack is installed", { stdout: "" }],
  ["there are no flows", { stdout: "0\n" }],
  [
    "there is no such namespace",
    { code: 255, stderr: 'Cannot open network namespace "red": No such file or directory' },
  ],
])("there is no warning if %s", async (_, answer) => {
  expect(await staleFlowWarning(counting(answer).kernel, "red")).toBeUndefined();
});

test("the warning is shown when a rule is changed or deleted, and not when it is created", async () => {
  const said: string[] = [];
  const { kernel } = counting({ stdout: "7\n" });
  const rules = oneByOne((command) =>
    kernel.run(command).then((outcome) => ({ ...outcome, ...(command.tool === "nft" && NO_RULES) })),
  );
  const life = lifecycles(rules, { warn: (text) => said.push(text) }).get("NatRule") as Lifecycle;
  const [one, other] = ["one", "other"].map((namespace) => ({
    ...ready(natRule, { ...DNS, namespace }),
    __mark: MARK,
  }));
  if (one === undefined || other === undefined) throw new Error();
  await life.create(one);
  expect(said).toEqual([]);
  await life.update("id", one, { ...one, toAddress: "10.0.2.2" });
  expect(said).toEqual([expect.stringContaining("existing flows in namespace one keep the translation")]);
  await life.delete("id", other);
  expect(said).toEqual([
    expect.anything(),
    expect.stringContaining("existing flows in namespace other keep the translation"),
  ]);
});

const NO_RULES = { stdout: JSON.stringify({ nftables: [] }) };
