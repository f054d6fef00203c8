import { beforeEach, describe, expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { SOON } from "../../tools/sandbox.ts";
import { runAll } from "../support/run-all.ts";
import { serve } from "../support/server.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

//   red 10.0.0.1 ── eth0 10.0.0.7 r1 10.9.0.1 core ══ core 10.9.0.2 r2 8.8.8.8
beforeEach(async () => {
  await run(
    "ip netns add r1",
    "ip netns add r2",
    "ip link add name r1-br type veth peer name eth0 netns r1",
    "ip link set dev r1-br up master v-net-0",
    "ip -n r1 link add name core type veth peer name core netns r2",
    "ip -n r1 address add 10.0.0.7/24 dev eth0",
    "ip -n r1 address add 10.9.0.1/30 dev core",
    "ip -n r2 address add 10.9.0.2/30 dev core",
    ...["r1 lo", "r1 eth0", "r1 core", "r2 lo", "r2 core"].map((end) => {
      const [place, link] = end.split(" ");
      return `ip -n ${place} link set dev ${link} up`;
    }),
    "ip -n red route add default via 10.0.0.7",
    "ip -n r1 route add default via 10.9.0.2",
    "ip -n r2 route add default via 10.9.0.1",
    ...["r1", "r2"].map((place) => `ip netns exec ${place} sysctl -qw net.ipv4.ip_forward=1`),
  );
});

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping from red, and compares it with a real one. */
const follow = (destination = "8.8.8.8") => traced(ground.host, { from: "red", to: destination });

describe("a trace reports a routing loop, with the routes of its routers", () => {
  const goesRound =
    "routing loop: the packet to 8.8.8.8 goes round: r1 sends it by its route `default via 10.9.0.2 dev core`, " +
    "r2 sends it by its route `default via 10.9.0.1 dev core`, until ";
  const hint =
    "change the route that leads the wrong way, or add one to 8.8.8.8; the route of r1: ip netns exec r1 ip route get 8.8.8.8";
  const died = { kind: "died", way: "there", place: "r1", cause: "loop", hint };

  test("in which the packets circulate until their TTL is exceeded", async () => {
    const { outcome, there, said } = await follow();
    expect(said).toBe("Time to live exceeded");
    expect(outcome).toEqual({ ...died, reason: `${goesRound}its TTL is exceeded` });
    expect(there.map(({ place }) => place)).toEqual(["red", "r1", "r2", "r1"]);
  });

  test("because a router of it has no route to a network that it is connected to", async () => {
    await run(
      "ip -n r2 link add br0 type bridge",
      "ip -n r2 address add 10.6.0.1/24 dev br0",
      "ip netns add leaf",
      "ip -n r2 link add port type veth peer name eth0 netns leaf",
      "ip -n r2 link set dev port up master br0",
      "ip -n r2 link set dev br0 up",
      "ip -n leaf address add 10.6.0.5/24 dev eth0",
      "ip -n leaf link set dev eth0 up",
      "ip -n leaf route add default via 10.6.0.1",
    );
    expect((await follow("10.6.0.5")).outcome).toEqual({ kind: "answered" });
    await run("ip -n r2 link set dev br0 down");
    const isDown = "set up: true for br0, or run `pulumi up --refresh` if it was set down by hand";
    const becauseOf = (reason: string) =>
      `routing loop, because ${reason}: ${goesRound.replace("routing loop: ", "").replace("8.8.8.8", "10.6.0.5")}its TTL is exceeded`;
    for (const destination of ["10.6.0.5", "10.6.0.9"])
      expect((await follow(destination)).outcome).toEqual({
        ...{ ...died, hint: isDown },
        reason: becauseOf("br0 in r2, which has 10.6.0.1/24, is down").replace("10.6.0.5", destination),
      });
    await run("ip -n r2 address delete 10.6.0.1/24 dev br0");
    expect((await follow("10.6.0.5")).outcome).toEqual({
      ...{ ...died, hint: isDown },
      reason: becauseOf("br0 in r2, on the segment of 10.6.0.5, is down"),
    });
    await run("ip -n r2 link set dev br0 up");
    expect((await follow("10.6.0.5")).outcome).toEqual({
      ...died,
      reason: becauseOf("br0 in r2 is on the segment of 10.6.0.5, and has no address in 10.6.0.0/24"),
      hint: "give br0 an address in 10.6.0.0/24, or run `pulumi up --refresh` if it was removed by hand",
    });
  });

  test("which the reverse-path filter ends", async () => {
    await run("ip netns exec r1 sysctl -qw net.ipv4.conf.all.rp_filter=1");
    const unexpected = (source: string) =>
      `${goesRound}it is back at r1, which drops it because it did not expect the source ${source} there`;
    expect((await follow()).outcome).toEqual({ ...died, reason: unexpected("10.0.0.1") });
    // The source of the packet that returns is an address of the router itself.
    await ground.nft("add table inet t; add chain inet t out { type nat hook postrouting priority srcnat; }", "r1");
    await ground.nft("add rule inet t out oifname core masquerade", "r1");
    expect((await follow()).outcome).toEqual({ ...died, reason: unexpected("10.9.0.1") });
  });
});

describe("a hop names the routing rule that decides, and the table of the route", () => {
  beforeEach(() =>
    run(
      "ip -n r2 address add 8.8.8.8/32 dev lo",
      "ip -n r1 route replace prohibit default",
      "ip -n r1 route add default via 10.9.0.2 table 100",
    ),
  );
  const via = (rule: string) => `out by core to 10.9.0.2 (table 100, rule 1000: ${rule} lookup 100)`;

  test.each(["from 10.0.0.0/24", "from all to 8.8.8.8", "from all iif eth0"])("by %s", async (selector) => {
    expect((await follow()).outcome).toMatchObject({ cause: "refused" });
    await run(`ip -n r1 rule add ${selector} lookup 100 priority 1000`);
    const found = await follow();
    expect(found.outcome).toEqual({ kind: "answered" });
    expect(found.there[1]?.rule).toEqual({ priority: 1000, text: `${selector} lookup 100`, table: "100" });
    expect(found.there[0]).not.toHaveProperty("rule");
    expect(showTrace(found)).toContain(`  2  r1   in by eth0, ${via(selector)}\n`);
  });

  test("by a mark that the firewall sets, at a router and at the sender", async () => {
    await run("ip -n r1 rule add fwmark 7 lookup 100 priority 1000");
    expect((await follow()).outcome).toMatchObject({ cause: "refused", place: "r1" });
    await ground.nft("add table ip m; add chain ip m p { type filter hook prerouting priority mangle; }", "r1");
    await ground.nft("add rule ip m p iifname eth0 meta mark set 7", "r1");
    expect(showTrace(await follow())).toContain(via("from all fwmark 0x7"));

    await run("ip -n red rule add fwmark 9 lookup 50", "ip -n red route add default via 10.0.0.7 table 50");
    await run("ip -n red route replace default via 10.0.0.2");
    expect((await follow()).outcome).toMatchObject({ cause: "forwarding-off", place: "blue" });
    await ground.nft("add table ip m; add chain ip m o { type route hook output priority mangle; }", "red");
    await ground.nft("add rule ip m o ip daddr 8.8.8.8 meta mark set 9", "red");
    expect(showTrace(await follow())).toContain(
      "out by eth0 to 10.0.0.7 (table 50, rule 32765: from all fwmark 0x9 lookup 50)",
    );
  });

  test("for IPv6", async () => {
    await run(
      ...["r1", "r2"].map((place) => `ip netns exec ${place} sysctl -qw net.ipv6.conf.all.forwarding=1`),
      "ip -n r1 address add fd00::7/64 dev eth0 nodad",
      "ip -n r1 address add fd09::1/64 dev core nodad",
      "ip -n r2 address add fd09::2/64 dev core nodad",
      "ip -n r2 address add fd08::8/128 dev lo nodad",
      "ip -n r2 route add default via fd09::1",
      "ip -n red route add default via fd00::7",
      "ip -n r1 -6 rule add from fd00::/64 lookup 100 priority 1000",
      "ip -n r1 route add default via fd09::2 table 100",
    );
    // A router asks for its neighbours only when its link-local addresses are ready.
    await expect.poll(async () => (await sendPing(ground.host, { from: "red", to: "fd08::8" })).received, SOON).toBe(1);
    const found = await follow("fd08::8");
    expect(found.there[1]).toMatchObject({ via: "fd09::2", rule: { priority: 1000, table: "100" } });
    await run("ip -n r2 address delete fd08::8/128 dev lo");
    expect((await follow("fd08::8")).outcome).toMatchObject({
      cause: "loop",
      reason: expect.stringContaining("r1 sends it by its route `default via fd09::2 dev core table 100`"),
    });
  });
});

test("a trace names the setting of the interface if a router forwards, but not from that one", async () => {
  await run("ip -n r2 address add 8.8.8.8/32 dev lo", "ip netns exec r1 sysctl -qw net.ipv4.conf.eth0.forwarding=0");
  const expected = {
    ...{ kind: "died", way: "there", place: "r1", cause: "forwarding-off" },
    reason:
      "r1 drops the packet: it is not its destination, and forwarding is off for eth0: " +
      "net.ipv4.conf.eth0.forwarding is 0, although net.ipv4.ip_forward is 1",
    hint:
      "set it to 1: ip netns exec r1 sysctl -w net.ipv4.conf.eth0.forwarding=1; " +
      "net.ipv4.ip_forward sets it only when its own value changes",
  };
  expect((await follow()).outcome).toEqual(expected);
  await run("ip netns exec r1 sysctl -qw net.ipv4.ip_forward=1");
  expect((await follow()).outcome).toEqual(expected);
  await run("ip netns exec r1 sysctl -qw net.ipv4.conf.eth0.forwarding=1");
  expect((await follow()).outcome).toEqual({ kind: "answered" });
});

test("a trace follows the routing rules for its protocol only", async () => {
  await run("ip -n r2 address add 8.8.8.8/32 dev lo", "ip -n r1 rule add ipproto udp prohibit priority 1000");
  expect((await follow()).outcome).toEqual({ kind: "answered" });
  await run("ip -n r1 rule add ipproto icmp prohibit priority 1001");
  expect((await follow()).outcome).toMatchObject({
    cause: "routing-rule",
    reason: "the routing rule 1001 of r1 (from all ipproto icmp prohibit) rejects packets to 8.8.8.8",
  });
  await run("ip -n r1 rule delete priority 1001", "ip -n r1 rule add ipproto tcp prohibit priority 1001");
  for (const [protocol, priority] of [
    ["udp", 1000],
    ["tcp", 1001],
  ] as const)
    expect((await trace(ground.host, "red", "8.8.8.8", { probe: { protocol, port: 53 } })).outcome).toMatchObject({
      reason: expect.stringContaining(`the routing rule ${priority} of r1 (from all ipproto ${protocol} prohibit)`),
    });
});

test("a trace of a connection follows the routing rules for its port, which its answer has as its source", async () => {
  await run(
    "ip -n r2 address add 8.8.8.8/32 dev lo",
    "ip -n r1 route replace prohibit default",
    "ip -n r1 route add default via 10.9.0.2 table 100",
    "ip -n r1 rule add ipproto tcp dport 8000-8090 lookup 100 priority 1000",
    "ip -n r2 rule add not dport 22 lookup main priority 900",
  );
  await using _server = await serve(ground.box, "r2", 8080);
  const connect = async (port: number) => {
    const found = await trace(ground.host, "red", "8.8.8.8", { probe: { protocol: "tcp", port } });
    const { code } = await ground.box.try(
      ...["ip", "netns", "exec", "red", "timeout", "2", "bash", "-c"],
      `: < /dev/tcp/8.8.8.8/${port}`,
    );
    expect([showTrace(found), code === 0]).toEqual([showTrace(found), found.outcome.kind === "answered"]);
    return found;
  };
  const found = await connect(8080);
  expect(found.outcome).toEqual({ kind: "answered" });
  expect(found.there[1]?.rule?.text).toBe("from all ipproto tcp dport 8000-8090 lookup 100");
  for (const port of [7999, 8091]) expect((await connect(port)).outcome).toMatchObject({ cause: "refused" });
  expect((await follow()).outcome).toMatchObject({ cause: "refused", place: "r1" });

  await run("ip -n r1 rule add not ipproto tcp dport 22 prohibit priority 999");
  expect((await connect(8080)).outcome).toMatchObject({ cause: "routing-rule" });
  await run("ip -n r1 rule delete priority 999", "ip -n r1 rule add ipproto tcp sport 8080 prohibit priority 999");
  expect((await connect(8080)).outcome).toMatchObject({
    ...{ way: "back", place: "r1", cause: "routing-rule" },
    reason: expect.stringContaining("the routing rule 999 of r1 (from all ipproto tcp sport 8080 prohibit) rejects"),
  });
});

test("a trace reports a rule of the firewall that drops before the routing decision", async () => {
  await run("ip -n r2 address add 8.8.8.8/32 dev lo");
  expect((await follow()).outcome).toEqual({ kind: "answered" });
  await ground.nft("add table ip f; add chain ip f p { type filter hook prerouting priority raw; }", "r1");
  await ground.nft("add rule ip f p ip saddr 10.0.0.1 drop", "r1");
  expect((await follow()).outcome).toMatchObject({
    cause: "firewall",
    place: "r1",
    reason: "the firewall of r1 drops the packet: rule `ip saddr 10.0.0.1 drop` of chain p in table ip f",
  });
});
