import { beforeEach, expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

/* What the kernel answers to next hops that it refuses leads to the right advice. */

//  red ─ va 10.0.0.1, fd00::1 ══ blue 10.0.0.2, fd00::2
labForEachTest("red", "blue");
beforeEach(async () => {
  await lab.resource("Veth", "wire").up({
    a: { name: "va", namespace: "red", addresses: ["10.0.0.1/24", "fd00::1/64"] },
    b: { name: "vb", namespace: "blue", addresses: ["10.0.0.2/24", "fd00::2/64"] },
  });
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "up");
  await nexthop(1, { via: "10.0.0.2", interface: "va" });
  await nexthop(2, { blackhole: true });
  await nexthop(3, { group: [{ nhid: 1 }] });
});

const nexthop = (nhid: number, args: object) =>
  lab.resource("Nexthop", `n${nhid}`).up({ namespace: "red", nhid, ...args });
const route = (destination: string, nhid: number) =>
  lab.resource("Route", "r").up({ namespace: "red", destination, nhid });

const ABSENT =
  "a next hop must exist in the same place before a route or a group uses it; `ip -n red nexthop show` lists the next hops there. Refer to the Nexthop instead of writing its number";

test.each<[string, () => Promise<unknown>, string, string]>([
  [
    "a member that does not exist",
    () => nexthop(9, { group: [{ nhid: 1 }, { nhid: 99 }] }),
    "Invalid nexthop id.",
    ABSENT,
  ],
  ["a route by one that does not exist", () => route("10.9.0.0/24", 99), "Nexthop id does not exist.", ABSENT],
  [
    "a group in a group",
    () => nexthop(9, { group: [{ nhid: 3 }] }),
    "group can not be a nexthop within a group.",
    "a group cannot be a member of a group. List the members of that group instead",
  ],
  [
    "a blackhole beside another member",
    () => nexthop(9, { group: [{ nhid: 1 }, { nhid: 2 }] }),
    "Blackhole nexthop can not be used in a group with more than 1 path.",
    "a next hop with blackhole can only be the one member of a group. Remove it, or the other members",
  ],
  [
    "an IPv6 route by an IPv4 next hop",
    () => route("fd09::/64", 1),
    "IPv6 routes can not use an IPv4 nexthop.",
    'an IPv6 route needs a next hop with an IPv6 gateway, e.g. via: "fd00::1", or one with an interface and family: "inet6"',
  ],
])("%s", async (_, up, answer, help) => {
  await expect(up()).rejects.toThrow(`${answer}\n  help: ${help}`);
});

test.each([
  ["of the interface itself", "red", "va"],
  ["of the other end", "blue", "vb"],
])("a link that is down: that %s", async (_, place, link) => {
  await lab.run("ip", "-n", place, "link", "set", "dev", link, "down");
  await expect(nexthop(9, { via: "10.0.0.2", interface: "va" })).rejects.toThrow(
    /(is not up|is down)\.\n {2}help: the interface of a next hop, for blackhole lo, must be up, as must the other end of its cable\. Set up: true there, or bring it up with `ip link set dev NAME up`$/,
  );
});
