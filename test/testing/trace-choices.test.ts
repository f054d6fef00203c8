import { afterEach, beforeEach, expect, test } from "vitest";
import { trace } from "../../inspect/trace/trace.ts";
import { type Ground, openGround } from "./ground.ts";

let ground: Ground;

beforeEach(async () => {
  ground = await openGround();
});

afterEach(() => ground[Symbol.asyncDispose]());

const notesAt = async (destination: string) => {
  const { there, outcome } = await trace(ground.host, "red", destination);
  return { notes: there.flatMap(({ notes }) => notes), outcome, out: there[0]?.out, via: there[0]?.via };
};

test("a multipath route: the trace follows the next hop that the kernel selects, and names the others", async () => {
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
  expect((await notesAt("198.51.100.7")).notes).toEqual([
    `${followed}; others take another route`,
    expect.stringMatching(
      /^snat: source 10\.0\.0\.1 becomes one of 192\.168\.1\.2-.*, of which the trace follows 192\.168\.1\.2$/,
    ),
  ]);
  await ground.ip("route", "del", "192.168.1.4");
  await ground.nft("flush chain inet t out");
  await ground.masquerade();
  for (const last of [4, 5, 6]) await ground.ip("-n", "lan", "address", "add", `192.168.1.${last}/24`, "dev", "eth0");
  const { notes, outcome } = await notesAt("198.51.100.7");
  expect(notes[0]).toBe(followed);
  expect(outcome).toEqual({ kind: "answered" });
});
