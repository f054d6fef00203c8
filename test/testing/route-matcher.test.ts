import { beforeEach, expect, test } from "vitest";
import { type Host, hostIn } from "../../testing/host.ts";
import "../../testing/index.ts";
import { runAll } from "../support/run-all.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();
let red: Host;

beforeEach(async () => {
  red = hostIn(ground.host, "red");
  await runAll(ground.box, [
    "ip -n red link add isp type veth peer name isp netns blue",
    "ip -n blue link set dev isp up",
    "ip -n red address add 10.1.0.1/24 dev isp",
    "ip -n red address add fd01::1/64 dev isp nodad",
    "ip -n red link set dev isp up",
    "ip -n red nexthop add id 1 via 10.0.0.5 dev eth0",
    "ip -n red nexthop add id 2 via 10.1.0.2 dev isp",
    "ip -n red nexthop add id 3 group 1/2",
    "ip -n red route add default nhid 3",
    "ip -n red route add 10.8.0.0/16 nexthop via 10.0.0.2 dev eth0 nexthop via 10.1.0.3 dev isp",
    "ip -n red route add fd08::/64 nexthop via fd00::2 dev eth0 nexthop via fd01::3 dev isp",
    "ip -n red route add 10.7.0.0/16 nhid 2",
    "ip -n red route add default via 10.1.0.2 dev isp table 101",
    "ip -n red route add default via fd01::2 dev isp table 101",
  ]);
});

/** Returns the failure message of a matcher. */
const complaint = (expectation: Promise<void>): Promise<string> =>
  expectation.then(
    () => "the matcher passed",
    (error: unknown) => (error as Error).message,
  );

test("a route is found by each of its next hops", async () => {
  for (const way of [{ dev: "eth0" }, { dev: "isp" }, { via: "10.0.0.5" }, { via: "10.1.0.2", dev: "isp" }, {}])
    await expect(red).toHaveRoute("default", way);
  await expect(red).toHaveRoute("10.8.0.0/16", { via: "10.1.0.3", dev: "isp" });
  await expect(red).toHaveRoute("fd08::/64", { via: "fd01:0::3" });
  await expect(red).toHaveRoute("10.7.0.0/16", { via: "10.1.0.2", dev: "isp" });
});

test("a gateway of one next hop and the interface of another one are no next hop of the route", async () => {
  await expect(red).not.toHaveRoute("10.8.0.0/16", { via: "10.1.0.4" });
  expect(await complaint(expect(red).toHaveRoute("default", { via: "10.1.0.2", dev: "eth0" }))).toMatch(
    /^red does not have the route default via 10\.1\.0\.2 dev eth0\. Its routes:\n {2}default nhid 3 *\n[^]*nexthop via 10\.1\.0\.2 dev isp/,
  );
  expect(await complaint(expect(red).not.toHaveRoute("default", { dev: "isp" }))).toMatch(
    /^red has the route default dev isp\. Its routes:\n/,
  );
});

test("a route is found in the table that is given", async () => {
  await expect(red).toHaveRoute("default", { dev: "isp", table: 101 });
  await expect(red).toHaveRoute("default", { via: "fd01::2", table: 101 });
  await expect(red).toHaveRoute("default", { dev: "eth0", table: 254 });
  expect(await complaint(expect(red).toHaveRoute("default", { dev: "eth0", table: 101 }))).toMatch(
    /^red does not have the route default dev eth0 in the table 101\. Its routes in the table 101:\n {2}default via 10\.1\.0\.2 dev isp *$/,
  );
  expect(await complaint(expect(red).toHaveRoute("10.8.0.0/16", { table: 102 }))).toBe(
    "red does not have the route 10.8.0.0/16 in the table 102. Its routes in the table 102: none",
  );
});
