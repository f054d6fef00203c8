import { describe, expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

/** Returns the outcome of a trace, and checks that a real ping gets no answer. */
async function dies(destination: string) {
  const { outcome } = await trace(ground.host, "red", destination);
  expect((await sendPing(ground.host, { from: "red", to: destination })).received).toBe(0);
  return outcome;
}

describe("a trace reports as the cause of a loss", () => {
  test("a missing route", async () => {
    expect(await dies("8.8.8.8")).toEqual({
      kind: "died",
      way: "there",
      place: "red",
      cause: "no-route",
      reason: "red has no route to 8.8.8.8 (Network is unreachable)",
      hint: 'add a route:\n  new Route("…", { namespace: "red", destination: "default", via: "10.0.0.5" })',
    });
    await ground.route();
    await ground.masquerade();
    expect((await trace(ground.host, "red", "8.8.8.8")).outcome).toEqual({ kind: "answered" });
  });

  test("a missing route, and suggests no gateway whose own route leads back", async () => {
    await ground.route();
    await ground.ip("route", "delete", "default");
    await ground.ip("-n", "lan", "route", "add", "default", "via", "192.168.1.2");
    expect(await dies("8.8.8.8")).toMatchObject({
      cause: "no-route",
      place: undefined,
      hint: 'add a route:\n  new Route("…", { destination: "default", via: "203.0.113.1" })',
    });
  });

  test("a blackhole route of the sender", async () => {
    await ground.ip("-n", "red", "route", "add", "blackhole", "8.8.8.8");
    expect(await dies("8.8.8.8")).toMatchObject({
      cause: "refused",
      reason: "a route of red drops packets to 8.8.8.8: its type is blackhole",
    });
  });

  test.each([
    ["blackhole", "drops"],
    ["unreachable", "rejects"],
    ["prohibit", "rejects"],
  ])("a route of type %s of a router", async (type, verb) => {
    await ground.route();
    await ground.ip("route", "add", type, "8.8.8.8");
    expect(await dies("8.8.8.8")).toMatchObject({
      cause: "refused",
      place: undefined,
      reason: `a route of the lab host ${verb} packets to 8.8.8.8: its type is ${type}`,
    });
  });

  test("an interface that is down, so its routes are gone", async () => {
    await ground.ip("-n", "red", "link", "set", "dev", "eth0", "down");
    expect(await dies("10.0.0.2")).toMatchObject({
      cause: "no-route",
      reason: "red has no route to 10.0.0.2: its interface eth0 is down, so its routes are gone",
    });
  });

  test("a loopback interface that is down, for packets of a place to itself", async () => {
    expect((await trace(ground.host, "blue", "10.0.0.2")).outcome).toEqual({ kind: "answered" });
    await ground.ip("-n", "blue", "link", "set", "dev", "lo", "down");
    expect((await sendPing(ground.host, { from: "blue", to: "10.0.0.2" })).received).toBe(0);
    expect((await trace(ground.host, "blue", "10.0.0.2")).outcome).toMatchObject({
      cause: "link-down",
      reason: "10.0.0.2 is unreachable from lo in blue: lo in blue is down",
      hint: "run `ip netns exec blue ip link set dev lo up`",
    });
    await ground.ip("-n", "blue", "link", "set", "dev", "lo", "up");
  });

  test("the other end of a veth pair that is down", async () => {
    await ground.ip("link", "set", "dev", "red-br", "down");
    expect(await dies("10.0.0.2")).toMatchObject({
      cause: "link-down",
      reason: "10.0.0.2 is unreachable from eth0 in red: red-br in the lab host is down",
    });
  });

  test("a veth end behind a bridge that is down", async () => {
    await ground.ip("-n", "blue", "link", "set", "dev", "eth0", "down");
    expect(await dies("10.0.0.2")).toMatchObject({
      cause: "link-down",
      reason: "10.0.0.2 is unreachable from eth0 in red: eth0 in blue is down",
    });
  });

  test("two isolated ports of a bridge", async () => {
    const isolate = (port: string) => ground.ip("link", "set", "dev", port, "type", "bridge_slave", "isolated", "on");
    await isolate("red-br");
    expect((await trace(ground.host, "red", "10.0.0.2")).outcome).toEqual({ kind: "answered" });
    await isolate("blue-br");
    expect(await dies("10.0.0.2")).toEqual({
      kind: "died",
      way: "there",
      place: "red",
      cause: "no-neighbour",
      reason:
        "10.0.0.2 is unreachable from eth0 in red: the frame comes from an isolated port of the bridge v-net-0, and the port blue-br that leads to 10.0.0.2 is isolated too",
      hint: "remove isolated from the port of one of the two",
    });
    expect((await trace(ground.host, "red", "10.0.0.5")).outcome).toEqual({ kind: "answered" });
  });

  test("an address that no host has", async () => {
    expect(await dies("10.0.0.99")).toMatchObject({
      cause: "no-neighbour",
      reason: expect.stringMatching(
        /^10\.0\.0\.99 does not exist on the segment of eth0 in red: the addresses on that segment are .*blue 10\.0\.0\.2.*, and no namespace of the lab has 10\.0\.0\.99$/,
      ),
    });
  });

  test("a router that does not forward", async () => {
    await ground.route();
    await ground.box.run("sysctl", "-qw", "net.ipv4.ip_forward=0");
    expect(await dies("8.8.8.8")).toMatchObject({
      cause: "forwarding-off",
      place: undefined,
      hint: 'enable forwarding:\n  new Sysctl("…", { key: "net.ipv4.ip_forward", value: "1" })',
    });
  });

  test("a router that does not forward IPv6", async () => {
    await ground.ip("-n", "lan", "address", "add", "fd01::3/64", "dev", "eth0", "nodad");
    await ground.ip("address", "add", "fd01::2/64", "dev", "lan0", "nodad");
    await ground.ip("-n", "red", "route", "add", "default", "via", "fd00::5");
    await ground.box.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=0");
    expect(await dies("fd01::3")).toMatchObject({ cause: "forwarding-off", hint: expect.stringContaining("net.ipv6") });
  });

  test("the reverse-path filter of a router", async () => {
    await ground.route();
    await ground.box.run("sysctl", "-qw", "net.ipv4.conf.v-net-0.rp_filter=1");
    await ground.ip("-n", "red", "address", "flush", "dev", "eth0");
    await ground.ip("-n", "red", "address", "add", "172.16.0.1/24", "dev", "eth0");
    await ground.ip("-n", "red", "route", "add", "10.0.0.5", "dev", "eth0");
    await ground.ip("-n", "red", "route", "add", "default", "via", "10.0.0.5");
    expect(await dies("192.168.1.3")).toMatchObject({
      cause: "reverse-path",
      place: undefined,
      reason: expect.stringMatching(
        /^the reverse-path filter of the lab host drops the packet: its route to the source uses another interface, or is missing \(.+\)$/,
      ),
      hint: "check sysctl net.ipv4.conf.all.rp_filter, and the route to the source",
    });
  });

  test.each([
    ["forward", undefined, "8.8.8.8"],
    ["input", "blue", "10.0.0.2"],
    ["output", "red", "10.0.0.2"],
  ])("a firewall rule at the hook %s", async (hook, place, destination) => {
    await ground.route();
    await ground.nft(
      `add table inet f; add chain inet f c { type filter hook ${hook} priority 0; policy drop; }`,
      place,
    );
    const chain = "policy drop of chain c in table inet f";
    const name = place ?? "the lab host";
    expect(await dies(destination)).toMatchObject({
      cause: "firewall",
      place,
      reason: `the firewall of ${name} drops the packet: ${chain}`,
    });
    await ground.nft("add chain inet f c { policy accept; }", place);
    await ground.nft("add rule inet f c tcp dport 80 counter accept", place);
    await ground.nft("add rule inet f c icmp type { echo-reply, echo-request } counter drop", place);
    expect(await dies(destination)).toMatchObject({
      reason: expect.stringMatching(
        /: rule `icmp type \{ echo-reply, echo-request \} counter drop` of chain c in table inet f$/,
      ),
    });
    await ground.nft("flush chain inet f c", place);
    await ground.nft("add chain inet f c { policy drop; }", place);
    await ground.nft("add rule inet f c meta l4proto { icmp, ipv6-icmp } accept", place);
    await ground.masquerade();
    expect((await trace(ground.host, "red", destination)).outcome).toEqual({ kind: "answered" });
    expect((await sendPing(ground.host, { from: "red", to: destination })).received).toBe(1);
  });

  test("a missing route for the answer", async () => {
    await ground.route();
    expect(await dies("192.168.1.3")).toEqual({
      kind: "died",
      way: "back",
      place: "lan",
      cause: "no-route",
      reason: "the ping arrives, but its answer is dropped: lan has no route to 10.0.0.1 (Network is unreachable)",
      hint:
        'add a route in lan:\n  new Route("…", { namespace: "lan", destination: "10.0.0.0/24", via: "192.168.1.2" })' +
        ', or source NAT on the lab host:\n  new NatRule("…", { type: "masquerade", source: "10.0.0.0/24" })',
    });
    await ground.masquerade();
    expect((await trace(ground.host, "red", "192.168.1.3")).outcome).toEqual({ kind: "answered" });
  });

  test("an answer that is delivered to another host", async () => {
    await ground.route();
    await ground.ip("-n", "lan", "link", "add", "eth1", "type", "veth", "peer", "name", "eth1", "netns", "internet");
    for (const [place, last] of Object.entries({ lan: 1, internet: 2 })) {
      await ground.ip("-n", place, "link", "set", "dev", "eth1", "up");
      await ground.ip("-n", place, "address", "add", `172.20.0.${last}/24`, "dev", "eth1");
    }
    await ground.ip("-n", "lan", "route", "add", "10.0.0.0/24", "via", "172.20.0.2");
    await ground.ip("-n", "internet", "address", "add", "10.0.0.1/32", "dev", "lo");
    expect(await dies("192.168.1.3")).toMatchObject({ way: "back", place: "internet", cause: "misdelivered" });
  });

  test("a routing loop", async () => {
    await ground.route();
    await ground.ip("route", "add", "172.16.0.0/24", "via", "192.168.1.3");
    await ground.ip("-n", "lan", "route", "add", "default", "via", "192.168.1.2");
    await ground.box.run("ip", "netns", "exec", "lan", "sysctl", "-qw", "net.ipv4.ip_forward=1");
    expect(await dies("172.16.0.9")).toMatchObject({ cause: "loop" });
  });
});
