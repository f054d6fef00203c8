// @kernel ipvlan
import { beforeEach, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";

labForEachTest("one", "two", "blue");

//   one ─ iv0 10.5.0.11 ─┐
//                      uplink 10.5.0.1 ══ eth0 10.5.0.9 ─ blue
//   two ─ iv0 10.5.0.12 ─┘
beforeEach(() =>
  run(
    "ip link add uplink type veth peer name eth0 netns blue",
    "ip link set uplink up",
    "ip -n blue link set eth0 up",
    "ip address add 10.5.0.1/24 dev uplink",
    "ip -n blue address add 10.5.0.9/24 dev eth0",
    ...Object.entries({ one: 11, two: 12 }).flatMap(([place, last]) => [
      `ip -n ${place} link set lo up`,
      `ip link add iv0 link uplink netns ${place} type ipvlan mode l2`,
      `ip -n ${place} address add 10.5.0.${last}/24 dev iv0`,
      `ip -n ${place} link set iv0 up`,
    ]),
  ),
);

const run = (...commands: readonly string[]) => runAll(lab, commands);

/** Traces a ping, and compares it with a real one. */
async function follow(from: string | undefined, to: string) {
  const found = await traced(labHost(lab.enter), { from, to, count: 2 });
  return { ...found, hops: found.there.map(({ place, out }) => [place, out]), notes: found.there[0]?.notes };
}

const barrier = "the kernel passes no packets between the ipvlan iv0 and its parent uplink in the lab host";

test("a trace follows ipvlans of mode l2 to the network of their parent and to each other, but not to the parent", async () => {
  for (const [from, to] of [
    ["one", "10.5.0.9"],
    ["blue", "10.5.0.11"],
    ["one", "10.5.0.12"],
  ] as const)
    expect((await follow(from, to)).hops).toHaveLength(2);
  expect((await follow("one", "10.5.0.1")).outcome).toMatchObject({
    cause: "no-neighbour",
    reason: `10.5.0.1 is unreachable from iv0 in one: it is an address of the lab host, and ${barrier}`,
    hint: expect.stringMatching(
      /^add an Ipvlan of uplink to the lab host as well, .*: links of the flag "bridge" on one parent/,
    ),
  });
  expect((await follow(undefined, "10.5.0.11")).outcome).toMatchObject({ cause: "no-neighbour" });

  // An ipvlan takes only the packets to its own addresses, so it is no gateway.
  await run("ip -n blue route add 10.6.0.0/24 via 10.5.0.11", "sysctl -qw net.ipv4.ip_forward=0");
  const beyond = await follow("blue", "10.6.0.1");
  expect(beyond.outcome).toMatchObject({ cause: "forwarding-off", place: undefined });
  expect(beyond.notes).toEqual(["iv0 in one takes only packets to its own addresses, as an ipvlan"]);

  for (const flag of ["private", "vepa"]) {
    await run(`ip -n one link set iv0 type ipvlan mode l2 ${flag}`);
    expect((await follow("one", "10.5.0.12")).outcome).toMatchObject({ cause: "no-neighbour" });
    expect((await follow("one", "10.5.0.9")).outcome).toEqual({ kind: "answered" });
  }
});

test("a trace follows ipvlans of mode l3 by the routes of their parent's place", async () => {
  await run("ip -n one link set iv0 type ipvlan mode l3 bridge");
  expect((await follow("one", "10.5.0.12")).hops).toEqual([
    ["one", "iv0"],
    ["two", undefined],
  ]);
  const silent = "an ipvlan of mode l3, which answers no questions for its MAC address";
  expect((await follow("blue", "10.5.0.11")).outcome).toMatchObject({
    cause: "no-neighbour",
    reason: `10.5.0.11 is unreachable from eth0 in blue: it is an address of iv0 in one, ${silent}`,
    hint: 'add a route to 10.5.0.11 through an address of its parent uplink in the lab host, or give the Ipvlan the mode "l2"',
  });
  expect((await follow("one", "10.5.0.9")).outcome).toMatchObject({
    way: "back",
    place: "blue",
    cause: "no-neighbour",
  });
  await run("ip -n blue route add 10.5.0.11 via 10.5.0.1");
  expect((await follow("blue", "10.5.0.11")).hops).toEqual([
    ["blue", "eth0"],
    ["one", undefined],
  ]);
  const out = await follow("one", "10.5.0.9");
  expect(out.outcome).toEqual({ kind: "answered" });
  expect(out.hops).toEqual([
    ["one", "iv0"],
    [undefined, "uplink"],
    ["blue", undefined],
  ]);
  expect(out.notes).toEqual(["by the routes of the lab host for uplink"]);

  // The firewall of the parent's place sees what leaves, and not what arrives.
  await run("nft add table inet f", "nft add chain inet f c { type filter hook output priority 0 ; policy drop ; }");
  expect((await follow("one", "10.5.0.9")).outcome).toMatchObject({ cause: "firewall", place: undefined });
  await run("nft delete table inet f", "nft add table inet f");
  await run("nft add chain inet f c { type filter hook input priority 0 ; policy drop ; }");
  expect((await follow("blue", "10.5.0.11")).outcome).toEqual({ kind: "answered" });
  await run("nft delete table inet f");

  expect((await follow("one", "10.5.0.1")).outcome).toMatchObject({ reason: expect.stringContaining(barrier) });
  expect((await follow(undefined, "10.5.0.11")).outcome).toMatchObject({ reason: expect.stringContaining(barrier) });
  await run("ip -n one link set iv0 type ipvlan mode l3 private");
  expect((await follow("one", "10.5.0.12")).outcome).toMatchObject({
    cause: "private-ipvlan",
    reason:
      "10.5.0.12 is unreachable from iv0 in one: iv0 and iv0 in two are ipvlans of one parent, with the flag private",
  });
});

test("a trace follows ipvlans of mode l3s, whose packets the firewall of their parent's place also sees as they arrive", async () => {
  await run("ip -n one link set iv0 type ipvlan mode l3s bridge", "ip -n blue route add 10.5.0.11 via 10.5.0.1");
  expect((await follow("one", "10.5.0.9")).outcome).toEqual({ kind: "answered" });
  await run("nft add table inet f", "nft add chain inet f c { type filter hook input priority 0 ; policy drop ; }");
  expect((await follow("blue", "10.5.0.11")).outcome).toMatchObject({ cause: "firewall", place: undefined });
});
