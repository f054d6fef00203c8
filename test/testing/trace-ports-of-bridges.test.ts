import { beforeEach, describe, expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping from red, after a real one, and returns the outcome. */
const follow = async (destination: string) =>
  (await traced(ground.host, { from: "red", to: destination, count: 2, wait: 0.5 })).outcome;

/** Forgets all neighbours, so that each one is asked for. */
const forget = () =>
  run(...["red", "blue"].map((place) => `ip -n ${place} neighbour flush all`), "ip neighbour flush all");

const PORT = "the port blue-br of the bridge v-net-0 in the lab host";

test.each([
  ["10.0.0.2", "bcast_flood", "bcastFlood", "ARP requests"],
  ["fd00::2", "mcast_flood", "mcastFlood", "neighbour solicitations"],
])("a question for the MAC address of %s does not pass a port with %s off", async (to, flag, argument, questions) => {
  // A member that is down is not the cause.
  await run(
    "ip link add idle type veth peer name idle-peer",
    "ip link set dev idle master v-net-0",
    `bridge link set dev blue-br ${flag} off`,
  );
  await forget();
  expect(await follow(to)).toMatchObject({
    ...{ way: "there", place: "red", cause: "no-neighbour" },
    reason: `${to} is unreachable from eth0 in red: ${PORT} passes no ${questions}: its flag ${flag} is off`,
    hint: `set port.${argument} of blue-br to true`,
  });
  // The bridge itself is not bound by the flags of its ports, and a host whose MAC address is known is not asked for.
  const { received } = await sendPing(ground.host, { from: undefined, to });
  expect(received).toBe(1);
  expect((await trace(ground.host, undefined, to)).outcome).toEqual({ kind: "answered" });
  expect((await sendPing(ground.host, { from: "blue", to: to.replace(/2$/, "1") })).received).toBe(1);
  expect(await follow(to)).toEqual({ kind: "answered" });

  await forget();
  await run(`bridge link set dev blue-br ${flag} on`, `bridge link set dev red-br ${flag} off`);
  expect(await follow(to)).toEqual({ kind: "answered" });
});

test("a port with mcast_flood off, of a bridge with a querier, which knows who listens", async () => {
  await run("ip link set dev v-net-0 type bridge mcast_querier 1", "bridge link set dev blue-br mcast_flood off");
  await forget();
  expect((await trace(ground.host, "red", "fd00::2")).outcome).not.toMatchObject({ cause: "no-neighbour" });
});

test.each(["red", "blue"])("the port of %s is not forwarding, by its state in the spanning tree", async (host) => {
  const named = PORT.replace("blue", host);
  for (const [number, state] of [
    [1, "listening"],
    [2, "learning"],
  ] as const) {
    await run(`bridge link set dev ${host}-br state ${number}`);
    expect(await follow("10.0.0.2")).toMatchObject({
      ...{ way: "there", place: "red", cause: "no-neighbour" },
      reason: `10.0.0.2 is unreachable from eth0 in red: ${named} passes no frames yet: its spanning tree state is ${state}`,
      hint: `wait until it is "forwarding", after twice the forward delay of v-net-0: bridge link show dev ${host}-br`,
    });
  }
  await run(`bridge link set dev ${host}-br state 3`);
  await forget();
  expect(await follow("10.0.0.2")).toEqual({ kind: "answered" });
});

describe("beside a port that is down", () => {
  const isLost = { way: "there", place: "red", cause: "no-neighbour" };
  const prefix = "10.0.0.2 is unreachable from eth0 in red: ";

  beforeEach(() =>
    run(
      ...["before", "idle"].flatMap((name) => [
        `ip link add ${name} type veth peer name ${name}-peer`,
        `ip link set dev ${name} master v-net-0`,
      ]),
    ),
  );

  test("isolated ports are the cause", async () => {
    await run(...["red-br", "blue-br"].map((port) => `bridge link set dev ${port} isolated on`));
    await forget();
    expect(await follow("10.0.0.2")).toMatchObject({
      ...isLost,
      reason: `${prefix}the frame comes from an isolated port of the bridge v-net-0, and the port blue-br that leads to 10.0.0.2 is isolated too`,
    });
  });

  test("the port of the receiver, which is down too, is the cause", async () => {
    await run("ip link set dev blue-br down");
    await forget();
    expect(await follow("10.0.0.2")).toMatchObject({
      ...{ ...isLost, cause: "link-down" },
      reason: `${prefix}blue-br in the lab host is down`,
    });
  });

  test("a receiver that is on no port of the bridge is the cause", async () => {
    await run("ip link set dev blue-br nomaster");
    await forget();
    expect(await follow("10.0.0.2")).toMatchObject({
      ...isLost,
      reason: expect.stringMatching(
        /, and blue has it on eth0, whose peer blue-br in the lab host is no port of a bridge$/,
      ),
    });
  });
});
