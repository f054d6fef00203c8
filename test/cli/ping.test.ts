import { afterAll, beforeAll, expect, test } from "vitest";
import { pingOnce } from "../support/ping.ts";
import { type Bench, openBench } from "./bench.ts";

// ping-text.test.ts has the text of the matrix for each outcome, and arguments.test.ts the invalid arguments.

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("ping prints a matrix, which has no colors in a pipe", async () => {
  const { code, stdout } = await bench.netns("ping");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^seed\/dev, ms from row to column\n +blue +red\n {2}blue +· +[\d.]+\n {2}red +[\d.]+ +·\n/);
  expect(stdout).toMatch(/^2 pings: 2 answered$/m);
  expect(stdout).not.toContain("\u001b");
});

test("the JSON has each ping, with null for one without an answer", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "red", "address", "add", "10.9.9.9/24", "dev", "veth-red");
  await host.run("ip", "-n", "blue", "route", "add", "unreachable", "10.9.9.0/24");
  const { code, stdout } = await bench.netns("ping", "--json");
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toEqual({
    project: "seed",
    stack: "dev",
    missing: [],
    pings: [
      { from: "blue", to: "red", address: "192.168.15.1", ms: expect.any(Number), loss: 0 },
      { from: "blue", to: "red", address: "10.9.9.9", ms: null, loss: 100 },
      { from: "red", to: "blue", address: "192.168.15.2", ms: expect.any(Number), loss: 0 },
    ],
  });
  await host.run("ip", "-n", "red", "address", "delete", "10.9.9.9/24", "dev", "veth-red");
  await host.run("ip", "-n", "blue", "route", "delete", "10.9.9.0/24");
});

test("ping of one pair takes a host or an address as its destination", async () => {
  const pair = await bench.netns("ping", "red", "blue");
  expect(pair).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ +red → blue +192\.168\.15\.2 +[\d.]+ ms$/),
  });
  const lost = await bench.netns("ping", "red", "192.168.15.77", "--wait", "0.2");
  expect(lost.code).toBe(3);
  expect(lost.stdout).toMatch(/^ +red → 192\.168\.15\.77 +no answer\n`pulumi-netns trace red 192\.168\.15\.77` shows/);
  // 203.0.113.0/24 is for documentation, and the lab host of the sandbox has no route to the outside.
  const said = await bench.netns("ping", "host", "203.0.113.1");
  expect(said).toMatchObject({ code: 3, stdout: expect.stringContaining("Network is unreachable") });
});

test("a host that the stack does not have is an error", async () => {
  expect(await bench.netns("ping", "reed", "blue")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/host "reed" not found in this stack; did you mean red\?/),
  });
});

test("a destination that looks like an address and is none, and a network, are errors that say so", async () => {
  const refused = async (...words: string[]) => (await bench.netns(...(words as [string]))).stderr;
  const wrong =
    /^error: 300\.1\.1\.1 is not an address: 300 is greater than 255\n {2}help: give an address, e\.g\. 192\.168\.15\.2 or fd00:15::2, or a host of the stack$/;
  const network =
    /^error: 10\.20\.0\.0\/24 is a network, and no host of this stack\n {2}help: to ping all addresses in it, use --network: pulumi-netns ping --network 10\.20\.0\.0\/24$/;
  for (const [command, from] of [
    ["ping", "red"],
    ["ping", "re*"],
    ["trace", "red"],
  ] as const) {
    expect(await refused(command, from, "300.1.1.1")).toMatch(wrong);
    expect(await refused(command, from, "10.20.0.0/24")).toMatch(network);
  }
  expect(await refused("ping", "red", "10.20.0.81/24")).toMatch(
    /^error: 10\.20\.0\.81\/24 is not an address: it has a prefix length, which is not allowed here; use "10\.20\.0\.81"\n/,
  );
  expect(await refused("ping", "red", "fd00::1::2")).toMatch(
    /^error: fd00::1::2 is not an address: it contains "::" more than once\n/,
  );
});

test("a picture that cannot be written is an error with its reason", async () => {
  expect(await bench.netns("graph", "--output", "/nonexist/a.svg")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^error: \/nonexist\/a\.svg cannot be written: its folder does not exist\n {2}help: write to a folder that exists and is yours, e\.g\. --output lab\.svg$/,
    ),
  });
});

test("a trace follows a ping and its answer, and reports where it is lost and why", async () => {
  const { host } = bench;
  const answered = await bench.netns("trace", "red", "blue");
  expect(answered.code).toBe(0);
  expect(answered.stdout).toMatch(/^red 192\.168\.15\.1 → 192\.168\.15\.2\n {2}1 {2}red .*veth-red/);
  expect(answered.stdout).toMatch(/the ping is answered$/);

  await host.run("ip", "-n", "red", "route", "delete", "default");
  const lost = await bench.netns("trace", "red", "203.0.113.1");
  expect(lost.code).toBe(3);
  expect(lost.stdout).toMatch(
    /red has no route to 203\.0\.113\.1: the default route of Route red-default is gone\n {2}help: /,
  );
  expect(lost.stdout).toMatch(
    /\n\nthe kernel differs from the stack's state, which may be the cause:\n {2}Route red-default is missing\n {2}help: .*`pulumi up --refresh` reverts them$/,
  );

  const { traces } = JSON.parse((await bench.netns("trace", "red", "203.0.113.1", "--json")).stdout);
  expect(traces).toMatchObject([
    { from: "red", destination: "203.0.113.1", outcome: { kind: "died", place: "red", cause: "no-route" } },
  ]);
  await host.run("ip", "-n", "red", "route", "add", "default", "via", "192.168.15.5", "protocol", "201");
});

test("a large ping is lost at a small MTU, and its advice is a trace of the same size", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "blue", "link", "set", "dev", "veth-blue", "mtu", "1300");
  await pingOnce(host, "red", "192.168.15.2", "-W10");
  const large = await bench.netns("ping", "red", "blue", "--size", "1400", "--df");
  expect(large).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("`pulumi-netns trace red blue --size 1400 --df`"),
  });
  const told = await bench.netns("trace", "red", "blue", "--size", "1400", "--df");
  expect(told.stdout).toMatch(/^red .* → 192\.168\.15\.2, 1400 bytes, not to be fragmented\n/);
  expect(told.stdout).toMatch(/^veth-blue in blue drops the packet: it is larger than its MTU 1300/m);
  await host.run("ip", "-n", "blue", "link", "set", "dev", "veth-blue", "mtu", "1500");

  await host.run("ip", "-n", "red", "route", "add", "192.168.15.2/32", "dev", "veth-red", "mtu", "1300");
  const limited = await bench.netns("trace", "red", "blue", "--size", "1400", "--df");
  expect(limited.stdout).toMatch(
    /^red rejects the packet: it is larger than the MTU 1300 of its route to 192\.168\.15\.2, and may not be fragmented\n {2}help: .*flush cache/m,
  );
  expect(limited.stdout).toMatch(
    /^no resource declares these objects, which may be the cause:\n {2}route 192\.168\.15\.2 dev veth-red in red\n {2}help: /m,
  );
  await host.run("ip", "-n", "red", "route", "delete", "192.168.15.2/32");
});

test("a trace of several addresses shows those without an answer first", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "red", "address", "add", "10.9.9.9/24", "dev", "veth-red");
  await host.run("ip", "-n", "blue", "route", "add", "unreachable", "10.9.9.0/24");
  const { stdout } = await bench.netns("trace", "blue", "red");
  expect([...stdout.matchAll(/→ (\S+)/g)].map(([, address]) => address)).toEqual(["10.9.9.9", "192.168.15.1"]);
  await host.run("ip", "-n", "red", "address", "delete", "10.9.9.9/24", "dev", "veth-red");
  await host.run("ip", "-n", "blue", "route", "delete", "10.9.9.0/24");
});

test("a trace to a host whose address another host has taken reports which one answers", async () => {
  const { host } = bench;
  const ip = (words: string) => host.run("ip", ...words.split(" "));
  await ip("-n red address delete 192.168.15.1/24 dev veth-red");
  await ip("-n red address add 10.9.9.9/24 dev veth-red");
  await ip("-n blue address add 192.168.15.1/24 dev veth-blue");
  await ip("neighbour flush dev v-net-0");
  const { code, stdout } = await bench.netns("trace", "host", "red");
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^the ping is answered by blue, and not by red: veth-blue in blue has 192\.168\.15\.1, and no interface of red has it\n {2}help: remove it there: ip netns exec blue ip address delete 192\.168\.15\.1\/24 dev veth-blue$/m,
  );
  expect(stdout).toMatch(/^the kernel differs from the stack's state.*\n {2}Address red-ip is missing/m);
  await ip("-n blue address delete 192.168.15.1/24 dev veth-blue");
  await ip("-n red address delete 10.9.9.9/24 dev veth-red");
  await ip("-n red address add 192.168.15.1/24 dev veth-red");
  await ip("-n red route replace default via 192.168.15.5 protocol 201");
});

test("a trace of a connection reports that no program listens", async () => {
  const { code, stdout } = await bench.netns("trace", "red", "blue", "tcp", "8080");
  expect(code).toBe(3);
  expect(stdout).toContain("no program in blue listens on tcp port 8080");
});

test("a ping to an address that is a broadcast address is reported as not sent, beside the other pings", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "red", "address", "add", "10.9.9.1/24", "dev", "veth-red");
  await host.run("ip", "-n", "blue", "address", "add", "10.9.9.255/24", "dev", "veth-blue");
  const { code, stdout } = await bench.netns("ping", "--json");
  expect(code).toBe(3);
  const { pings } = JSON.parse(stdout);
  expect(pings).toHaveLength(4);
  expect(pings).toContainEqual({
    from: "red",
    to: "blue",
    address: "10.9.9.255",
    ms: null,
    loss: 100,
    unsent: expect.stringContaining("broadcast"),
  });
  expect(await bench.netns("ping", "red", "10.9.9.255")).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("Do you want to ping broadcast?"),
  });
  await host.run("ip", "-n", "red", "address", "delete", "10.9.9.1/24", "dev", "veth-red");
  await host.run("ip", "-n", "blue", "address", "delete", "10.9.9.255/24", "dev", "veth-blue");
});

test("the errors about a host without an address, and about a missing host, give advice", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "red", "address", "flush", "dev", "veth-red");
  const REVERTS = "shows the differences from the stack's state, and `pulumi up --refresh` reverts them";
  expect((await bench.netns("trace", "blue", "red")).stderr).toContain(
    `red has no address: 192.168.15.1 of Address red-ip is gone\n  help: \`pulumi-netns status\` ${REVERTS}`,
  );
  await host.run("ip", "-n", "red", "link", "set", "veth-red", "down");
  expect((await bench.netns("trace", "blue", "red")).stderr).toContain(
    "red has no address: its interface veth-red is down",
  );
  await host.run("ip", "-n", "red", "link", "delete", "veth-red");
  const missing = await bench.netns("ping", "blue", "red");
  expect(missing.stderr).toContain(
    `red has no address: its interface veth-red is missing\n  help: \`pulumi-netns status\` ${REVERTS}`,
  );
  await host.run("ip", "netns", "delete", "red");
  const { code, stdout } = await bench.netns("ping");
  expect(code).toBe(3);
  expect(stdout).toMatch(/^ {2}blue +· +not there\n {2}red +not there +·$/m);
  expect(stdout).toMatch(/^namespace red is in the stack's state but does not exist in the kernel\n {2}help: /m);
});
