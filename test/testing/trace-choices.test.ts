import { expect, test } from "vitest";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

const notesAt = async (destination: string) => {
  const { there, outcome } = await trace(ground.host, "red", destination);
  return { notes: there.flatMap(({ notes }) => notes), outcome, out: there[0]?.out, via: there[0]?.via };
};

test("the trace follows the next hop of a multipath route that the kernel selects, and names the others", async () => {
  await ground.ip("-n", "red", "link", "add", "name", "spare", "type", "veth", "peer", "name", "spare-br");
  for (const words of ["link set dev spare up", "address add 10.7.0.1/24 dev spare", "link set dev spare-br up"])
    await ground.ip("-n", "red", ...words.split(" "));
  const ways = "nexthop via 10.0.0.5 nexthop via 10.7.0.9 dev spare weight 3";
  await ground.ip("-n", "red", "route", "add", "192.168.1.0/24", ...ways.split(" "));
  const { notes, via } = await notesAt("192.168.1.3");
  expect(notes).toContain(
    via === "10.0.0.5"
      ? "one of 2 next hops; other flows go out by spare to 10.7.0.9 (weight 3)"
      : "one of 2 next hops; other flows go out by eth0 to 10.0.0.5",
  );
  await ground.ip("-n", "red", "link", "set", "dev", "spare-br", "down");
  expect((await notesAt("192.168.1.3")).notes.join()).toMatch(/by spare to 10\.7\.0\.9 \(weight 3\) \(down\)|by eth0/);

  await ground.ip(
    "-n",
    "red",
    "-6",
    "route",
    "add",
    "fd01::/64",
    ..."nexthop via fd00::5 nexthop via fd00::2".split(" "),
  );
  expect((await notesAt("fd01::3")).notes[0]).toMatch(/^one of 2 next hops; other flows go out by eth0 to fd00::[25]$/);
  expect((await notesAt("10.0.0.2")).notes).toEqual([]);
});

test("the trace follows each next hop of the routes there and back, and reports the outcome of each", async () => {
  await ground.route();
  // With br_netfilter, the lab host tracks a flow that its bridge forwards to blue, and does not translate it when it returns from blue.
  await ground.box.try("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=0");
  await ground.nft("add table inet t; add chain inet t out { type nat hook postrouting priority srcnat; }");
  await ground.nft("add rule inet t out oifname lan0 masquerade");
  await ground.ip("-n", "red", ..."route add 192.168.1.0/24 nexthop via 10.0.0.5 nexthop via 10.0.0.2".split(" "));
  const ends = async () => {
    const { there, outcome, others } = await trace(ground.host, "red", "192.168.1.3");
    const end = ({ kind, ...more }: typeof outcome) => ("cause" in more ? more.cause : kind);
    const selected = { by: there[0]?.via, end: end(outcome) };
    return [selected, ...others.map((way) => ({ by: way.by.via, end: end(way.outcome) }))].toSorted((one, other) =>
      (one.by ?? "").localeCompare(other.by ?? ""),
    );
  };
  expect(await ends()).toEqual([
    { by: "10.0.0.2", end: "forwarding-off" },
    { by: "10.0.0.5", end: "answered" },
  ]);
  // The kernel selects by the source address, so some pings of sixteen addresses are lost.
  const answered = await Promise.all(
    Array.from({ length: 16 }, async (_, index) => {
      await ground.ip("-n", "red", "address", "add", `10.0.0.${100 + index}/24`, "dev", "eth0");
      const words = ["netns", "exec", "red", "ping", "-c1", "-W1", "-I", `10.0.0.${100 + index}`, "192.168.1.3"];
      return (await ground.box.try("ip", ...words)).code === 0;
    }),
  );
  expect(new Set(answered)).toEqual(new Set([true, false]));
  const text = showTrace(await trace(ground.host, "red", "192.168.1.3"));
  expect(text).toMatch(/\nother flows go out by eth0 to 10\.0\.0\.[25] of red\n {2}1 {2}red .*out by eth0 to/);

  await ground.box.run("ip", "netns", "exec", "blue", "sysctl", "-qw", "net.ipv4.ip_forward=1");
  await ground.ip("-n", "blue", "route", "add", "default", "via", "10.0.0.5");
  expect((await ends()).map(({ end }) => end)).toEqual(["answered", "answered"]);
  // A next hop that is down is not used.
  await ground.ip("-n", "red", ..."link add name spare type veth peer name spare-br".split(" "));
  for (const words of ["link set dev spare up", "address add 10.7.0.1/24 dev spare", "link set dev spare-br up"])
    await ground.ip("-n", "red", ...words.split(" "));
  const three = "route replace 192.168.1.0/24 nexthop via 10.0.0.5 nexthop via 10.0.0.2 nexthop via 10.7.0.9";
  await ground.ip("-n", "red", ...three.split(" "));
  expect(await ends()).toHaveLength(3);
  expect((await ends())[2]).toEqual({ by: "10.7.0.9", end: "no-neighbour" });
  await ground.ip("-n", "red", ..."link set dev spare down".split(" "));
  expect((await ends()).map(({ by }) => by)).toEqual(["10.0.0.2", "10.0.0.5"]);

  // The lab host answers through two routers, of which one has no route.
  await ground.ip("-n", "red", ..."address add 10.9.9.1/32 dev lo".split(" "));
  await ground.ip(..."route add 10.9.9.0/24 nexthop via 10.0.0.1 nexthop via 10.0.0.2".split(" "));
  await ground.ip("-n", "blue", "route", "add", "unreachable", "10.9.9.0/24");
  await ground.ip("-n", "red", ..."route replace 10.0.0.5/32 dev eth0 src 10.9.9.1".split(" "));
  const { back, others, outcome } = await trace(ground.host, "red", "10.0.0.5");
  const byOther = others.map((way) => [way.by.way, way.by.place, way.by.via, way.outcome.kind]);
  const [own, other] = [back[0]?.via, back[0]?.via === "10.0.0.1" ? "10.0.0.2" : "10.0.0.1"];
  expect([
    ["10.0.0.1", "answered"],
    ["10.0.0.2", "died"],
  ]).toContainEqual([own, outcome.kind]);
  expect(byOther).toEqual([["back", undefined, other, other === "10.0.0.1" ? "answered" : "died"]]);
});

test("the trace follows a duplicate address to the host whose MAC address the kernel has, and names the other", async () => {
  await ground.ip("address", "add", "10.0.0.9/24", "dev", "v-net-0");
  await ground.ip("-n", "blue", "address", "add", "10.0.0.9/24", "dev", "eth0");
  const macOf = async (...words: string[]) =>
    (await ground.box.ip(...words, "link", "show", "dev", words.length === 0 ? "v-net-0" : "eth0"))[0].address;
  for (const [mac, receiver, other] of [
    [await macOf("-n", "blue"), "blue", "v-net-0 in the lab host"],
    [await macOf(), undefined, "eth0 in blue"],
  ] as const) {
    await ground.ip("-n", "red", ..."neighbour replace 10.0.0.9 dev eth0 nud permanent lladdr".split(" "), mac);
    const { there, outcome } = await trace(ground.host, "red", "10.0.0.9");
    expect(there.at(-1)?.place).toBe(receiver);
    expect(there[0]?.notes).toContain(`10.0.0.9 is also the address of ${other}, and either may receive the packet`);
    expect(outcome).toEqual({ kind: "answered" });
  }
});

test("the trace shows a translation to a range, and follows its first address", async () => {
  await ground.route();
  await ground.ip("-n", "red", "address", "add", "10.0.0.20/24", "dev", "eth0");
  await ground.nft("add table inet t; add chain inet t in { type nat hook prerouting priority dstnat; }");
  await ground.nft("add chain inet t out { type nat hook postrouting priority srcnat; }");
  await ground.nft("add rule inet t in ip daddr 198.51.100.7 dnat ip to 192.168.1.3-192.168.1.6");
  await ground.nft("add rule inet t out ip saddr 10.0.0.0/24 snat ip to 192.168.1.2-192.168.1.3");
  await ground.ip("route", "add", "192.168.1.4", "via", "203.0.113.1");
  const followed =
    "dnat: destination 198.51.100.7 becomes one of 192.168.1.3-192.168.1.6, of which the trace follows 192.168.1.3";
  const rule = " (rule `ip daddr 198.51.100.7 dnat ip to 192.168.1.3-192.168.1.6` of chain in in table inet t)";
  expect((await notesAt("198.51.100.7")).notes).toEqual([
    `${followed}; others take another route${rule}`,
    expect.stringMatching(
      /^snat: source 10\.0\.0\.1 becomes one of 192\.168\.1\.2-.*, of which the trace follows 192\.168\.1\.2 \(rule `.*`.*\)$/,
    ),
  ]);
  await ground.ip("route", "del", "192.168.1.4");
  await ground.nft("flush chain inet t out");
  await ground.masquerade();
  for (const last of [4, 5, 6]) await ground.ip("-n", "lan", "address", "add", `192.168.1.${last}/24`, "dev", "eth0");
  const { notes, outcome } = await notesAt("198.51.100.7");
  expect(notes[0]).toBe(`${followed}${rule}`);
  expect(outcome).toEqual({ kind: "answered" });
});
