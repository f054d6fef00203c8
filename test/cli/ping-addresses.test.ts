import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

/* The addresses that `pulumi-netns ping` pings. */

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("a declared address that a host has lost gets no answer, also beside another one that it has", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "blue", "address", "delete", "192.168.15.2/24", "dev", "veth-blue");
  await host.run("ip", "-n", "blue", "address", "add", "192.168.15.9/24", "dev", "veth-blue");
  const pair = await bench.netns("ping", "red", "blue", "--wait", "0.2");
  expect(pair.code).toBe(3);
  expect(pair.stdout).toMatch(/^ +red → blue +192\.168\.15\.9 +[\d.]+ ms\n +red → blue +192\.168\.15\.2 +no answer\n/);
  const matrix = await bench.netns("ping", "--json", "--wait", "0.2");
  expect((JSON.parse(matrix.stdout) as { pings: object[] }).pings).toContainEqual(
    expect.objectContaining({ from: "red", address: "192.168.15.2", ms: null }),
  );
  expect(matrix.code).toBe(3);
  await host.run("ip", "-n", "blue", "address", "delete", "192.168.15.9/24", "dev", "veth-blue");
  await bench.stack.up("--refresh");
});

test("an answer of a place that has the address of another one by hand gets a warning", async () => {
  const { host } = bench;
  const silent = await bench.netns("ping", "red", "blue");
  expect(silent).toMatchObject({ code: 0, stderr: "" });
  await host.run("ip", "-n", "blue", "address", "delete", "192.168.15.2/24", "dev", "veth-blue");
  await host.run("ip", "-n", "red", "address", "add", "192.168.15.2/24", "dev", "veth-red");
  const { code, stdout, stderr } = await bench.netns("ping", "red", "192.168.15.2");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^ +red → 192\.168\.15\.2 +[\d.]+ ms$/)]);
  expect(stderr).toBe(
    "warning: 192.168.15.2 is also an address of veth-red in red, which no resource declares: red may have answered\n" +
      "  help: delete it there: ip netns exec red ip address delete 192.168.15.2/24 dev veth-red",
  );
  await host.run("ip", "-n", "red", "address", "delete", "192.168.15.2/24", "dev", "veth-red");
  await bench.stack.up("--refresh");
});

test("an answer of another host counts neither for the pair nor in the matrix", async () => {
  const { host } = bench;
  const ip = (words: string) => host.run("ip", ...words.split(" "));
  await ip("-n red address delete 192.168.15.1/24 dev veth-red");
  await ip("address add 192.168.15.1/24 dev v-net-0");
  const told =
    "blue → red 192.168.15.1 is answered by host, which has that address too\n" +
    "  help: `pulumi-netns trace blue red` shows the interface that has the address too";
  await ip("-n red address add 192.168.15.9/24 dev veth-red");
  const pair = await bench.netns("ping", "blue", "red");
  expect(pair.code).toBe(3);
  expect(pair.stdout).toMatch(
    /^ +blue → red +192\.168\.15\.9 +[\d.]+ ms\n +blue → red +192\.168\.15\.1 +[\d.]+ ms, answered by host\n/,
  );
  expect(pair.stdout).toContain(`\n${told}`);
  expect((await bench.netns("trace", "blue", "red")).stdout).toContain("v-net-0 in the lab host has 192.168.15.1");
  await ip("-n red address delete 192.168.15.9/24 dev veth-red");
  const matrix = await bench.netns("ping", "blue", "*");
  expect(matrix.code).toBe(3);
  expect(matrix.stdout).toMatch(/^ {2}blue +· +host answers$/m);
  expect(matrix.stdout).toContain(`\n1 pings: 0 answered, 1 by another host\n${told}`);
  expect(JSON.parse((await bench.netns("ping", "blue", "*", "--json")).stdout)).toMatchObject({
    pings: [{ from: "blue", to: "red", address: "192.168.15.1", answeredBy: ["host"], isShared: false }],
  });
  await ip("address delete 192.168.15.1/24 dev v-net-0");
  await bench.stack.up("--refresh");
});

test("an address is not pinged from a host that neither has nor should have one of its family", async () => {
  const { host } = bench;
  const ip = (words: string) => host.run("ip", ...words.split(" "));
  const pinged = async () => {
    const { code, stdout } = await bench.netns("ping", "--json");
    const { pings } = JSON.parse(stdout) as { pings: { from: string; address: string }[] };
    return { code, pings: pings.map(({ from, address }) => `${from} ${address}`) };
  };
  await ip("-n red address add fd00::1/64 dev veth-red nodad");
  expect(await pinged()).toEqual({ code: 0, pings: ["blue 192.168.15.1", "red 192.168.15.2"] });
  expect(await bench.netns("ping", "blue", "red")).toMatchObject({
    code: 0,
    stdout: expect.not.stringContaining("::"),
  });

  await ip("-n blue address delete 192.168.15.2/24 dev veth-blue");
  await ip("-n blue address add fd00::2/64 dev veth-blue nodad");
  expect(await pinged()).toEqual({
    code: 3,
    pings: ["blue 192.168.15.1", "blue fd00::1", "red fd00::2", "red 192.168.15.2"],
  });

  await ip("-n red address delete fd00::1/64 dev veth-red");
  await ip("-n blue address delete fd00::2/64 dev veth-blue");
  await ip("-n blue address add 192.168.15.2/24 dev veth-blue");
  await ip("-n blue route replace default via 192.168.15.5 protocol 201");
});

test("an address that both hosts have is pinged by neither, unless they have no other one", async () => {
  const { host } = bench;
  const ip = (words: string) => host.run("ip", ...words.split(" "));
  await ip("-n red address add 192.168.15.2/24 dev veth-red");
  const { pings } = JSON.parse((await bench.netns("ping", "--json")).stdout);
  expect(pings).toContainEqual({
    ...{ from: "red", to: "blue", address: "192.168.15.2", ms: null, loss: 100 },
    unsent: "red has this address itself",
  });
  expect(await bench.netns("ping", "red", "blue")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^error: red has the address of blue itself: 192\.168\.15\.2\n {2}help: a packet from red /,
    ),
  });
  expect((await bench.netns("trace", "red", "blue")).stdout).toMatch(/is answered by red, and not by blue/);
  await ip("-n red address delete 192.168.15.2/24 dev veth-red");
});

test("patterns and a network select the hosts and the addresses to ping", async () => {
  const { host } = bench;
  await host.run("ip", "-n", "red", "address", "add", "10.255.0.1/32", "dev", "lo");
  await host.run("ip", "-n", "blue", "route", "add", "10.255.0.1", "via", "192.168.15.1");
  const pinged = async (...words: string[]) => {
    const { stdout } = await bench.netns("ping", ...words, "--json");
    const { pings } = JSON.parse(stdout) as { pings: { from: string; address: string; ms: number | null }[] };
    return pings.map(({ from, address, ms }) => `${from} ${address} ${ms === null ? "lost" : "answered"}`).sort();
  };
  expect(await pinged("red")).toEqual(["red 192.168.15.2 answered"]);
  expect(await pinged("b*")).toEqual(["blue 10.255.0.1 answered", "blue 192.168.15.1 answered"]);
  expect(await pinged("*", "*l*")).toEqual(["red 192.168.15.2 answered"]);
  expect(await pinged("host", "r*")).toEqual(["host 10.255.0.1 lost", "host 192.168.15.1 answered"]);
  expect(await pinged("*", "192.168.15.5")).toEqual(["blue 192.168.15.5 answered", "red 192.168.15.5 answered"]);
  expect(await pinged("--network", "10.255.0.0/16")).toEqual(["blue 10.255.0.1 answered"]);
  expect(await pinged("blue", "red", "--network", "10.255.0.0/16")).toEqual(["blue 10.255.0.1 answered"]);
  for (const hosts of [[], ["blue", "red"]])
    expect((await bench.netns("ping", ...hosts, "--network", "10.7.0.0/16")).stderr).toMatch(
      /^error: nothing to ping: no address is in 10\.7\.0\.0\/16\n {2}help: /,
    );
  expect((await bench.netns("ping", "b*")).stdout).toMatch(
    /^seed\/dev, .*\n +blue +red\n {2}blue +· +[\d.]+\n\n2 pings/,
  );
  expect(await bench.netns("ping", "spine*")).toMatchObject({
    code: 1,
    stderr: 'error: no host of this stack matches "spine*"\n  help: the hosts are blue, red',
  });
  await host.run("ip", "-n", "red", "address", "delete", "10.255.0.1/32", "dev", "lo");
  await host.run("ip", "-n", "blue", "route", "delete", "10.255.0.1");
});
