import { expect, test } from "vitest";
import { openBench } from "./bench.ts";

// ping.test.ts has the traces of the pairs that it pings.

test("the exit code of a trace is that of a lost ping where flows by another next hop are lost", async () => {
  await using bench = await openBench("seed");
  const { host } = bench;
  await host.run("ip", "-n", "red", "route", "add", "10.9.0.0/24", ...HOPS);
  const chosen = async (last: number) =>
    (await host.ip("-n", "red", "route", "get", `10.9.0.${last}`))[0].gateway === "192.168.15.2" ? [last] : [];
  const [last] = (await Promise.all(Array.from({ length: 32 }, (_, index) => chosen(index + 1)))).flat();
  await host.run("ip", "-n", "blue", "address", "add", `10.9.0.${last}/32`, "dev", "lo");
  await host.run("ip", "route", "add", "blackhole", "10.9.0.0/24");
  const { code, stdout } = await bench.netns("trace", "red", `10.9.0.${last}`);
  expect(stdout).toMatch(
    /^the ping is answered on this path, but flows by veth-red to 192\.168\.15\.5 of red are lost$/m,
  );
  expect(code).toBe(3);
  const { traces } = JSON.parse((await bench.netns("trace", "red", `10.9.0.${last}`, "--json")).stdout);
  expect(traces).toMatchObject([{ outcome: { kind: "answered" }, result: "died" }]);
});

test("a host for which no resource declares an address", async () => {
  await using bench = await openBench("seed");
  await bench.stack.config({ stage: 1 });
  await bench.stack.up();
  expect((await bench.netns("trace", "red", "blue")).stderr).toContain(
    "blue has no address\n  help: its interfaces: pulumi-netns exec blue -- ip -brief address",
  );
});

const HOPS = ["nexthop", "via", "192.168.15.2", "nexthop", "via", "192.168.15.5"];
