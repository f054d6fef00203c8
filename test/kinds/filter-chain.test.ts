import fc from "fast-check";
import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pings } from "../support/ping.ts";
import { forwardRule } from "./filter-chain.sample.ts";

labForEachTest("red", "blue");

const TABLE = "pulumi-netns/test/dev";
const nft = (...args: string[]) => lab.run("ip", "netns", "exec", "red", "nft", ...args);
const list = async (table = TABLE) =>
  (await nft("list", "table", "inet", table))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^table|^chain|^}/.test(line));
const handles = async (): Promise<string[]> =>
  [...(await nft("--handle", "list", "chain", "inet", TABLE, "forward")).matchAll(/^\t\t.* # handle (\d+)$/gm)].map(
    ([, handle = ""]) => handle,
  );

const MARKER = 'counter packets 0 bytes 0 comment "pulumi-netns:test/dev:it@';
const ESTABLISHED = { action: "accept", ctState: ["related", "established"] };
const WEB = { action: "accept", protocol: "tcp", destinationPort: [443, 80], destination: "10.0.0.80" };
const chain = (args: object = {}) => ({ namespace: "red", chain: "forward", policy: "drop", ...args });

test("a chain is created in the table of the stack, updated in place, replaced, and deleted", async () => {
  const it = lab.resource("FilterChain", "it");
  expect(await it.up(chain({ rules: [ESTABLISHED, WEB] }))).toBe("create");
  expect(it.id).toBe("red/filter/forward");
  expect(await list()).toEqual([
    "type filter hook forward priority filter; policy drop;",
    "ct state established,related accept",
    "ip daddr 10.0.0.80 tcp dport { 80, 443 } accept",
    expect.stringContaining(MARKER),
  ]);
  expect(await it.up(chain({ rules: [ESTABLISHED, WEB] }))).toBe("same");
  expect(await it.refresh()).toEqual([]);

  expect(await it.up(chain({ policy: "accept", rules: [WEB, ESTABLISHED] }))).toBe("update");
  expect(await list()).toEqual([
    "type filter hook forward priority filter; policy accept;",
    "ip daddr 10.0.0.80 tcp dport { 80, 443 } accept",
    "ct state established,related accept",
    expect.stringContaining(MARKER),
  ]);
  expect(await it.up(chain({ chain: "input", priority: -10, rules: [] }))).toBe("replace");
  expect(await list()).toEqual([
    "type filter hook input priority filter - 10; policy drop;",
    expect.stringContaining(MARKER),
  ]);
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  await it.destroy();
  await expectNothingLeft();
});

test.each<[string, (handle: string[]) => string[], object]>([
  [
    "edited",
    ([first]) => ["replace", "rule", "inet", TABLE, "forward", "handle", String(first), "ct state new accept"],
    [expect.objectContaining({ ctState: "new" }), expect.objectContaining({ protocol: "tcp" })],
  ],
  [
    "removed",
    ([first]) => ["delete", "rule", "inet", TABLE, "forward", "handle", String(first)],
    [expect.objectContaining({ protocol: "tcp" })],
  ],
  [
    "added",
    () => ["insert", "rule", "inet", TABLE, "forward", "udp dport 53 accept"],
    [
      { action: "accept", family: "inet", protocol: "udp", destinationPort: 53 },
      expect.objectContaining({ ctState: ["established", "related"] }),
      expect.objectContaining({ protocol: "tcp" }),
    ],
  ],
  [
    "added after the last",
    () => ["add", "rule", "inet", TABLE, "forward", "ip ttl 5 counter drop"],
    [
      expect.objectContaining({ ctState: ["established", "related"] }),
      expect.objectContaining({ protocol: "tcp" }),
      { action: "continue", nft: "ip ttl 5 counter packets 0 bytes 0 drop" },
    ],
  ],
  [
    "moved",
    ([first]) => [
      `delete rule inet ${TABLE} forward handle ${first}; add rule inet ${TABLE} forward ct state established,related accept`,
    ],
    [expect.objectContaining({ protocol: "tcp" }), expect.objectContaining({ ctState: ["established", "related"] })],
  ],
  ["all flushed", () => ["flush", "chain", "inet", TABLE, "forward"], expect.toSatisfy((rules) => rules === undefined)],
])("refresh reads rules that are %s by hand, and the next up restores them", async (_what, byHand, rules) => {
  const it = lab.resource("FilterChain", "it");
  const args = chain({ rules: [ESTABLISHED, WEB] });
  await it.up(args);
  const before = await list();
  await nft(...byHand(await handles()));
  expect(await it.refresh()).toEqual(["rules"]);
  expect(it.outputs["rules"]).toEqual(rules);
  expect(await it.up(args)).toBe("update");
  expect(await list()).toEqual(before);
  expect(await it.refresh()).toEqual([]);
});

test("a policy that was changed by hand is restored, and a chain that is gone or on another hook is created again", async () => {
  const it = lab.resource("FilterChain", "it");
  const args = chain({ rules: [WEB] });
  await it.up(args);
  const before = await list();
  await nft("add", "chain", "inet", TABLE, "forward", "{ policy accept; }");
  expect(await it.refresh()).toEqual(["policy"]);
  expect(await it.up(args)).toBe("update");
  expect(await list()).toEqual(before);
  for (const again of [[], ["add", "chain", "inet", TABLE, "forward", "{ type filter hook input priority 5; }"]]) {
    await nft("delete", "chain", "inet", TABLE, "forward");
    if (again.length > 0) await nft(...again);
    expect(await it.refresh()).toBe("gone");
    expect(await it.up(args)).toBe("create");
    expect(await list()).toEqual(before);
  }
});

test("filter chains and NAT rules share a table, which is deleted with the last of them", async () => {
  const [it, nat, input] = [
    lab.resource("FilterChain", "it"),
    lab.resource("NatRule", "nat"),
    lab.resource("FilterChain", "input"),
  ];
  const rule = { namespace: "red", type: "masquerade", source: "10.0.0.0/8" };
  for (const [first, second] of [
    [it, nat],
    [nat, it],
  ] as const) {
    await Promise.all([it.up(chain()), nat.up(rule), input.up(chain({ chain: "input" }))]);
    await first.destroy();
    expect([await first.refresh(), await second.refresh(), await input.refresh()]).toEqual(["gone", [], []]);
    await input.destroy();
    await second.destroy();
    expect(await nft("list", "ruleset")).toBe("");
  }
  await Promise.all([it.up(chain()), nat.up(rule), input.up(chain({ chain: "input" }))]);
  await Promise.all([it.destroy(), nat.destroy(), input.destroy()]);
  expect(await nft("list", "ruleset")).toBe("");
});

test("each stack has its own table, and a mark of the same stack name in another backend is foreign", async () => {
  const [it, other] = [lab.resource("FilterChain", "it"), lab.nextRun().resource("FilterChain", "it", "prod")];
  await it.up(chain({ rules: [WEB] }));
  await other.up(chain({ rules: [ESTABLISHED] }));
  await it.destroy();
  expect((await list("pulumi-netns/test/prod"))[1]).toBe("ct state established,related accept");
  await nft("flush", "chain", "inet", "pulumi-netns/test/prod", "forward");
  const foreign = "pulumi-netns:test/prod@01234567:it@89abcdef";
  await nft(`add rule inet pulumi-netns/test/prod forward counter comment "${foreign} policy"`);
  expect(await other.refresh()).toBe("gone");
});

test("a chain left by a crash is adopted", async () => {
  await lab.resource("FilterChain", "it").up(chain({ rules: [WEB] }));
  const again = lab.nextRun().resource("FilterChain", "it");
  expect(await again.up(chain({ rules: [ESTABLISHED] }))).toBe("create");
  expect((await list()).slice(1, -1)).toEqual(["ct state established,related accept"]);
});

test("a change of hundreds of rules loses no packet", async () => {
  await lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  const it = lab.resource("FilterChain", "it");
  const rules = (count: number) => [
    ...Array.from({ length: count }, (_, index) => ({ action: "drop", protocol: "tcp", destinationPort: index + 1 })),
    { action: "accept", protocol: "icmp", icmpType: "echo-request" },
  ];
  await it.up(chain({ chain: "input", rules: rules(1) }));
  const sixty = lab.run("ip", "netns", "exec", "blue", "ping", "-c", "60", "-i", "0.02", "-W", "1", "10.0.0.1");
  for (let turn = 0; turn < 4; turn += 1)
    await it.up(chain({ chain: "input", rules: rules(turn % 2 === 0 ? 500 : 2) }));
  expect(await sixty).toContain("60 received");
  await it.up(chain({ chain: "input", rules: [] }));
  expect(await pings(lab, "blue", "10.0.0.1")).toBe(false);
  await lab.resource("Veth", "wire").destroy();
});

test("any rules are read back from the kernel without differences, in their order", async () => {
  const it = lab.resource("FilterChain", "it");
  await fc.assert(
    fc.asyncProperty(fc.array(forwardRule, { minLength: 1, maxLength: 8 }), async (rules) => {
      await it.up(chain({ rules }));
      expect(await it.refresh()).toEqual([]);
      expect(await it.up(chain({ rules }))).toBe("same");
    }),
    { numRuns: 60 },
  );
});

test.each([
  [{ chain: "postrouting" }, 'chain: "postrouting" is not one of'],
  [{ rules: [{ action: "accept", source: [] }] }, "rules.0.source: the list is empty, so the rule would match nothing"],
  [{ rules: [{ action: "accept", source: "10.0.0.5/24" }] }, 'rules.0.source: "10.0.0.5/24" is a host address'],
  [
    { rules: [{ action: "accept", destinationPort: 80 }] },
    "rules.0.destinationPort: a port, here 80, requires protocols with ports",
  ],
  [{ rules: [{ action: "accept", protocol: "tcp", destinationPort: 65_536 }] }, "65536 is greater than 65535"],
  [
    { rules: [{ action: "accept", source: "10.0.0.1", destination: "fd00::1" }] },
    "destination: is IPv6 but source is IPv4",
  ],
  [{ rules: [{ action: "accept", source: ["10.0.0.1", "fd00::1"] }] }, "mixes IPv4 and IPv6; declare a rule for each"],
  [{ rules: [{ action: "drop", rejectWith: "admin-prohibited" }] }, '"drop" sends no answer'],
  [{ rules: [{ action: "reject", rejectWith: "tcp reset" }] }, "answers TCP packets only"],
  [{ rules: [{ action: "continue" }] }, "has no effect without log, counter, setMark or setCtMark"],
  [{ rules: [{ action: "accept", icmpType: "echo-request" }] }, 'requires protocol: "icmp" or "icmpv6"'],
  [{ rules: [{ action: "accept", protocol: "icmp", icmpType: "nd-redirect" }] }, "is not a message type of icmp"],
  [{ rules: [{ action: "accept", inInterface: ["a*", "b"] }] }, 'a list of interfaces cannot include the prefix "a*"'],
  [
    { chain: "input", rules: [{ action: "accept", outInterface: "eth0" }] },
    "rules.0.outInterface: packets of the chain input",
  ],
  [
    { chain: "output", rules: [{ action: "drop" }, { action: "accept", inInterface: "eth0" }] },
    "rules.1.inInterface: packets of the chain output",
  ],
  [{ rules: [{ action: "accept", log: "a$b" }] }, 'it contains "$"'],
  [{ rules: [{ action: "accept", limit: "5 per second" }] }, "is not a rate, e.g."],
  [{ rules: [{ action: "accept", ctState: "old" }] }, 'is not one of "invalid"'],
  [{ rules: [{ action: "accept", nft: "ip ttl 5" }] }, "is not an argument: it only describes"],
  [{ rules: [{ action: "accept", port: 80 }] }, "rules.0.port: unknown argument"],
  [{ rules: "accept" }, 'rules: "accept" is not a list of rules'],
  [{ priority: 2 ** 31 }, "it is greater than 2147483647"],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("FilterChain", "it").up(chain(args));
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});
