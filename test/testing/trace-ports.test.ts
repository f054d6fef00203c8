import { afterEach, beforeEach, expect, test } from "vitest";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { serve } from "../support/server.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

let server: AsyncDisposable;

beforeEach(async () => {
  await ground.route();
  server = await serve(ground.box, "blue", 8080);
});

afterEach(() => server[Symbol.asyncDispose]());

/** Traces a connection, and checks the outcome with a real connection. */
async function connect(from: string, to: string, port: number) {
  const way = await trace(ground.host, from, to, { probe: { protocol: "tcp", port } });
  const connection = ["timeout", "2", "bash", "-c", `: < /dev/tcp/${to}/${port}`];
  const { code } = await ground.box.try("ip", "netns", "exec", from, ...connection);
  expect([showTrace(way), code === 0]).toEqual([showTrace(way), way.outcome.kind === "answered"]);
  return way;
}

test("a trace follows a connection through an IP firewall that applies to the frames of a bridge", async () => {
  await ground.nft("add table inet f; add chain inet f c { type filter hook forward priority 0; policy drop; }");
  await filtersIp(false);
  expect((await connect("red", "10.0.0.2", 8080)).outcome).toEqual({ kind: "answered" });
  const expected = (await filtersIp(true)) ? { cause: "firewall", place: undefined } : { kind: "answered" };
  expect((await connect("red", "10.0.0.2", 8080)).outcome).toMatchObject(expected);
});

/** Sets whether the rules for IP apply to the frames of bridges; returns false on a kernel that has not loaded br_netfilter. */
const filtersIp = async (on: boolean): Promise<boolean> =>
  (await ground.box.try("sysctl", "-qw", `net.bridge.bridge-nf-call-iptables=${Number(on)}`)).code === 0;

/** Forwards port 80 of an address of the lab host to port 8080 of blue. */
const forward = async () => {
  await ground.nft("add table inet t; add chain inet t in { type nat hook prerouting priority dstnat; }");
  await ground.nft("add rule inet t in ip daddr 192.168.1.2 tcp dport 80 dnat ip to 10.0.0.2:8080");
};

test("a trace reports whether a program listens on the port", async () => {
  const way = await connect("red", "10.0.0.2", 8080);
  expect(showTrace(way)).toMatch(/^red 10\.0\.0\.1 → 10\.0\.0\.2 tcp 8080\n[^]*\na connection is accepted$/);
  expect(way.there.at(-1)?.notes).toEqual([expect.stringMatching(/^received by \S+ \(process \d+\)$/)]);
  expect((await connect("red", "10.0.0.2", 8081)).outcome).toEqual({
    kind: "died",
    way: "there",
    place: "blue",
    cause: "no-listener",
    reason: "the packet arrives, but no program in blue listens on tcp port 8081 of 10.0.0.2",
    hint: "its sockets: ip netns exec blue ss --listening --numeric --tcp",
  });
});

test("a trace follows a connection through a firewall that accepts only its port", async () => {
  await ground.nft("add table inet f; add chain inet f c { type filter hook input priority 0; policy drop; }", "blue");
  await ground.nft("add rule inet f c ct state established,related accept", "blue");
  await ground.nft("add rule inet f c tcp dport { 443, 8080 } accept", "blue");
  expect((await connect("red", "10.0.0.2", 8080)).outcome).toEqual({ kind: "answered" });
  expect((await trace(ground.host, "red", "10.0.0.2")).outcome).toMatchObject({ cause: "firewall" });
  await ground.nft("flush chain inet f c", "blue");
  await ground.nft("add rule inet f c tcp dport 443 accept", "blue");
  expect((await connect("red", "10.0.0.2", 8080)).outcome).toMatchObject({ cause: "firewall", place: "blue" });
});

test("a trace follows a connection from outside to a forwarded port", async () => {
  await forward();
  await ground.ip("-n", "blue", "route", "add", "default", "via", "10.0.0.5");
  const way = await connect("lan", "192.168.1.2", 80);
  expect(way.there[1]?.notes).toEqual([
    expect.stringMatching(
      /^dnat: destination 192\.168\.1\.2 port 80 becomes 10\.0\.0\.2 port 8080 \(rule `.*tcp dport 80 dnat .*` of chain /,
    ),
  ]);
  expect(way.back[1]?.notes).toEqual(["translated back: 10.0.0.2 port 8080 becomes 192.168.1.2 port 80"]);
  expect((await connect("lan", "192.168.1.2", 81)).outcome).toMatchObject({ cause: "no-listener", place: undefined });
});

test("a trace follows a connection from inside to a forwarded port, whose answer must pass the router", async () => {
  await forward();
  // The router is also the bridge. If its NAT applies to the frames of the bridge, the answer always passes it.
  if (await filtersIp(true)) expect((await connect("red", "192.168.1.2", 80)).outcome).toEqual({ kind: "answered" });
  await filtersIp(false);
  expect((await connect("red", "192.168.1.2", 80)).outcome).toEqual({
    kind: "died",
    way: "back",
    place: "red",
    cause: "wrong-answer",
    reason:
      "the packet arrives, but its answer is dropped: it comes from 10.0.0.2, and red expects it from 192.168.1.2: it does not pass " +
      "the lab host, which translates that address",
    hint:
      "translate the source as well, so that the answer takes the same way (hairpin NAT):\n" +
      '  new NatRule("…", { type: "masquerade", source: "10.0.0.0/24", destination: "10.0.0.2" })',
  });
  await ground.nft("add chain inet t out { type nat hook postrouting priority srcnat; }");
  await ground.nft("add rule inet t out ip saddr 10.0.0.0/24 ip daddr 10.0.0.2 masquerade");
  expect((await connect("red", "192.168.1.2", 80)).outcome).toEqual({ kind: "answered" });
});

test("a trace follows a connection to a port that a host redirects to itself", async () => {
  await using _own = await serve(ground.box, "lan", 3000);
  await ground.nft("add table inet t; add chain inet t in { type nat hook prerouting priority dstnat; }", "lan");
  await ground.nft("add rule inet t in tcp dport 80 redirect to :3000", "lan");
  await ground.masquerade();
  expect((await connect("red", "192.168.1.3", 80)).outcome).toEqual({ kind: "answered" });
});

test("a hop tells the translation by a rule of the sender itself, also of a packet that the sender marks", async () => {
  await ground.nft("add table ip t; add chain ip t out { type nat hook output priority -100; }", "red");
  await ground.nft("add rule ip t out ip daddr 10.9.9.9 tcp dport 80 dnat to 10.0.0.2:8080", "red");
  const translation = /^dnat: destination 10\.9\.9\.9 port 80 becomes 10\.0\.0\.2 port 8080 \(/;
  const expectTold = async () => {
    const { there, back, outcome } = await connect("red", "10.9.9.9", 80);
    expect(outcome).toEqual({ kind: "answered" });
    expect(there.map(({ notes }) => notes)).toEqual([
      [expect.stringMatching(translation)],
      [expect.stringMatching(/^received by /)],
    ]);
    expect(back.map(({ notes }) => notes)).toEqual([
      [],
      ["translated back: 10.0.0.2 port 8080 becomes 10.9.9.9 port 80"],
    ]);
  };
  await expectTold();
  await ground.nft("add table ip m; add chain ip m o { type route hook output priority mangle; }", "red");
  await ground.nft("add rule ip m o meta mark set 9", "red");
  await expectTold();
});
