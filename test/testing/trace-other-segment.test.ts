import { expect, test } from "vitest";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// An address that a host has on another segment than that of the sender.

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping from red, compares it with a real one, and returns where the trace ends. */
const follow = async (to: string) => (await traced(ground.host, { from: "red", to, wait: 0.3 })).outcome;

const lost = { kind: "died", way: "there", place: "red", cause: "no-neighbour" };

test("the port of the receiver was taken off its bridge", async () => {
  expect(await follow("10.0.0.2")).toEqual({ kind: "answered" });
  await run("ip link set dev blue-br nomaster", "ip -n red neighbour flush dev eth0");
  expect(await follow("10.0.0.2")).toEqual({
    ...lost,
    reason:
      "10.0.0.2 does not exist on the segment of eth0 in red: the addresses on that segment are the lab host 10.0.0.5, and blue has it on eth0, whose peer blue-br in the lab host is no port of a bridge",
    hint: "make blue-br a port of a bridge: ip link set dev blue-br master BRIDGE",
  });
});

test("the port of the sender was taken off its bridge", async () => {
  await run("ip link set dev red-br nomaster");
  expect(await follow("10.0.0.2")).toEqual({
    ...lost,
    reason:
      "10.0.0.2 does not exist on the segment of eth0 in red, whose peer red-br in the lab host is no port of a bridge: no interface on that segment has an IPv4 address, and blue has it on eth0, whose peer blue-br in the lab host is a port of the bridge v-net-0",
    hint: "make red-br a port of a bridge: ip link set dev red-br master BRIDGE",
  });
});

test("the receiver is on another LAN", async () => {
  await run("ip link add other type bridge", "ip link set dev other up", "ip link set dev blue-br master other");
  const at =
    "10.0.0.2 does not exist on the segment of eth0 in red: the addresses on that segment are the lab host 10.0.0.5, and ";
  const hint = "connect the two segments, or give each one a network of its own and route between them";
  expect(await follow("10.0.0.2")).toEqual({
    ...{ ...lost, hint },
    reason: `${at}blue has it on eth0, whose peer blue-br in the lab host is a port of the bridge other`,
  });
  await run("ip link set dev blue-br nomaster", "ip address add 172.16.0.1/24 dev blue-br");
  expect(await follow("10.0.0.2")).toMatchObject({
    ...{ ...lost, hint },
    reason: `${at}blue has it on eth0, whose peer blue-br in the lab host is on another segment`,
  });
  await run("ip -n lan link add br0 up type bridge", "ip -n lan link set dev eth0 master br0");
  await run("ip -n lan address add 10.0.0.9/24 dev br0");
  expect(await follow("10.0.0.9")).toMatchObject({
    ...{ ...lost, hint },
    reason: `${at.replace("10.0.0.2", "10.0.0.9")}lan has it on br0, which is on another segment`,
  });
});

test("the receiver is not connected, or is down", async () => {
  const at =
    "10.0.0.2 does not exist on the segment of eth0 in red: the addresses on that segment are the lab host 10.0.0.5, and blue has it on";
  await run("ip link set dev blue-br nomaster down");
  expect(await follow("10.0.0.2")).toMatchObject({
    ...lost,
    reason: `${at} eth0, which is not connected: its peer blue-br in the lab host is down`,
    hint: "set up: true for blue-br, or run `pulumi up --refresh` if it was set down by hand",
  });
  await run("ip -n blue link set dev eth0 down");
  expect(await follow("10.0.0.2")).toMatchObject({
    ...lost,
    reason: `${at} eth0, which is down`,
    hint: "set up: true for eth0, or run `pulumi up --refresh` if it was set down by hand",
  });
  await run("ip -n blue address flush dev eth0", "ip -n blue address add 10.0.0.2/24 dev lo");
  expect(await follow("10.0.0.2")).toEqual({ ...lost, reason: `${at} lo, which is not connected` });
});
