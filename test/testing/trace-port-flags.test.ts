import { beforeEach, expect, test } from "vitest";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// Flags of ports that keep back the answer: to a question for a MAC address, or to the ping.

groundForEachTest();

beforeEach(async () => {
  // Hosts without link-local addresses send nothing by themselves, from which a bridge would learn their MAC addresses.
  await run(...["red", "blue"].map((place) => `ip -n ${place} -6 address flush dev eth0 scope link`));
});

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping, after a real one, and returns the outcome. */
const follow = async (to: string, from = "red") =>
  (await traced(ground.host, { from, to, count: 2, wait: 0.5 })).outcome;

/** Forgets all neighbours, so that each one is asked for, and what the bridge has learned. */
const forget = () =>
  run(
    ...["red", "blue"].map((place) => `ip -n ${place} neighbour flush all`),
    "ip neighbour flush all",
    "ip link set dev v-net-0 type bridge fdb_flush",
  );

const macOf = async (place: string): Promise<string> =>
  (await ground.box.ip("-n", place, "link", "show", "dev", "eth0"))[0].address;

/** The reason and the help for a port that passes no frames for the MAC address of a host. */
const unflooded = async (host: string, flags: string) => {
  const mac = await macOf(host);
  return {
    reason: `the port ${host}-br of the bridge v-net-0 in the lab host passes no frames for ${mac}, the MAC address of eth0 in ${host}: ${flags}, and the bridge has no entry for it`,
    hint: `set port.flood of ${host}-br to true, or add the entry:\n  new FdbEntry("…", { interface: "${host}-br", lladdr: "${mac}" })`,
  };
};

const BOTH_OFF = "its flags flood and learning are off";

test.each([
  ["10.0.0.2", "ARP reply", "10.0.0.1"],
  ["fd00::2", "neighbour advertisement", "fd00::1"],
])(
  "a port that neither floods nor learns keeps back the reply to the question for %s, and the answer to a ping",
  async (to, reply, own) => {
    await run("bridge link set dev red-br flood off learning off");
    await forget();
    const { reason, hint } = await unflooded("red", BOTH_OFF);
    expect(await follow(to)).toEqual({
      ...{ kind: "died", way: "there", place: "red", cause: "no-neighbour", hint },
      reason: `${to} is unreachable from eth0 in red: the ${reply} of blue is lost: ${reason}`,
    });
    await forget();
    await run(`ip -n red neighbour replace ${to} lladdr ${await macOf("blue")} dev eth0 nud permanent`);
    expect(await follow(to)).toEqual({
      ...{ kind: "died", way: "back", place: "blue", cause: "not-flooded", hint },
      reason: `the ping arrives, but its answer is dropped: ${own} is unreachable from eth0 in blue: ${reason}`,
    });
    await run(`bridge fdb add ${await macOf("red")} dev red-br master static`);
    expect(await follow(to)).toEqual({ kind: "answered" });
  },
);

test("a port that neither floods nor learns keeps back the ping to a host whose MAC address is known", async () => {
  await run("bridge link set dev blue-br flood off learning off");
  await forget();
  const { reason, hint } = await unflooded("blue", BOTH_OFF);
  const lost = { kind: "died", way: "there", place: "red", cause: "not-flooded", hint };
  expect(await follow("10.0.0.2")).toEqual({
    ...lost,
    reason: `10.0.0.2 is unreachable from eth0 in red: ${reason}`,
  });
  // A port that learns has nothing to learn from before the host sends.
  await forget();
  await run(
    `ip -n red neighbour replace 10.0.0.2 lladdr ${await macOf("blue")} dev eth0 nud permanent`,
    "bridge link set dev blue-br flood off learning on",
  );
  expect(await follow("10.0.0.2")).toMatchObject({
    ...lost,
    reason: `10.0.0.2 is unreachable from eth0 in red: ${(await unflooded("blue", "its flag flood is off")).reason}`,
  });
  await run("ip -n red neighbour flush dev eth0", "ip -n red neighbour delete 10.0.0.2 dev eth0");
  expect(await follow("10.0.0.2")).toEqual({ kind: "answered" });
});

test("a question of the host that answers does not pass the port of the sender", async () => {
  await run(
    `ip -n red neighbour replace 10.0.0.2 lladdr ${await macOf("blue")} dev eth0 nud permanent`,
    "bridge link set dev red-br bcast_flood off",
    "ip -n blue neighbour flush all",
  );
  expect(await follow("10.0.0.2")).toMatchObject({
    ...{ way: "back", place: "blue", cause: "no-neighbour", hint: "set port.bcastFlood of red-br to true" },
    reason:
      "the ping arrives, but its answer is dropped: 10.0.0.1 is unreachable from eth0 in blue: " +
      "the port red-br of the bridge v-net-0 in the lab host passes no ARP requests: its flag bcast_flood is off",
  });
  // A host that has been asked knows who asked.
  await run("ip -n red neighbour delete 10.0.0.2 dev eth0", "ip -n blue neighbour flush all");
  expect(await follow("10.0.0.2")).toEqual({ kind: "answered" });
});

test("a port whose state is disabled", async () => {
  await run("bridge link set dev blue-br state 0");
  expect(await follow("10.0.0.2")).toMatchObject({
    reason:
      "10.0.0.2 is unreachable from eth0 in red: the port blue-br of the bridge v-net-0 in the lab host passes no frames: its spanning tree state is disabled",
    hint: "set it to forwarding: bridge link set dev blue-br state 3",
  });
  await run("bridge link set dev blue-br state 3");
  await forget();
  expect(await follow("10.0.0.2")).toEqual({ kind: "answered" });
});

test("macvlans of mode vepa reach each other through a port with hairpin", async () => {
  for (const [index, place] of ["one", "two"].entries())
    await run(
      `ip netns add ${place}`,
      `ip -n red link add ${place} link eth0 netns ${place} type macvlan mode vepa`,
      `ip -n ${place} address add 10.0.0.${index + 21}/24 dev ${place}`,
      `ip -n ${place} link set dev ${place} up`,
    );
  const apart =
    "10.0.0.22 is unreachable from one in one: two macvlans of one parent reach each other only with the mode bridge";
  expect(await follow("10.0.0.22", "one")).toMatchObject({
    ...{ way: "there", place: "one", cause: "no-neighbour" },
    reason: `${apart}, and one in one has vepa, and two in two has vepa`,
    hint: 'give both the mode "bridge", or set port.hairpin of red-br to true',
  });
  await run("bridge link set dev red-br hairpin on", "ip -n one neighbour flush all");
  for (const to of ["10.0.0.22", "10.0.0.1", "10.0.0.2"]) expect(await follow(to, "one")).toEqual({ kind: "answered" });
  await run("ip -n two link set dev two type macvlan mode private", "ip -n one neighbour flush all");
  expect(await follow("10.0.0.22", "one")).toMatchObject({
    reason: `${apart}, and one in one has vepa, and two in two has private`,
    hint: 'give both the mode "bridge"',
  });
});
