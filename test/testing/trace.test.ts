import { describe, expect, test } from "vitest";
import { pingAll, sendPing } from "../../inspect/ping.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { type Ground, ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

/** Adds the interface up0 with an address, whose other end is in a namespace without a name, like the switch behind hardware. */
async function addUplink(address: string): Promise<AsyncDisposable> {
  await ground.ip("netns", "add", "unnamed");
  await ground.ip("link", "add", "name", "up0", "type", "veth", "peer", "name", "eth0", "netns", "unnamed");
  await ground.ip("link", "set", "dev", "up0", "up");
  await ground.ip("-n", "unnamed", "link", "set", "dev", "eth0", "up");
  await ground.ip("address", "add", address, "dev", "up0");
  // A process keeps the namespace alive without its name.
  const keep = "ip netns exec unnamed sleep 60 >/dev/null 2>&1 & sleep 0.5; ip netns delete unnamed; echo $!";
  const keeper = (await ground.box.run("sh", "-c", keep)).trim();
  return {
    async [Symbol.asyncDispose]() {
      await ground.box.run("kill", keeper);
    },
  };
}

describe("a trace without a fault follows a packet", () => {
  test.each(["10.0.0.2", "fd00::2", "10.0.0.5"])("to a neighbour: %s", async (destination) => {
    const { outcome, there } = await trace(ground.host, "red", destination);
    expect(outcome).toEqual({ kind: "answered" });
    expect(there.map(({ place }) => place)).toEqual(["red", destination.endsWith("5") ? undefined : "blue"]);
    expect((await sendPing(ground.host, { from: "red", to: destination })).received).toBe(1);
  });

  test("through a router that masquerades it, and back", async () => {
    await ground.route();
    await ground.masquerade();
    expect(showTrace(await trace(ground.host, "red", "8.8.8.8"))).toBe(
      [
        "red 10.0.0.1 → 8.8.8.8",
        "  1  red           out by eth0 to 10.0.0.5",
        "  2  the lab host  in by v-net-0, out by wan0 to 203.0.113.1, masquerade: source 10.0.0.1 becomes 203.0.113.2 (rule `ip saddr 10.0.0.0/24 masquerade` of chain out in table inet t)",
        "  3  internet      in by eth0",
        "and back",
        "  1  internet      out by eth0",
        "  2  the lab host  in by wan0, out by v-net-0, translated back: 203.0.113.2 becomes 10.0.0.1",
        "  3  red           in by eth0",
        "the ping is answered",
      ].join("\n"),
    );
    expect(await sendPing(ground.host, { from: "red", to: "8.8.8.8" })).toMatchObject({
      sent: 1,
      received: 1,
      said: undefined,
    });
  });

  test("to an address that is translated to another one", async () => {
    await ground.route();
    await ground.nft("add table inet t; add chain inet t in { type nat hook prerouting priority dstnat; }");
    await ground.nft("add rule inet t in ip daddr 198.51.100.7 dnat ip to 192.168.1.3");
    await ground.masquerade();
    const { outcome, there, back } = await trace(ground.host, "red", "198.51.100.7");
    expect(outcome).toEqual({ kind: "answered" });
    expect(there[1]?.notes).toEqual([
      "dnat: destination 198.51.100.7 becomes 192.168.1.3 (rule `ip daddr 198.51.100.7 dnat ip to 192.168.1.3` of chain in in table inet t)",
      "masquerade: source 10.0.0.1 becomes 192.168.1.2 (rule `ip saddr 10.0.0.0/24 masquerade` of chain out in table inet t)",
    ]);
    expect(back.at(-1)?.place).toBe("red");
    expect((await sendPing(ground.host, { from: "red", to: "198.51.100.7" })).received).toBe(1);
  });

  test("until it leaves the lab", async () => {
    await using _uplink = await addUplink("172.16.0.1/24");
    await ground.route();
    const { outcome } = await trace(ground.host, "red", "172.16.0.9");
    expect(outcome).toMatchObject({
      kind: "left",
      reason: "the packet leaves the lab through up0 of the lab host to 172.16.0.9",
    });
    expect(outcome).toHaveProperty("hint", expect.stringContaining('type: "masquerade", source: "10.0.0.0/24"'));
  });
});

test("pingAll pings all addresses of all pairs of hosts, of the families that the sender has", async () => {
  await ground.ip("-n", "blue", "address", "del", "fd00::2/64", "dev", "eth0");
  const matrix = await pingAll(ground.host, ["red", "blue", "lan"]);
  const cells = matrix.map(
    ({ from, to, address, ms }) => `${from} → ${to} ${address} ${ms === undefined ? "-" : "ok"}`,
  );
  expect(cells).toEqual([
    "red → blue 10.0.0.2 ok",
    "red → lan 192.168.1.3 -",
    "blue → red 10.0.0.1 ok",
    "blue → lan 192.168.1.3 -",
    "lan → red 10.0.0.1 -",
    "lan → blue 10.0.0.2 -",
  ]);
});

test("a ping that cannot run does not fail the others", async () => {
  const run: Ground["host"]["run"] = async (place, program, ...args) =>
    place === "blue" && program === "ping"
      ? { code: 2, stdout: "", stderr: "odd" }
      : ground.host.run(place, program, ...args);
  const matrix = await pingAll({ ...ground.host, run }, ["red", "blue"]);
  expect(matrix.map(({ from, ms, unsent }) => [from, ms !== undefined, unsent])).toEqual([
    ["red", true, undefined],
    ["red", true, undefined],
    ["blue", false, "odd"],
    ["blue", false, "odd"],
  ]);
});

test("a trace reports a packet that must not be fragmented at a smaller MTU", async () => {
  await ground.route();
  await ground.masquerade();
  for (const [place, link] of [
    [undefined, "lan0"],
    ["lan", "eth0"],
  ] as const)
    await ground.ip(...(place === undefined ? [] : ["-n", place]), "link", "set", "dev", link, "mtu", "1300");
  for (const [size, df, answered] of [
    [1400, true, false],
    [1200, true, true],
    [1400, false, true],
  ] as const) {
    const { outcome } = await trace(ground.host, "red", "192.168.1.3", { probe: { protocol: "icmp", size, df } });
    expect(outcome.kind === "answered").toBe(answered);
    const ping = await sendPing(ground.host, { from: "red", to: "192.168.1.3", size, df, count: 3, wait: 0.5 });
    expect([ping.received > 0, size, df]).toEqual([answered, size, df]);
    if (!answered) {
      expect(outcome).toMatchObject({
        reason: "the lab host rejects the packet: it is larger than the MTU 1300 of lan0, and may not be fragmented",
      });
      expect(ping.said).toMatch(/^Frag needed and DF set|^message too long/);
    }
  }
});

test("a trace shows impairments where a packet leaves, at the port to its next host, and where it arrives", async () => {
  const tc = (line: string) => ground.box.run("tc", ...line.split(" "));
  await tc("-n red qdisc add dev eth0 root tbf rate 10mbit burst 5kb latency 50ms");
  await tc("qdisc add dev blue-br root tbf rate 1500kbit burst 5kb latency 50ms");
  await ground.ip("-n", "blue", "link", "add", "ifb-eth0", "type", "ifb");
  await tc("-n blue qdisc add dev ifb-eth0 root tbf rate 2gbit burst 1mb latency 50ms");
  const { there, back, outcome } = await trace(ground.host, "red", "10.0.0.2");
  expect(outcome).toEqual({ kind: "answered" });
  expect(there[0]?.notes).toEqual(["at eth0 10 Mbit/s", "at blue-br 1.5 Mbit/s", "at ifb-eth0 2 Gbit/s"]);
  expect(back[0]?.notes).toEqual([]);
});

test("a trace or a ping with an invalid host or address is an error that says so", async () => {
  await expect(trace(ground.host, "nope", "10.0.0.1")).rejects.toThrow("namespace nope not found");
  await expect(trace(ground.host, "red", "10.0.0.1/24")).rejects.toThrow('"10.0.0.1/24" is not an IP address');
  await expect(sendPing(ground.host, { from: "nope", to: "10.0.0.1" })).rejects.toThrow('network namespace "nope"');
});

describe("a trace from a macvlan", () => {
  /** A macvlan on the lab host's bridge in a new namespace, with an address of the bridge's network. */
  const child = async (name: string, address: string, mode = "bridge") => {
    await ground.ip("netns", "add", name);
    await ground.ip(...`link add mv0 link v-net-0 netns ${name} type macvlan mode ${mode}`.split(" "));
    await ground.ip("-n", name, "address", "add", address, "dev", "mv0");
    await ground.ip("-n", name, "link", "set", "dev", "mv0", "up");
  };

  test("reaches the network of its parent, and its siblings", async () => {
    await child("one", "10.0.0.21/24");
    await child("two", "10.0.0.22/24");
    for (const [from, to] of [
      ["one", "10.0.0.2"],
      ["red", "10.0.0.21"],
      ["one", "10.0.0.22"],
    ] as const) {
      expect([from, to, (await trace(ground.host, from, to)).outcome]).toEqual([from, to, { kind: "answered" }]);
      expect((await sendPing(ground.host, { from, to })).received).toBe(1);
    }
  });

  test.each(["bridge", "private", "vepa"])(
    "does not reach its own parent in mode %s, nor the parent it",
    async (mode) => {
      await child("one", "10.0.0.21/24", mode);
      const barrier = "the kernel passes no packets between the macvlan mv0 and its parent v-net-0 in the lab host";
      for (const [from, to, reason] of [
        [
          "one",
          "10.0.0.5",
          `10.0.0.5 is unreachable from mv0 in one: it is an address of the lab host, and ${barrier}`,
        ],
        [
          undefined,
          "10.0.0.21",
          `10.0.0.21 is unreachable from v-net-0 in the lab host: it is an address of one, and ${barrier}`,
        ],
      ] as const) {
        expect((await sendPing(ground.host, { from, to })).received).toBe(0);
        expect((await trace(ground.host, from, to)).outcome).toMatchObject({
          cause: "no-neighbour",
          reason,
          hint: 'add a Macvlan of v-net-0 to the lab host as well, with an address of its own: links of mode "bridge" on one parent reach each other',
        });
      }
    },
  );

  test("does not reach its own parent, behind which nothing else is known", async () => {
    await using _uplink = await addUplink("10.8.0.1/24");
    await ground.ip("netns", "add", "one");
    await ground.ip(..."link add mv0 link up0 netns one type macvlan mode bridge".split(" "));
    await ground.ip("-n", "one", "address", "add", "10.8.0.2/24", "dev", "mv0");
    await ground.ip("-n", "one", "link", "set", "dev", "mv0", "up");
    for (const [from, to] of [
      ["one", "10.8.0.1"],
      [undefined, "10.8.0.2"],
    ] as const) {
      expect((await sendPing(ground.host, { from, to })).received).toBe(0);
      expect((await trace(ground.host, from, to)).outcome).toMatchObject({
        cause: "no-neighbour",
        reason: expect.stringMatching(/the macvlan mv0 and its parent up0 in the lab host$/),
      });
    }
  });

  test("reaches the place of its parent through a sibling there, as the help says", async () => {
    await child("one", "10.0.0.21/24");
    await ground.ip(..."link add mv1 link v-net-0 type macvlan mode bridge".split(" "));
    await ground.ip("address", "add", "10.0.0.23/24", "dev", "mv1");
    await ground.ip("link", "set", "dev", "mv1", "up");
    await ground.ip("route", "add", "10.0.0.21", "dev", "mv1");
    expect((await sendPing(ground.host, { from: "one", to: "10.0.0.23" })).received).toBe(1);
    expect((await trace(ground.host, "one", "10.0.0.23")).outcome).toEqual({ kind: "answered" });
  });

  test("does not reach a sibling in private mode", async () => {
    await child("one", "10.0.0.21/24", "private");
    await child("two", "10.0.0.22/24", "private");
    expect((await trace(ground.host, "one", "10.0.0.22")).outcome).toMatchObject({ cause: "no-neighbour" });
    expect((await sendPing(ground.host, { from: "one", to: "10.0.0.22" })).received).toBe(0);
  });
});
