import { beforeEach, expect, test } from "vitest";
import { type Host, hostIn } from "../../testing/host.ts";
import "../../testing/index.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();
let red: Host;
let blue: Host;

beforeEach(async () => {
  red = hostIn(ground.host, "red");
  blue = hostIn(ground.host, "blue");
});

/** Returns the failure message of a matcher. */
async function complaint(expectation: Promise<void>): Promise<string> {
  try {
    await expectation;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the matcher passed");
}

/** Adds a rule for the packets that a namespace receives. */
async function inputRule(place: string, rule: string): Promise<void> {
  await ground.nft("add table inet f; add chain inet f c { type filter hook input priority 0; policy accept; }", place);
  await ground.nft(`add rule inet f c ${rule}`, place);
}

test("toLose checks the share of lost pings", async () => {
  await expect(red.to(blue)).toLose(0, { count: 50 });
  expect(await complaint(expect(red.to("10.0.0.2")).toLose("40%", { count: 100 }))).toBe(
    "the path from red to 10.0.0.2 loses 0 of 100 pings (0 %); expected a loss of 40 %: 16 to 64 of 100",
  );
  await inputRule("blue", "icmp type echo-request numgen inc mod 5 0 drop");
  await expect(red.to(blue)).toLose("20%", { count: 200 });
  await expect(red.to("fd00::2")).toLose(0, { count: 50 });
  expect(await complaint(expect(red.to(blue)).toLose(0, { count: 100 }))).toBe(
    "the path from red to blue (10.0.0.2) loses 20 of 100 pings (20 %); expected a loss of 0 %: 0 of 100",
  );
  expect(await complaint(expect(red.to(blue)).not.toLose(20, { count: 100 }))).toMatch(/loses 20 of 100 pings/);
  expect(await complaint(expect(red.to(blue)).toLose("20"))).toBe(
    '"20" is not a share of packets\n  help: write it with a unit, such as "5%"',
  );
  await inputRule("blue", "icmp type echo-request drop");
  await expect(red.to(blue)).toLose("100%", { count: 5 });
  expect(await complaint(expect(red.to(blue)).toLose("10%", { count: 5 }))).toMatch(
    /^the path from red to blue \(10\.0\.0\.2\) loses 5 of 5 pings \(100 %\); expected a loss of 10 %: 0 to 3 of 5\n\nred 10\.0\.0\.1 → 10\.0\.0\.2\n[^]*the firewall of blue drops/,
  );
});

test("toTakeBetween checks the median time of pings", async () => {
  await expect(red.to(blue)).toTakeBetween(0, "2s");
  expect(await complaint(expect(red.to("fd00::2")).toTakeBetween("10s", "20s", { count: 3 }))).toMatch(
    /^a ping from red to fd00::2 takes [\d.]+ ms, the median of [\d.]+, [\d.]+, [\d.]+; expected 10000 to 20000 ms$/,
  );
  expect(await complaint(expect(red.to(blue)).not.toTakeBetween("0ms", "2s"))).toMatch(/^a ping from red to blue/);
  await inputRule("blue", "icmp type echo-request drop");
  expect(await complaint(expect(red.to(blue)).toTakeBetween(0, 1, { count: 2 }))).toMatch(
    /^none of 2 pings from red to blue \(10\.0\.0\.2\) is answered\n\nred 10\.0\.0\.1 → 10\.0\.0\.2\n[^]*the firewall of blue drops/,
  );
});

test.each(["tcp", "udp"] as const)("toCarry checks a %s port", async (protocol) => {
  await expect(red.to(blue)).toCarry(protocol, 80);
  await expect(red.to("fd00::2")).toCarry(protocol, 80);
  expect(await complaint(expect(red.to(blue)).not.toCarry(protocol, 80))).toBe(
    `the path from red to blue (10.0.0.2) carries ${protocol} port 80`,
  );
  await inputRule("blue", `${protocol} dport 80 reject`);
  await expect(red.to(blue)).toCarry(protocol, 81);
  const message = await complaint(expect(red.to(blue)).toCarry(protocol, 80));
  expect(message).toMatch(
    new RegExp(
      `^the path from red to blue \\(10\\.0\\.0\\.2\\) does not carry ${protocol} port 80 \\(ECONNREFUSED\\)\n\n`,
    ),
  );
  expect(message).toContain(`rule \`${protocol} dport 80 reject`);

  // Another host than the one with the address answers at a forwarded port.
  await ground.route();
  await ground.nft("add table inet n; add chain inet n in { type nat hook prerouting priority dstnat; }");
  await ground.nft(`add rule inet n in ip daddr 203.0.113.2 ${protocol} dport 8000 dnat ip to 10.0.0.1:9000`);
  const published = hostIn(ground.host, "internet").to("203.0.113.2");
  await expect(published).toCarry(protocol, 8000, { at: red, listenPort: 9000 });
  await expect(published).not.toCarry(protocol, 8001, { at: red, listenPort: 9000 });
  expect(await complaint(expect(red.to("8.8.4.4")).toCarry(protocol, 80))).toBe(
    'no host of the lab has the address 8.8.4.4\n  help: name the host that answers: { at: lab.host("web") }',
  );
  // The probes leave no sockets.
  expect(await blue.exec("ss", "-Hltun")).toBe("");
});

test("toBeBlocked checks that a rule drops packets", async () => {
  expect(await complaint(expect(red.to(blue)).toBeBlocked())).toMatch(
    /^a ping from red to blue \(10\.0\.0\.2\) is answered, so no rule blocks it\n\nred 10\.0\.0\.1 → 10\.0\.0\.2\n/,
  );
  await inputRule("blue", "icmp type echo-request drop");
  await inputRule("blue", "tcp dport 22 drop");
  await expect(red.to(blue)).toBeBlocked();
  await expect(red.to(blue)).toBeBlocked("tcp", 22, { by: "dport 22" });
  await expect(red.to(blue)).toBeBlocked("tcp", 22, { by: /chain c in table inet f/ });
  await expect(red.to(blue)).not.toBeBlocked("tcp", 23);
  await expect(red.to(blue)).not.toBeBlocked("udp", 22);
  expect(await complaint(expect(red.to(blue)).toBeBlocked("tcp", 22, { by: "policy drop" }))).toMatch(
    /^tcp port 22 from red to blue \(10\.0\.0\.2\) is blocked by another rule than policy drop\n/,
  );
  expect(await complaint(expect(red.to(blue)).not.toBeBlocked("tcp", 22))).toMatch(
    /^tcp port 22 from red to blue \(10\.0\.0\.2\) is blocked: the firewall of blue drops the packet: rule `tcp dport 22 drop` of chain c/,
  );
  await ground.ip("-n", "blue", "address", "del", "10.0.0.2/24", "dev", "eth0");
  expect(await complaint(expect(red.to("10.0.0.2")).toBeBlocked())).toMatch(
    /^a ping from red to 10\.0\.0\.2 is not answered, but no rule blocks it\n[^]*10\.0\.0\.2 does not exist on the segment/,
  );
});

test("toTransferBetween checks the rate of a transfer", async () => {
  await ground.box.run(
    "tc",
    ...["-n", "red", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "8mbit", "burst", "16kb", "latency", "50ms"],
  );
  // A busy machine transfers less, but never more.
  await expect(red.to(blue)).toTransferBetween("1mbit", "8.2mbit");
  expect(await complaint(expect(red.to(blue)).toTransferBetween("100mbit", "200mbit", { seconds: 1 }))).toMatch(
    /^the path from red to blue \(10\.0\.0\.2\) transfers [1-8](\.\d+)? Mbit\/s; expected 100 Mbit\/s to 200 Mbit\/s$/,
  );
  await inputRule("blue", "tcp dport 5201 drop");
  expect(await complaint(expect(red.to(blue)).toTransferBetween(0, "1gbit"))).toMatch(
    /^the path from red to blue \(10\.0\.0\.2\) transfers no data \(no answer\)\n\n[^]*tcp dport 5201 drop/,
  );
});

test("a matcher rejects a value that is not a path, and a host that does not exist", async () => {
  expect(await complaint(expect(red).toLose(0))).toBe(
    'expect(lab.host("red")): the value is not a path of a lab\n  help: use expect(lab.host("red").to("192.168.15.2"))',
  );
  expect(await complaint(expect(red.to(blue)).toReach("10.0.0.2"))).toBe(
    'expect(a path): the value is not a host of a lab\n  help: use expect(lab.host("red"))',
  );
  expect(await complaint(expect(red.to(hostIn(ground.host, "bleu"))).not.toCarry("tcp", 80))).toMatch(
    /^namespace "bleu" not found in this lab; did you mean blue\?/,
  );
});
