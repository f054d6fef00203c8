import { describe, expect, test } from "vitest";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// Settings of interfaces because of which they do not answer for their own addresses, or answer for those of others.

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping, and compares it with a real one. */
async function follow(destination: string, from = "red", wait = 0.5) {
  const found = await traced(ground.host, { from, to: destination, count: 2, wait });
  return { ...found, notes: found.there.flatMap(({ notes }) => notes) };
}

const macOf = async (place: string): Promise<string> =>
  (await ground.box.ip("-n", place, "link", "show", "dev", "eth0"))[0].address;

test.each(["10.0.0", "fd00:"])(
  "ARP is off: of the receiver, of the sender, and of one whose neighbour is known: %s",
  async (network) => {
    const [red, blue] = network === "fd00:" ? ["fd00::1", "fd00::2"] : ["10.0.0.1", "10.0.0.2"];
    await run("ip -n blue link set dev eth0 arp off");
    const silent =
      "ARP is off for eth0 in blue (flag NOARP), which neither asks for MAC addresses nor answers such questions";
    const hint = "set it on: ip netns exec blue ip link set dev eth0 arp on";
    expect((await follow(blue)).outcome).toEqual({
      ...{ kind: "died", way: "there", place: "red", cause: "no-arp", hint },
      reason: `${blue} is unreachable from eth0 in red: ${silent}`,
    });
    expect((await follow(red, "blue")).outcome).toMatchObject({
      ...{ place: "blue", cause: "no-arp", hint },
      reason: `${red} is unreachable from eth0 in blue: ${silent}`,
    });
    await run(`ip -n red neighbour replace ${blue} dev eth0 lladdr ${await macOf("blue")} nud permanent`);
    expect((await follow(blue)).outcome).toMatchObject({ way: "back", place: "blue", cause: "no-arp", hint });
    await run(`ip -n blue neighbour replace ${red} dev eth0 lladdr ${await macOf("red")} nud permanent`);
    expect((await follow(blue)).outcome).toEqual({ kind: "answered" });
    await run("ip -n red neighbour flush dev eth0", hint.replace("set it on: ", ""));
    expect((await follow(blue)).outcome).toEqual({ kind: "answered" });
  },
);

describe("no IPv6 addresses and routes", () => {
  const restored = ["ip -n blue address replace fd00::2/64 dev eth0 nodad"];
  test.each([
    [
      "ip netns exec blue sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1",
      "net.ipv6.conf.eth0.disable_ipv6 is 1",
      "set it to 0: ip netns exec blue sysctl -w net.ipv6.conf.eth0.disable_ipv6=0",
    ],
    [
      "ip netns exec blue sysctl -qw net.ipv6.conf.all.disable_ipv6=1",
      "net.ipv6.conf.eth0.disable_ipv6 is 1",
      "set it to 0: ip netns exec blue sysctl -w net.ipv6.conf.eth0.disable_ipv6=0",
    ],
    [
      "ip -n blue link set dev eth0 mtu 1279",
      "its MTU 1279 is below 1280",
      "raise it: ip netns exec blue ip link set dev eth0 mtu 1280",
    ],
  ])("because of `%s`", async (fault, why, remedy) => {
    const reason = `eth0 in blue has no IPv6 addresses and routes, because ${why}`;
    const hint = `${remedy}; \`pulumi up --refresh\` restores the addresses and routes`;
    await run(fault);
    expect((await follow("fd00::1", "blue")).outcome).toMatchObject({
      ...{ place: "blue", cause: "no-route", hint },
      reason: `blue has no route to fd00::1 (Network is unreachable); ${reason}`,
    });
    expect((await follow("fd00::2")).outcome).toMatchObject({
      ...{ place: "red", cause: "no-neighbour", hint },
      reason: `fd00::2 is unreachable from eth0 in red: no namespace of the lab has it, and ${reason}`,
    });
    // An entry of the neighbour table does not change that.
    await run(`ip -n red neighbour replace fd00::2 dev eth0 lladdr ${await macOf("blue")} nud permanent`);
    expect((await follow("fd00::2")).outcome).toMatchObject({
      ...{ place: "red", cause: "no-neighbour", hint },
      reason: expect.stringMatching(
        /^fd00::2 is unreachable from eth0 in red: .* eth0 in blue has no IPv6 .*; red sends packets /,
      ),
    });
    await run(remedy.replace(/^.*?: /, ""), ...restored);
    expect((await follow("fd00::2")).outcome).toEqual({ kind: "answered" });
    expect((await follow("10.0.0.2")).outcome).toEqual({ kind: "answered" });
  });
});

test("a missing IPv6 route, whose router also has an IPv4 address", async () => {
  await run(
    "ip address add fd01::1/64 dev lan0 nodad",
    "ip address add fe80::2/64 dev lan0 nodad",
    "ip -n lan address add fd01::3/64 dev eth0 nodad",
    "ip -n lan route add fd00::/64 via fd01::1",
    "sysctl -qw net.ipv6.conf.all.forwarding=1",
  );
  expect((await follow("fd01::3")).outcome).toMatchObject({
    ...{ place: "red", cause: "no-route" },
    hint: 'add a route:\n  new Route("…", { namespace: "red", destination: "fd01::/64", via: "fd00::5" })',
  });
  await run("ip -n red route add fd01::/64 via fd00::5");
  expect((await follow("fd01::3")).outcome).toEqual({ kind: "answered" });
});

describe("a proxy", () => {
  /** A host on the LAN with an address of red's network, to which the lab host has a route. */
  const behindProxy = {
    inet: ["10.0.0.99/32 dev eth0", "10.0.0.0/24 via 192.168.1.2", "10.0.0.99 dev lan0"],
    inet6: ["fd00::99/64 dev eth0 nodad noprefixroute", "fd00::/64 via fe80::2 dev eth0", "fd00::99 dev lan0"],
  };
  /** A proxy answers the first question for a MAC address after up to 0.8 seconds. */
  const wait = (destination: string) => follow(destination, "red", 1.5);
  const lay = async ([address, back, there]: readonly string[], forwarding: string) => {
    await run(
      "ip address add fe80::2/64 dev lan0 nodad",
      `ip -n lan address add ${address}`,
      `ip -n lan route add ${back}`,
      `ip route add ${there}`,
      `sysctl -qw ${forwarding}=1`,
      "sysctl -qw net.ipv4.conf.all.rp_filter=0",
    );
  };

  test.each([
    ["proxy_arp of v-net-0 is 1", "sysctl -qw net.ipv4.conf.v-net-0.proxy_arp=1"],
    ["proxy_arp of v-net-0 is 1", "sysctl -qw net.ipv4.conf.all.proxy_arp=1"],
    ["its proxy entry on v-net-0", "ip neighbour add proxy 10.0.0.99 dev v-net-0"],
  ])("answers for an IPv4 address behind it: %s by `%s`", async (setting, command) => {
    await lay(behindProxy.inet, "net.ipv4.ip_forward");
    expect((await wait("10.0.0.99")).outcome).toMatchObject({ cause: "no-neighbour" });
    await run("ip -n red neighbour flush dev eth0", command);
    const found = await wait("10.0.0.99");
    expect(found.outcome).toEqual({ kind: "answered" });
    expect(found.there.map(({ place }) => place)).toEqual(["red", undefined, "lan"]);
    // The neighbour table has the proxy's MAC address now.
    for (const { notes } of [found, await wait("10.0.0.99")])
      expect(notes).toEqual([`the lab host answers for 10.0.0.99: ${setting}`]);
  });

  test("answers for an IPv6 address behind it, if it has an entry and the setting", async () => {
    await lay(behindProxy.inet6, "net.ipv6.conf.all.forwarding");
    await run("ip neighbour add proxy fd00::99 dev v-net-0");
    const hint = "set it to 1: sysctl -w net.ipv6.conf.v-net-0.proxy_ndp=1";
    expect((await wait("fd00::99")).outcome).toMatchObject({
      ...{ cause: "no-neighbour", hint },
      reason:
        "fd00::99 is unreachable from eth0 in red: the lab host does not answer for fd00::99, in spite of its proxy entry on v-net-0: net.ipv6.conf.v-net-0.proxy_ndp is 0",
    });
    await run("ip -n red neighbour flush dev eth0", hint.replace("set it to 1: ", ""));
    const { notes, outcome } = await wait("fd00::99");
    expect(outcome).toEqual({ kind: "answered" });
    expect(notes).toEqual(["the lab host answers for fd00::99: its proxy entry on v-net-0"]);
  });

  test("does not answer without forwarding, or without a route by another interface", async () => {
    await lay(behindProxy.inet, "net.ipv4.ip_forward");
    await run("sysctl -qw net.ipv4.conf.v-net-0.proxy_arp=1", "sysctl -qw net.ipv4.ip_forward=0");
    const told =
      "10.0.0.99 is unreachable from eth0 in red: the lab host does not answer for 10.0.0.99, in spite of proxy_arp on v-net-0: ";
    expect((await wait("10.0.0.99")).outcome).toMatchObject({
      cause: "no-neighbour",
      reason: `${told}forwarding is off`,
      hint: 'enable forwarding:\n  new Sysctl("…", { key: "net.ipv4.ip_forward", value: "1" })',
    });
    await run("sysctl -qw net.ipv4.ip_forward=1", "ip route delete 10.0.0.99 dev lan0");
    expect((await wait("10.0.0.99")).outcome).toMatchObject({
      reason: `${told}it has no route to 10.0.0.99 by another interface`,
      hint: "its route: ip route get 10.0.0.99",
    });
  });
});

describe("the interface that carries the packets of a VXLAN is missing", () => {
  const remedy =
    "create the interface that carries the packets of vx0 in blue, or run `pulumi up --refresh` if the program has it";
  const lay = async (...ends: readonly (readonly [place: string, options: string])[]) => {
    for (const [place, options] of ends)
      await run(
        `ip -n ${place} link add vx0 type vxlan id 7 dstport 4789 ${options}`,
        `ip -n ${place} address add 10.9.0.${place === "red" ? 1 : 2}/24 dev vx0`,
        `ip -n ${place} link set vx0 up`,
      );
    expect((await follow("10.9.0.2")).outcome).toEqual({ kind: "answered" });
    await run("ip -n blue link delete eth0", "ip -n red neighbour flush dev vx0");
  };

  test("at an end with `local`", async () => {
    await lay(["red", "local 10.0.0.1 remote 10.0.0.2"], ["blue", "local 10.0.0.2 remote 10.0.0.1"]);
    expect((await follow("10.9.0.2")).outcome).toMatchObject({
      ...{ way: "there", place: "red", cause: "no-tunnel", hint: remedy },
      reason:
        "vx0 in red sends to 10.0.0.2, which is the `local` of vx0 in blue, but no interface in blue has that address",
    });
  });

  test("at an end without `local`", async () => {
    await lay(["red", "remote 10.0.0.2"], ["blue", "remote 10.0.0.1"]);
    expect((await follow("10.9.0.2")).outcome).toMatchObject({
      ...{ way: "there", place: "red", cause: "no-tunnel", hint: remedy },
      reason: "vx0 in red has the VNI 7 and port 4789 of vx0 in blue, but no other interface in blue has an address",
    });
  });
});
