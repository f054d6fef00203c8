import { expect, test } from "vitest";
import { findLab } from "../../inspect/import/find.ts";
import { labHost } from "../../inspect/lab-host.ts";
import { digest } from "../../provider/owner.ts";
import { labUrn } from "../support/lab.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

/* The NAT rules of a lab that was typed by hand, as an import finds them. */

labForEachTest("gw");

const NAT = [
  "add table ip nat",
  "add chain ip nat POST { type nat hook postrouting priority 100; }",
  "add chain ip nat PRE { type nat hook prerouting priority -90; }",
  "add chain ip nat OUT { type nat hook output priority -100; }",
];

const nft = async (...lines: readonly string[]) => {
  for (const line of lines) await lab.run("ip", "netns", "exec", "gw", "nft", line);
};

/** Returns the NAT rules that an import finds, and those that it leaves alone, without handles. */
async function imported() {
  const { found, left } = await findLab(labHost(lab.enter), { namespaces: ["gw"] });
  return {
    rules: found.filter(({ kind }) => kind === "NatRule"),
    left: left.map(({ what, why }) =>
      [what, why].map((text) => text.replaceAll(/(?<=POST|PRE|OUT) \d+/g, "")).join(": "),
    ),
  };
}

test("a rule has the priority of its chain, and the family of its table if nothing else tells it", async () => {
  await nft(...NAT, 'add rule ip nat PRE iifname "eth0" tcp dport 8080 redirect to :80');
  await nft('add rule ip nat POST oifname "eth1" masquerade');
  const { rules, left } = await imported();
  expect(left).toEqual([]);
  const common = { namespace: "gw", family: "ip" };
  expect(rules.map(({ inputs }) => inputs)).toEqual([
    { ...common, type: "masquerade", outInterface: "eth1" },
    {
      ...{ ...common, type: "redirect", inInterface: "eth0", protocol: "tcp", destinationPort: 8080 },
      ...{ toPort: 80, priority: -90 },
    },
  ]);
});

test("a counter and a comment of a rule are no reason to leave it alone, but a counter that has a name", async () => {
  await nft(...NAT, "add counter ip nat seen");
  await nft("add rule ip nat POST ip saddr 10.0.0.0/8 counter masquerade comment lan");
  await nft("add rule ip nat POST ip saddr 10.0.0.0/8 counter name seen masquerade");
  const { rules, left } = await imported();
  expect(rules.map(({ inputs }) => inputs)).toEqual([{ namespace: "gw", type: "masquerade", source: "10.0.0.0/8" }]);
  expect(left).toEqual(["rule gw/ip nat POST: NatRule cannot express counter seen"]);
});

test.each([
  ["ip saddr != { 10.0.0.1, 10.0.0.2 } masquerade", "ip saddr != { … }"],
  ["ip saddr @servers masquerade", "ip saddr @servers"],
  ["iifname @lans masquerade", "iifname @lans"],
  ["meta l4proto gre masquerade", "meta l4proto 47"],
  ["meta l4proto { tcp, gre } masquerade", "meta l4proto { … }"],
  ["ip saddr != 10.0.0.0/8 masquerade", "ip saddr != 10.0.0.0/8"],
  ["ip saddr 10.0.0.0/8 ip saddr 10.1.0.0/16 masquerade", "ip saddr 10.1.0.0/16"],
  ["ip saddr 10.0.0.0/8 limit rate 5/second masquerade", "limit"],
  ["ct state new masquerade", "ct state new"],
  ["meta mark 5 masquerade", "meta mark 5"],
  ["fib daddr type local masquerade", "fib daddr type local"],
  ["jump other", "jump other"],
  ["counter", "a rule that translates nothing"],
  ["ip saddr 10.0.0.1 dnat to 10.0.0.2", "the hook output", "OUT"],
  ["masquerade random,fully-random", "its parts together"],
])("the rule `%s` is left alone, because NatRule cannot express %s", async (rule, part, chain = "POST") => {
  await nft(
    ...[...NAT, "add chain ip nat other", "add set ip nat servers { type ipv4_addr; }"],
    ...["add set ip nat lans { type ifname; }", `add rule ip nat ${chain} ${rule}`],
  );
  const { rules, left } = await imported();
  expect(rules).toEqual([]);
  expect(left.filter((one) => one.startsWith("rule"))).toEqual([
    `rule gw/ip nat ${chain}: NatRule cannot express ${part}`,
  ]);
});

test("a set in a rule and a range of addresses are lists, which adopt the rule", async () => {
  await nft(
    ...NAT,
    'add rule ip nat POST oifname { "eth0", "eth1" } ip saddr { 10.0.0.1, 10.0.2.0/24 } masquerade',
    "add rule ip nat POST ip saddr 10.0.0.1-10.0.0.3 masquerade",
    "add rule ip nat PRE meta l4proto { tcp, udp } th dport { 53, 80-89 } dnat to 10.0.0.9",
  );
  const { rules, left } = await imported();
  expect(left).toEqual([]);
  const base = { namespace: "gw", type: "masquerade" };
  expect(rules.map(({ inputs }) => inputs)).toEqual([
    { ...base, source: ["10.0.0.1/32", "10.0.2.0/24"], outInterface: ["eth0", "eth1"] },
    { ...base, source: ["10.0.0.1/32", "10.0.0.2/31"] },
    {
      ...{ ...base, type: "dnat", protocol: ["tcp", "udp"], destinationPort: [53, "80-89"] },
      ...{ toAddress: "10.0.0.9", priority: -90 },
    },
  ]);
  for (const [index, { inputs }] of rules.entries())
    expect(await lab.resource("NatRule", `rule-${index}`).up(inputs, { adopt: true })).toBe("create");
  const listing = await lab.run("ip", "netns", "exec", "gw", "nft", "list", "table", "ip", "nat");
  expect(listing).not.toMatch(/masquerade|dnat/);
});

const TRANSLATIONS = [
  "add rule ip nat POST ip saddr 10.1.0.0/16 masquerade",
  "add rule ip nat POST ip saddr != { 10.2.0.1, 10.2.0.2 } masquerade",
  "add rule ip nat POST ip saddr 10.0.0.0/8 snat to 192.0.2.1",
  "add rule ip nat PRE tcp dport 80 dnat to 10.1.0.1",
];

test("the rules after one that NatRule cannot express are left alone, and those before it and of other chains are found", async () => {
  await nft(...NAT, ...TRANSLATIONS);
  const { rules, left } = await imported();
  expect(rules.map(({ inputs }) => inputs)).toEqual([
    expect.objectContaining({ source: "10.1.0.0/16" }),
    expect.objectContaining({ toAddress: "10.1.0.1" }),
  ]);
  expect(left).toEqual([
    "rule gw/ip nat POST: NatRule cannot express ip saddr != { … }",
    "rule gw/ip nat POST: it comes after the rule gw/ip nat POST, which NatRule cannot express: in another chain it would come before it",
  ]);
});

test("an exception is left alone if a rule of its chain is, and so are the rules after it", async () => {
  await nft(...NAT, "add rule ip nat POST ip daddr 10.8.0.0/16 accept", ...TRANSLATIONS);
  const { rules, left } = await imported();
  expect(rules).toHaveLength(1);
  const after = "it comes after the rule gw/ip nat POST, which is left alone: in another chain it would come before it";
  expect(left).toEqual(
    [
      "it keeps packets from the rule gw/ip nat POST, and would not from another chain",
      after,
      "NatRule cannot express ip saddr != { … }",
      after,
    ].map((why) => `rule gw/ip nat POST: ${why}`),
  );
});

test("an exception in a chain whose policy is to drop is left alone", async () => {
  await nft("add table ip nat", "add chain ip nat POST { type nat hook postrouting priority 100; policy drop; }");
  await nft("add rule ip nat POST ip saddr 10.1.0.0/16 masquerade", "add rule ip nat POST ip saddr 10.0.0.0/8 accept");
  const { rules, left } = await imported();
  expect(rules.map(({ inputs }) => inputs)).toEqual([{ namespace: "gw", type: "masquerade", source: "10.1.0.0/16" }]);
  expect(left).toEqual([
    "rule gw/ip nat POST: it keeps packets from the policy of its chain, and would not from another chain",
  ]);
});

test("the rules of two chains with the same hook and priority are left alone, unless their families differ", async () => {
  const line = [
    "masquerade",
    "add table inet lab",
    "add chain inet lab POST { type nat hook postrouting priority 100; }",
  ];
  await nft(...NAT, `add rule ip nat POST ${line[0]}`, ...line.slice(1), `add rule inet lab POST ${line[0]}`);
  const { rules, left } = await imported();
  expect(rules).toEqual([]);
  const why = "has the same hook and priority, and the kernel does not tell which runs first";
  expect(left).toEqual([
    `rule gw/ip nat POST: the chain gw/inet lab POST ${why}`,
    `rule gw/inet lab POST: the chain gw/ip nat POST ${why}`,
  ]);
  await nft("delete table inet lab", "add table ip6 nat");
  await nft("add chain ip6 nat POST { type nat hook postrouting priority 100; }", "add rule ip6 nat POST masquerade");
  expect((await imported()).rules.map(({ inputs }) => inputs["family"])).toEqual(["ip", "ip6"]);
});

test("resources take over the rules of a chain in their order, in a chain of its priority", async () => {
  await nft(...NAT, "add rule ip nat PRE tcp dport 80 accept comment first");
  await nft(
    "add rule ip nat PRE tcp dport 80-89 counter dnat to 10.1.0.1",
    "add rule ip nat PRE udp dport 53 redirect",
  );
  const { rules } = await imported();
  const names = rules.map((_, index) => `rule-${index}`);
  for (const [index, { inputs }] of rules.entries()) {
    const before = names[index - 1];
    const after = before === undefined ? undefined : `${before}@${digest(labUrn("NatRule", before))}`;
    const rule = lab.resource("NatRule", names[index] ?? "");
    expect(await rule.up({ ...inputs, ...(after !== undefined && { after }) }, { adopt: true })).toBe("create");
  }
  const chain = async (...where: string[]) =>
    (await lab.run("ip", "netns", "exec", "gw", "nft", "list", "chain", ...where)).match(
      /(?<=^\t\t).*?(?= comment|$)/gm,
    );
  const usual = "type nat hook prerouting priority dstnat + 10; policy accept;";
  expect(await chain("ip", "nat", "PRE")).toEqual([usual]);
  expect(await chain("inet", "pulumi-netns/test/dev", "prerouting_at_-90")).toEqual([
    usual,
    "meta nfproto ipv4 tcp dport 80 accept",
    "meta nfproto ipv4 tcp dport 80-89 dnat ip to 10.1.0.1",
    "meta nfproto ipv4 udp dport 53 redirect",
  ]);
});

test("the kernel runs the chain of a stack before an older one of its priority, which an exception there does not end", async () => {
  const gateway = [
    "ip link add eth0 netns gw type veth peer name wan",
    "ip -n gw address add 10.9.0.1/24 dev eth0",
    "ip -n gw link set dev eth0 up",
    "ip address add 10.9.0.2/24 dev wan",
    "ip link set dev wan up",
  ];
  for (const line of gateway) await lab.run(...(line.split(" ") as [string]));
  await nft(...NAT, "add rule ip nat POST ip daddr 10.9.0.2 counter snat to 10.9.0.1");
  const counted = async () => {
    await lab.run("ip", "netns", "exec", "gw", "ping", "-c", "1", "-W", "2", "10.9.0.2");
    const listing = await lab.run("ip", "netns", "exec", "gw", "nft", "list", "chain", "ip", "nat", "POST");
    return Number(/packets (\d+)/.exec(listing)?.[1]);
  };
  expect(await counted()).toBe(1);
  const rule = lab.resource("NatRule", "rule");
  const args = { namespace: "gw", type: "snat", destination: "10.9.0.2" };
  await rule.up({ ...args, toAddress: "10.9.0.1" });
  expect(await counted()).toBe(1);
  await rule.up({ ...args, exclude: true });
  expect(await counted()).toBe(2);
});
