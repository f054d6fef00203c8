import { beforeEach, expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { pings } from "../support/ping.ts";

//  red ─ a 10.0.1.1, fd00:1::1 ══ blue 10.0.1.2
//      └ b 10.0.2.1, fd00:2::1 ══ blue 10.0.2.2
labForEachTest("red", "blue");
beforeEach(async () => {
  for (const [name, net] of [
    ["a", 1],
    ["b", 2],
  ] as const)
    await lab.resource("Veth", name).up({
      a: { name, namespace: "red", addresses: [`10.0.${net}.1/24`, `fd00:${net}::1/64`] },
      b: { name, namespace: "blue", addresses: [`10.0.${net}.2/24`, `fd00:${net}::2/64`] },
    });
});

const TO = "10.7.0.0/16";
const show = async (destination = TO, family = "-4") =>
  (await lab.ip("-n", "red", family, "route", "show", "exact", destination))[0];
const multipath = (nexthops: object[], args: object = {}) => ({ namespace: "red", destination: TO, nexthops, ...args });

test.each([
  ["IPv4", TO, "-4", "10.0.1.2", "10.0.2.2"],
  ["IPv6", "fd07::/64", "-6", "fd00:1::2", "fd00:2::2"],
])(
  "a multipath route of %s is created, changed to a single next hop and back, and deleted",
  async (_family, destination, family, one, other) => {
    const it = lab.resource("Route", "it");
    const args = multipath(
      [
        { via: one, weight: 3 },
        { via: other, interface: "b" },
      ],
      { destination },
    );
    expect(await it.up(args)).toBe("create");
    expect((await show(destination, family)).nexthops).toMatchObject([
      { gateway: one, dev: "a", weight: 3 },
      { gateway: other, dev: "b", weight: 1 },
    ]);
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(args)).toBe("same");

    const heavier = multipath([{ via: one }, { via: other, weight: 256 }], { destination });
    expect(await it.up(heavier)).toBe("update");
    expect((await show(destination, family)).nexthops).toMatchObject([{ weight: 1 }, { weight: 256 }]);
    expect(await it.refresh()).toEqual([]);
    expect(await it.up({ namespace: "red", destination, via: other })).toBe("update");
    expect(await show(destination, family)).toMatchObject({ gateway: other, dev: "b" });
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(heavier)).toBe("update");
    await it.destroy();
    await it.destroy();
    expect(await show(destination, family)).toBe(undefined);
  },
);

test("drift of the next hops is reported and repaired, and a link without carrier is no drift", async () => {
  const it = lab.resource("Route", "it");
  const args = multipath([{ via: "10.0.1.2", weight: 3 }, { via: "10.0.2.2" }]);
  await it.up(args);
  await lab.run("ip", "-n", "blue", "link", "set", "dev", "b", "down");
  await expect.poll(async () => (await show()).nexthops[1].flags).toContain("linkdown");
  expect(await it.refresh()).toEqual([]);
  await lab.run("ip", "-n", "blue", "link", "set", "dev", "b", "up");
  await lab.run(
    "ip",
    "-n",
    "red",
    ..."route replace 10.7.0.0/16 proto 201 nexthop via 10.0.1.2 nexthop via 10.0.2.2".split(" "),
  );
  expect(await it.refresh()).toEqual(["nexthops"]);
  expect(await it.up(args)).toBe("update");
  await lab.run("ip", "-n", "red", ..."route replace 10.7.0.0/16 via 10.0.1.2 proto 201".split(" "));
  expect(await it.refresh()).toEqual(["via", "nexthops"]);
  expect(await it.up(args)).toBe("update");
  expect(await it.refresh()).toEqual([]);
});

test("the kernel selects both next hops", async () => {
  const it = lab.resource("Route", "it");
  await it.up(multipath([{ via: "10.0.1.2" }, { via: "10.0.2.2" }]));
  await lab.run("ip", "netns", "exec", "red", "sysctl", "-qw", "net.ipv4.fib_multipath_hash_policy=0");
  const devices = new Set<string>();
  for (let host = 1; host <= 40; host += 1)
    for (const { dev } of await lab.ip("-n", "red", "route", "get", `10.7.0.${host}`)) devices.add(dev as string);
  expect([...devices].sort()).toEqual(["a", "b"]);
});

test("an IPv4 network is reached through an IPv6 gateway", async () => {
  const it = lab.resource("Route", "it");
  await lab.run("ip", "-n", "blue", "address", "add", "10.7.0.1/32", "dev", "a");
  const args = { namespace: "red", destination: TO, via: "fd00:1::2" };
  expect(await it.up(args)).toBe("create");
  expect(await show()).toMatchObject({ via: { family: "inet6", host: "fd00:1::2" }, dev: "a" });
  expect(await it.refresh()).toEqual([]);
  // On a new link, the kernel answers neighbor discovery only after a short time.
  await expect.poll(() => pings(lab, "red", "10.7.0.1", "-I", "10.0.1.1"), { timeout: 8000 }).toBe(true);
  expect(await it.up(multipath([{ via: "fd00:1::2" }, { via: "10.0.2.2" }]))).toBe("update");
  expect(await it.refresh()).toEqual([]);
});

test.each([
  [{ nexthops: [{ via: "10.0.1.2" }] }, "nexthops: has one next hop; for a route with one, set via and interface"],
  [
    { nexthops: [{ via: "10.0.1.2" }, { via: "10.0.1.2", weight: 2 }] },
    "nexthops: lists a next hop twice; give it a weight",
  ],
  [{ nexthops: [{ via: "10.0.1.2" }, { weight: 2 }] }, "nexthops.1.via: missing: a next hop requires a gateway"],
  [
    { nexthops: [{ via: "10.0.1.2" }, { via: "10.0.2.2", onlink: true }] },
    "nexthops.1.interface: missing: onlink requires",
  ],
  [{ nexthops: [{ via: "10.0.1.2" }, { via: "10.0.2.2", weight: 257 }] }, "it is greater than 256"],
  [
    { nexthops: [{ via: "10.0.1.2" }, { via: "10.0.2.2" }], via: "10.0.1.2" },
    "nexthops: takes the place of via and interface",
  ],
  [
    { nexthops: [{ via: "10.0.1.2" }, { via: "10.0.2.2" }], type: "blackhole" },
    "take neither via nor interface nor nexthops",
  ],
  [
    { nexthops: [{ via: "fd00:1::2" }, { via: "10.0.2.2" }], destination: "fd07::/64" },
    "is of another family than the destination",
  ],
  [{ via: "10.0.1.2", destination: "fd07::/64" }, "must be of the same family"],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("Route", "it").up({ namespace: "red", destination: TO, ...args });
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});
