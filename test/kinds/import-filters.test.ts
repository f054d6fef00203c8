import { expect, test } from "vitest";
import { findLab } from "../../inspect/import/find.ts";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

/* The filter chains of a lab that was typed by hand, as an import finds them. */

labForEachTest("red", "blue");

const nft = async (...lines: readonly string[]) => {
  for (const line of lines) await lab.run("ip", "netns", "exec", "red", "nft", line);
};

/** Returns the filter chains that an import finds, and the chains and sets that it leaves alone. */
async function imported() {
  const { found, left } = await findLab(labHost(lab.enter), { namespaces: ["red"] });
  return {
    chains: found.filter(({ kind }) => kind === "FilterChain"),
    left: left.map(({ what, why }) => `${what}: ${why}`),
  };
}

/** A chain in a table of a family. */
const chain = (hook: string, family = "inet", policy = "accept", priority = 0) => [
  `add table ${family} fw`,
  `add chain ${family} fw ${hook} { type filter hook ${hook} priority ${priority}; policy ${policy}; }`,
];

test("a chain is found with its policy, its priority and its rules, whose comments go", async () => {
  await nft(
    ...chain("input", "inet", "drop", -5),
    "add rule inet fw input ct state { established, related } counter accept comment first",
    "add rule inet fw input iif lo accept",
    'add rule inet fw input iifname { "eth0", "eth1" } ip saddr { 10.0.0.0/24, 10.9.0.1-10.9.0.2 } tcp dport { 22, 80-89 } accept',
    "add rule inet fw input icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    "add rule inet fw input meta l4proto { ospf, 103 } accept",
    'add rule inet fw input limit rate 5/minute log prefix "odd: "',
    "add rule inet fw input tcp dport 113 reject with tcp reset",
    "add rule inet fw input reject",
  );
  await nft(
    ...chain("prerouting"),
    "add rule inet fw prerouting ct state new ct mark set 7",
    "add rule inet fw prerouting ct mark 7 meta mark set ct mark",
    "add rule inet fw prerouting ct mark set meta mark return",
    "add rule inet fw prerouting meta mark set 1 ct mark set 2 accept",
  );
  await nft(...chain("forward"), "add rule inet fw forward meta mark 7 drop", ...chain("output", "inet", "drop"));
  const { chains, left } = await imported();
  expect(left).toEqual([]);
  const red = { namespace: "red" };
  expect(chains.map(({ inputs }) => inputs)).toEqual([
    {
      ...{ ...red, chain: "input", policy: "drop", priority: -5 },
      rules: [
        { action: "accept", ctState: ["established", "related"], counter: true },
        { action: "accept", inInterface: "lo" },
        {
          ...{ action: "accept", protocol: "tcp", destinationPort: [22, "80-89"], inInterface: ["eth0", "eth1"] },
          source: ["10.0.0.0/24", "10.9.0.1/32", "10.9.0.2/32"],
        },
        { action: "accept", protocol: "icmpv6", icmpType: ["nd-neighbor-solicit", "nd-neighbor-advert"] },
        { action: "accept", protocol: ["ospf", 103] },
        { action: "continue", limit: "5/minute", log: "odd: " },
        { action: "reject", protocol: "tcp", destinationPort: 113, rejectWith: "tcp reset" },
        { action: "reject" },
      ],
    },
    {
      ...{ ...red, chain: "prerouting" },
      rules: [
        { action: "continue", ctState: "new", setCtMark: 7 },
        { action: "continue", ctMark: 7, setMark: "ct mark" },
        { action: "return", setCtMark: "meta mark" },
        { action: "accept", setMark: 1, setCtMark: 2 },
      ],
    },
    { ...red, chain: "forward", rules: [{ action: "drop", mark: 7 }] },
    { ...red, chain: "output", policy: "drop" },
  ]);
  await takenOver(chains);
});

test("the rules and the policy of a chain in a table of one family are for that family", async () => {
  await nft(
    ...chain("input", "ip", "drop"),
    ...["icmp type echo-request accept", "tcp dport 22 accept", "reject with icmp host-unreachable"].map(
      (rule) => `add rule ip fw input ${rule}`,
    ),
  );
  await nft(...chain("forward", "ip6"), "add rule ip6 fw forward tcp dport 23 reject");
  const { chains, left } = await imported();
  expect(left).toEqual([]);
  expect(chains.map(({ inputs }) => inputs["rules"])).toEqual([
    [
      { action: "accept", protocol: "icmp", icmpType: "echo-request" },
      { action: "accept", family: "ip", protocol: "tcp", destinationPort: 22 },
      { action: "reject", family: "ip", rejectWith: "host-unreachable" },
      { action: "drop", family: "ip" },
    ],
    [{ action: "reject", family: "ip6", protocol: "tcp", destinationPort: 23 }],
  ]);
  expect(chains.map(({ inputs }) => inputs["policy"])).toEqual([undefined, undefined]);
  await takenOver(chains);
});

/** Declares found chains with `adopt`, and checks that nothing but the marker rules and the tables differ, and that a further up does nothing. */
async function takenOver(chains: Awaited<ReturnType<typeof imported>>["chains"]) {
  for (const [index, { inputs }] of chains.entries()) {
    const it = lab.resource("FilterChain", `chain-${index}`);
    expect(await it.up(inputs, { adopt: true })).toBe("create");
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(inputs)).toBe("same");
  }
  const listing = await lab.run("ip", "netns", "exec", "red", "nft", "list", "ruleset");
  const [own, ...others] = listing.split(/^(?=table )/m).sort((one, other) => other.length - one.length);
  expect(own).toContain("table inet pulumi-netns/");
  for (const other of others) expect(other).not.toContain("chain");
}

test.each([
  ["ip saddr @blocked drop", "ip saddr @blocked drop"],
  ["iifname @lans accept", "iifname @lans accept"],
  ["iif eth0 accept", 'iif "eth0" accept'],
  ["counter name seen", 'counter name "seen"'],
  ["jump other", "jump other"],
  ["ip saddr != 10.0.0.0/8 drop", "ip saddr != 10.0.0.0/8 drop"],
  ["ct state vmap { established : accept, invalid : drop }", "ct state vmap { invalid : drop, established : accept }"],
  ['log prefix "all: " limit rate 5/second drop', 'log prefix "all: " limit rate 5/second drop'],
  ["limit rate 5/second tcp dport 22 accept", "limit rate 5/second tcp dport 22 accept"],
  ["ct mark != 0 accept", "ct mark != 0x00000000 accept"],
  ["ct mark & 0xff == 1 accept", "ct mark & 0x000000ff == 0x00000001 accept"],
  ["meta mark set mark | 1", "meta mark set meta mark | 0x00000001"],
  ["ct mark set 1 meta mark set ct mark", "ct mark set 0x00000001 meta mark set ct mark"],
  ["ct mark set 1 log", "ct mark set 0x00000001 log"],
  ["return", "return", "ip"],
  ["reject with icmp port-unreachable", "reject with icmp port-unreachable"],
])("a chain with the rule `%s` is left alone as a whole, with its text", async (rule, shown, family = "inet") => {
  await lab.run("ip", "link", "add", "eth0", "netns", "red", "type", "bridge");
  await nft(...chain("input", family, "drop"), `add set ${family} fw blocked { type ipv4_addr; }`);
  await nft(
    `add set ${family} fw lans { type ifname; }`,
    `add counter ${family} fw seen`,
    `add chain ${family} fw other`,
  );
  await nft(`add rule ${family} fw input tcp dport 80 accept`, `add rule ${family} fw input ${rule}`);
  const { chains, left } = await imported();
  expect(chains).toEqual([]);
  expect(left).toEqual([
    `chain red/${family} fw input: FilterChain cannot express its rule: ${shown}`,
    ...["blocked", "lans"].map((name) => `set red/${family} fw ${name}: no resource describes it`),
  ]);
});

test("chains with the same hook and priority, and those of another hook, are left alone, and empty ones are omitted", async () => {
  await nft(...chain("input", "ip", "drop"), ...chain("input", "ip6", "drop"), ...chain("forward"));
  await nft(...chain("prerouting"), "add rule inet fw prerouting notrack", ...chain("output", "inet", "drop", 5));
  const { chains, left } = await imported();
  expect(chains.map(({ inputs }) => inputs)).toEqual([
    { namespace: "red", chain: "output", policy: "drop", priority: 5 },
  ]);
  const same = "has the same hook and priority: a stack has one FilterChain for these";
  expect(left).toEqual([
    `chain red/ip fw input: the chain red/ip6 fw input ${same}`,
    `chain red/ip6 fw input: the chain red/ip fw input ${same}`,
    "chain red/inet fw prerouting: FilterChain cannot express its rule: notrack",
  ]);
});

test("the chains of the lab host are left alone", async () => {
  await lab.run("ip", "link", "add", "br0", "type", "bridge");
  for (const line of chain("input", "inet", "drop")) await lab.run("nft", line);
  const { found, left } = await findLab(labHost(lab.enter));
  expect(found.map(({ kind }) => kind)).not.toContain("FilterChain");
  expect(left).toContainEqual({ what: "chain inet fw input", why: "the lab host has it without a lab, too" });
});

test("packets pass and are dropped while a chain is taken over, and a chain that differs is kept", async () => {
  await lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  await nft(...chain("input", "inet", "drop"), "add rule inet fw input icmp type echo-request accept");
  const [found] = (await imported()).chains;
  const it = lab.resource("FilterChain", "it");
  const other = { ...found?.inputs, rules: [{ action: "accept" }] };
  expect(await it.up(other, { adopt: true })).toBe("create");
  expect(await lab.run("ip", "netns", "exec", "red", "nft", "list", "table", "inet", "fw")).toContain("echo-request");
  await it.destroy();

  const pings = lab.run("ip", "netns", "exec", "blue", "ping", "-c", "60", "-i", "0.02", "-W", "1", "10.0.0.1");
  expect(await lab.resource("FilterChain", "it").up(found?.inputs ?? {}, { adopt: true })).toBe("create");
  expect(await pings).toContain("60 received");
  expect(await lab.run("ip", "netns", "exec", "red", "nft", "list", "table", "inet", "fw")).not.toContain("chain");
});
