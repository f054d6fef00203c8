import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeRange } from "../../provider/address-ranges.ts";
import { isHost } from "../../provider/cidr.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { some } from "../support/match-arbitraries.ts";

labForEachTest();

const TABLE = "pulumi-netns/test/dev";
const rules = async (table = TABLE) =>
  (await lab.run("nft", "list", "table", "inet", table))
    .split("\n")
    .filter((line) => line.includes("comment"))
    .map((line) => line.trim().replace(/ comment .*/, ""));

test("a rule is created in the table of its stack, which is deleted with the last rule", async () => {
  const [one, two] = [lab.resource("NatRule", "one"), lab.resource("NatRule", "two")];
  expect(await one.up({ type: "masquerade", source: "192.168.15.0/24" })).toBe("create");
  expect(await two.up({ type: "masquerade", source: "192.168.16.0/24" })).toBe("create");
  expect(await rules()).toEqual(["ip saddr 192.168.15.0/24 masquerade", "ip saddr 192.168.16.0/24 masquerade"]);
  expect(await one.up({ type: "masquerade", source: "192.168.15.0/24" })).toBe("same");
  expect(await one.refresh()).toEqual([]);
  await one.destroy();
  await one.destroy();
  expect(await rules()).toEqual(["ip saddr 192.168.16.0/24 masquerade"]);
  await two.destroy();
  await expectNothingLeft();
});

test("every match and the translation change in place", async () => {
  const rule = lab.resource("NatRule", "rule");
  const steps = [
    [{ type: "masquerade" }, "masquerade"],
    [{ type: "masquerade", family: "ip6", outInterface: "eth0" }, 'meta nfproto ipv6 oifname "eth0" masquerade'],
    [{ type: "masquerade", inInterface: "eth0", outInterface: "eth0" }, 'iifname "eth0" oifname "eth0" masquerade'],
    [{ type: "snat", source: "10.0.0.1", toAddress: "203.0.113.1" }, "ip saddr 10.0.0.1 snat ip to 203.0.113.1"],
    [{ type: "masquerade", protocol: "icmpv6" }, "meta l4proto ipv6-icmp masquerade"],
    [
      {
        type: "dnat",
        inInterface: "wan*",
        destination: "203.0.113.1",
        protocol: "tcp",
        destinationPort: 80,
        toAddress: "10.0.0.1",
        toPort: 8080,
      },
      'iifname "wan*" ip daddr 203.0.113.1 tcp dport 80 dnat ip to 10.0.0.1:8080',
    ],
    [
      { type: "dnat", protocol: "udp", destinationPort: "5000-5010", toAddress: "fd00::1", toPort: 53 },
      "meta nfproto ipv6 udp dport 5000-5010 dnat ip6 to [fd00::1]:53",
    ],
    [{ type: "redirect", protocol: "tcp", destinationPort: 80, toPort: 8080 }, "tcp dport 80 redirect to :8080"],
    [{ type: "snat", toAddress: "192.0.2.1-192.0.2.9" }, "meta nfproto ipv4 snat ip to 192.0.2.1-192.0.2.9"],
    [
      { type: "snat", toAddress: "192.0.2.0/28", persistent: true },
      "meta nfproto ipv4 snat ip to 192.0.2.0/28 persistent",
    ],
    [
      { type: "snat", protocol: "tcp", toAddress: "192.0.2.1", toPort: "1024-2047", random: true },
      "meta nfproto ipv4 meta l4proto tcp snat ip to 192.0.2.1:1024-2047 random",
    ],
    [{ type: "masquerade", fullyRandom: true }, "masquerade fully-random"],
    [{ type: "snat", destination: "10.8.0.0/16", exclude: true }, "ip daddr 10.8.0.0/16 accept"],
    [{ type: "dnat", destination: "10.8.0.0/16", exclude: true }, "ip daddr 10.8.0.0/16 accept"],
    [
      { type: "redirect", protocol: "tcp", destinationPort: 80, toPort: 8080, priority: -50 },
      "tcp dport 80 redirect to :8080",
    ],
  ] as const;
  for (const [index, [args, text]] of steps.entries()) {
    expect(await rule.up(args)).toBe(index === 0 ? "create" : "update");
    expect(await rules()).toEqual([text]);
    expect(await rule.refresh()).toEqual([]);
    expect(await rule.up(args)).toBe("same");
  }
  expect(await lab.run("nft", "list", "table", "inet", TABLE)).toMatch(/hook prerouting priority -50;/);
  await rule.destroy();
  await expectNothingLeft();
});

test("a rule that was deleted by hand is created again", async () => {
  const rule = lab.resource("NatRule", "rule");
  const args = { type: "masquerade", source: "192.168.15.0/24" };
  await rule.up(args);
  await lab.run("nft", "flush", "ruleset");
  expect(await rule.refresh()).toBe("gone");
  expect(await rule.up(args)).toBe("create");
  expect(await rules()).toEqual(["ip saddr 192.168.15.0/24 masquerade"]);
});

test("a rule that was changed by hand and has its mark is reported and repaired", async () => {
  const rule = lab.resource("NatRule", "rule");
  const args = { type: "masquerade", source: "192.168.15.0/24" };
  await rule.up(args);
  const listing = await lab.run("nft", "--handle", "list", "table", "inet", TABLE);
  const [, mark = "", handle = ""] = /comment "([^"]*)" # handle (\d+)/.exec(listing) ?? [];
  await lab.run(
    "nft",
    `replace rule inet ${TABLE} postrouting handle ${handle} ip saddr 10.0.0.0/8 masquerade comment "${mark}"`,
  );
  expect(await rule.refresh()).toEqual(["source"]);
  expect(await rule.up(args)).toBe("update");
  expect(await rules()).toEqual(["ip saddr 192.168.15.0/24 masquerade"]);
});

test("a delete removes a rule that was changed by hand to one that no arguments can express", async () => {
  await lab.run("ip", "netns", "add", "red");
  const [inside, outside] = [lab.resource("NatRule", "inside"), lab.resource("NatRule", "outside")];
  await inside.up({ type: "masquerade", namespace: "red" });
  await outside.up({ type: "masquerade" });
  const nft = (...args: string[]) => lab.run("ip", "netns", "exec", "red", "nft", ...args);
  const [, mark = "", handle = ""] =
    /comment "([^"]*)" # handle (\d+)/.exec(await nft("--handle", "list", "ruleset")) ?? [];
  await nft(`replace rule inet ${TABLE} postrouting handle ${handle} counter masquerade comment "${mark}"`);
  await inside.destroy();
  expect(await nft("list", "ruleset")).toBe("");
  expect(await rules()).toEqual(["masquerade"]);
});

test("a stack with a long name has a table", async () => {
  const rule = lab.resource("NatRule", "rule", "a-stack-with-a-very-long-name-".repeat(4));
  await rule.up({ type: "masquerade" });
  expect(await rule.refresh()).toEqual([]);
  await rule.destroy();
  await expectNothingLeft();
});

test("foreign tables and those of other stacks are not changed", async () => {
  const theirs =
    "table inet theirs {\n\tchain nat {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\tmasquerade\n\t}\n}";
  await lab.run("nft", theirs);
  const [rule, other] = [lab.resource("NatRule", "rule"), lab.nextRun().resource("NatRule", "rule", "prod")];
  await rule.up({ type: "masquerade" });
  await other.up({ type: "masquerade" });
  await rule.destroy();
  expect(await rules("pulumi-netns/test/prod")).toEqual(["masquerade"]);
  await other.destroy();
  expect(await lab.run("nft", "list", "ruleset")).toBe(theirs);
});

test("200 rules are created, updated and deleted concurrently", async () => {
  const all = Array.from({ length: 200 }, (_, index) => lab.resource("NatRule", `rule${index}`));
  await Promise.all(all.map((rule, index) => rule.up({ type: "masquerade", source: `10.${index}.0.0/16` })));
  expect(new Set(await rules()).size).toBe(200);
  expect(await Promise.all(all.map((rule) => rule.refresh()))).toEqual(all.map(() => []));
  const [changed, away] = [all.slice(0, 100), all.slice(100)];
  await Promise.all([
    ...changed.map((rule, index) => rule.up({ type: "snat", source: `10.${index}.0.0/16`, toAddress: "192.0.2.1" })),
    ...away.map((rule) => rule.destroy()),
  ]);
  expect((await rules()).toSorted()).toEqual(
    changed.map((_, index) => `ip saddr 10.${index}.0.0/16 snat ip to 192.0.2.1`).toSorted(),
  );
  await Promise.all(changed.map((rule) => rule.destroy()));
  await expectNothingLeft();
});

test("a rule that the kernel rejects does not prevent the creation of concurrent rules", async () => {
  await lab.run("nft", `table inet ${TABLE} { chain postrouting_at_7 { type filter hook input priority 7; }; }`);
  const all = Array.from({ length: 10 }, (_, index) => lab.resource("NatRule", `rule${index}`));
  const made = await Promise.allSettled(
    all.map((rule, index) => rule.up({ type: "masquerade", source: `10.${index}.0.0/16`, priority: 100 - 31 * index })),
  );
  const refused = made.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  expect(refused).toEqual([expect.stringContaining("ip saddr 10.3.0.0/16 masquerade")]);
  expect((await rules()).length).toBe(9);
  await Promise.all(all.map((rule) => rule.destroy()));
  // The chain that was added by hand stays.
  await lab.run("nft", "delete", "table", "inet", TABLE);
  await expectNothingLeft();
});

test("a rule left by a crash is adopted, not duplicated", async () => {
  await lab.resource("NatRule", "rule").up({ type: "masquerade", source: "10.0.0.0/8" });
  const again = lab.nextRun().resource("NatRule", "rule");
  expect(await again.up({ type: "masquerade", source: "10.1.0.0/16" })).toBe("create");
  expect(await rules()).toEqual(["ip saddr 10.1.0.0/16 masquerade"]);
});

test("any rule is read back from the kernel without differences", async () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const [v4, v6] = [fc.ipV4(), fc.ipV6()].map((address) => address.filter((text) => isHost(text))) as [
    fc.Arbitrary<string>,
    fc.Arbitrary<string>,
  ];
  const port = fc.oneof(
    fc.integer({ min: 1, max: 65_535 }),
    fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1000, max: 9999 })).map((pair) => pair.join("-")),
  );
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const matches = (address: fc.Arbitrary<string>) =>
    fc.record({
      source: maybe(
        some(
          fc.oneof(
            address,
            octet.map((byte) => `10.${byte}.0.0/16`),
          ),
        ),
      ),
      protocol: some(fc.constantFrom("tcp", "udp", "sctp")),
      sourcePort: maybe(some(port)),
      destinationPort: maybe(some(port)),
      priority: maybe(fc.integer({ min: -199, max: 300 })),
    });
  const flags = { random: fc.boolean(), persistent: fc.boolean() };
  const pool = (address: fc.Arbitrary<string>) =>
    fc.oneof(
      address,
      fc
        .tuple(address, address)
        .map(([one, other]) => normalizeRange(`${one}-${other}`) ?? normalizeRange(`${other}-${one}`) ?? one),
    );
  const name = fc.constantFrom("eth0", "we;$()i", "ünter", "#1");
  const link = maybe(fc.oneof(some(name), fc.constant("veth-*")));
  const rule = fc.oneof(
    fc
      .record({ type: fc.constantFrom("masquerade"), inInterface: link, outInterface: link })
      .chain((base) => matches(v4).map((match) => ({ ...base, ...match }))),
    fc
      .record({ type: fc.constant("snat"), outInterface: link, toAddress: pool(v4), toPort: maybe(port), ...flags })
      .chain((base) => matches(v4).map((match) => ({ ...base, ...match }))),
    fc
      .record({ type: fc.constant("dnat"), inInterface: link, toAddress: pool(v6), toPort: maybe(port), ...flags })
      .chain((base) => matches(v6).map(({ source: _, ...match }) => ({ ...base, ...match }))),
    fc
      .record({ type: fc.constant("redirect"), inInterface: link, toPort: maybe(port), destination: maybe(some(v6)) })
      .chain((base) => matches(v6).map(({ source: _, ...match }) => ({ ...base, ...match }))),
  );
  const resource = lab.resource("NatRule", "rule");
  await fc.assert(
    fc.asyncProperty(rule, async (args) => {
      await resource.up(args);
      expect(await resource.refresh()).toEqual([]);
      expect(await resource.up(args)).toBe("same");
    }),
    { numRuns: 60 },
  );
});
