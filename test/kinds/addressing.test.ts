import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue");

const pair = (a: object = {}, b: object = {}) => ({
  a: { name: "eth0", namespace: "red", ...a },
  b: { name: "eth0", namespace: "blue", ...b },
});
const FULL = pair(
  { addresses: ["10.0.0.1/24", "fd00::1/64"] },
  { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["10.0.0.1", "fd00::1"] },
);

const addresses = async (namespace: string, link = "eth0") => {
  const [found] = await lab.ip("-n", namespace, "address", "show", "dev", link);
  return found.addr_info
    .filter(({ scope }: any) => scope === "global")
    .map(({ local, prefixlen }: any) => `${local}/${prefixlen}`);
};
const gateways = async (namespace: string) => {
  const v4 = await lab.ip("-n", namespace, "route", "show", "default");
  const v6 = await lab.ip("-n", namespace, "-6", "route", "show", "default");
  return [...v4, ...v6].map(({ gateway, dev }) => `${gateway} ${dev}`);
};
//   red ─ eth0 10.0.0.1, fd00::1 ══ 10.0.0.2, fd00::2 eth0 ─ blue, which sends everything to red
test("a veth pair is created with its addresses and default routes, and deleted with them", async () => {
  const wire = lab.resource("Veth", "wire");
  expect(await wire.up(FULL)).toBe("create");
  expect(await addresses("red")).toEqual(["10.0.0.1/24", "fd00::1/64"]);
  expect(await addresses("blue")).toEqual(["10.0.0.2/24", "fd00::2/64"]);
  expect(await gateways("blue")).toEqual(["10.0.0.1 eth0", "fd00::1 eth0"]);
  await pingOnce(lab, "red", "10.0.0.2", "-W2");
  await pingOnce(lab, "red", "fd00::2", "-W2");
  expect(await wire.up(FULL)).toBe("same");
  expect(await wire.refresh()).toEqual([]);
  await wire.destroy();
  await expectNothingLeft();
});

test("addresses and gateways change in place", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(FULL);
  const index = async () => (await lab.ip("-n", "blue", "link", "show", "dev", "eth0"))[0].ifindex as number;
  const first = await index();
  const moved = pair(
    { addresses: ["10.0.1.1/24"] },
    { addresses: ["10.0.1.2/24", "fd00::2/64"], gateways: ["10.0.1.1"] },
  );
  expect(await wire.up(moved)).toBe("update");
  expect(await index()).toBe(first);
  expect(await addresses("red")).toEqual(["10.0.1.1/24"]);
  expect(await addresses("blue")).toEqual(["10.0.1.2/24", "fd00::2/64"]);
  expect(await gateways("blue")).toEqual(["10.0.1.1 eth0"]);
  await pingOnce(lab, "blue", "10.0.1.1", "-W2");
  expect(await wire.refresh()).toEqual([]);

  expect(await wire.up(pair())).toBe("update");
  expect([await addresses("red"), await addresses("blue"), await gateways("blue")]).toEqual([[], [], []]);
  await wire.destroy();
});

// The kernel drops the routes of a link with its last address, and the second address of a network with the first.
test.each([
  [["10.0.0.2/24"], ["10.0.0.3/24"]],
  [["10.0.0.2/24", "10.0.0.3/24"], ["10.0.0.3/24"]],
])("a default route remains when the addresses change from %j to %j", async (first, second) => {
  const wire = lab.resource("Veth", "wire");
  const via = (addresses: string[]) => pair({ addresses: ["10.0.0.1/24"] }, { addresses, gateways: ["10.0.0.1"] });
  await wire.up(via(first));
  expect(await wire.up(via(second))).toBe("update");
  expect(await gateways("blue")).toEqual(["10.0.0.1 eth0"]);
  expect(await wire.refresh()).toEqual([]);
});

test("a second address of a network remains when the first one is removed", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(pair({ addresses: ["10.0.0.1/24", "10.0.0.7/24"] }));
  await lab.run("ip", "-n", "red", "address", "add", "10.0.0.9/24", "dev", "eth0");
  expect(await wire.up(pair({ addresses: ["10.0.0.7/24"] }))).toBe("update");
  // The third address is foreign, and the kernel would have deleted it with the first one.
  expect((await addresses("red")).sort()).toEqual(["10.0.0.7/24", "10.0.0.9/24"]);
  expect(await wire.refresh()).toEqual([]);
  await wire.destroy();
});

test.each([
  ["an address", ["address", "delete", "10.0.0.2/24", "dev", "eth0"], ["b.addresses", "b.gateways"]],
  ["a default route", ["route", "delete", "default"], ["b.gateways"]],
  ["the gateway of a default route", ["route", "replace", "default", "via", "10.0.0.9"], ["b.gateways"]],
  [
    "the addresses and routes of a link that is set down",
    ["link", "set", "dev", "eth0", "down"],
    ["b.up", "b.addresses", "b.gateways"],
  ],
])("the loss of %s is reported and repaired", async (_what, change, seen) => {
  const wire = lab.resource("Veth", "wire");
  const wanted = pair(FULL.a, { ...FULL.b, gateways: ["10.0.0.1"] });
  await wire.up(wanted);
  await lab.run("ip", "-n", "blue", ...change);
  expect(await wire.refresh()).toEqual(seen);
  if (change.includes("replace")) await lab.run("ip", "-n", "blue", "route", "delete", "default");
  expect(await wire.up(wanted)).toBe("update");
  expect(await wire.refresh()).toEqual([]);
  expect((await addresses("blue")).sort()).toEqual(["10.0.0.2/24", "fd00::2/64"]);
  expect(await gateways("blue")).toEqual(["10.0.0.1 eth0"]);
  await wire.destroy();
});

test("an update with gateways fails if a foreign default route exists, and keeps it", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(pair(FULL.a, { addresses: ["10.0.0.2/24"] }));
  await lab.run("ip", "-n", "blue", "link", "add", "name", "theirs", "up", "type", "bridge");
  await lab.run("ip", "-n", "blue", "route", "add", "default", "dev", "theirs");
  await expect(wire.up(pair(FULL.a, { addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] }))).rejects.toThrow(
    /default route via 10.0.0.1 of eth0 cannot be added: another default route already exists and is not managed/,
  );
  expect(await gateways("blue")).toEqual(["undefined theirs"]);
});

test("a default route that was replaced by hand on a link of the stack is restored", async () => {
  const wire = lab.resource("Veth", "wire");
  const wanted = pair(FULL.a, { addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] });
  await wire.up(wanted);
  await lab.run("ip", "-n", "blue", "route", "replace", "default", "via", "10.0.0.9");
  expect(await wire.refresh()).toEqual(["b.gateways"]);
  expect(await wire.up(wanted)).toBe("update");
  expect(await gateways("blue")).toEqual(["10.0.0.1 eth0"]);
  expect(await wire.refresh()).toEqual([]);
});

test("the addresses of a bridge are created, changed and restored after drift", async () => {
  const lan = lab.resource("Bridge", "lan");
  expect(await lan.up({ name: "br0", namespace: "red", addresses: ["10.0.0.5/24"] })).toBe("create");
  expect(await addresses("red", "br0")).toEqual(["10.0.0.5/24"]);
  expect(await lan.up({ name: "br0", namespace: "red", addresses: ["10.0.0.6/24"] })).toBe("update");
  expect(await addresses("red", "br0")).toEqual(["10.0.0.6/24"]);
  await lab.run("ip", "-n", "red", "address", "flush", "dev", "br0");
  expect(await lan.refresh()).toEqual(["addresses"]);
  expect(await lan.up({ name: "br0", namespace: "red", addresses: ["10.0.0.6/24"] })).toBe("update");
  expect(await addresses("red", "br0")).toEqual(["10.0.0.6/24"]);
  await lan.destroy();
  await expectNothingLeft();
});

test("an address moves from a veth pair to an Address resource and back, each time in one run", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(pair({ addresses: ["10.0.0.1/24"] }));
  const run = lab.nextRun();
  const [bare, ip] = [run.resource("Veth", "wire"), run.resource("Address", "ip")];
  bare.resume(wire);
  expect(await bare.up(pair())).toBe("update");
  expect(await ip.up({ interface: "eth0", namespace: "red", address: "10.0.0.1/24" })).toBe("create");
  expect(await addresses("red")).toEqual(["10.0.0.1/24"]);

  const back = lab.nextRun();
  const [full, old] = [back.resource("Veth", "wire"), back.resource("Address", "ip")];
  full.resume(bare);
  old.resume(ip);
  expect(await full.up(pair({ addresses: ["10.0.0.1/24"] }))).toBe("update");
  await old.destroy();
  expect(await addresses("red")).toEqual(["10.0.0.1/24"]);
});

test.each([
  [{ addresses: ["10.0.0.1"] }, "a.addresses.0", /"10.0.0.1" is not an interface address with its prefix length/],
  [{ addresses: "10.0.0.1/24" }, "a.addresses", /is not a list of addresses with their prefix lengths, e.g. \["/],
  [{ addresses: ["10.0.0.1/24", "10.0.0.1/24"] }, "a.addresses.1", /"10.0.0.1\/24" is listed twice/],
  [
    { addresses: ["10.0.0.1/24"], gateways: ["10.0.1.1"] },
    "a.gateways",
    /"10.0.1.1" is not in a network of the link's/,
  ],
  [
    { addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2", "10.0.0.3"] },
    "a.gateways",
    /"10.0.0.3" is the second gateway of its family/,
  ],
  [{ up: false, addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2"] }, "a.gateways", /because up is false/],
])("%j is refused", async (end, property, reason) => {
  const error = (await lab
    .resource("Veth", "wire")
    .up(pair(end))
    .catch((thrown: unknown) => thrown)) as CheckError;
  expect(error).toBeInstanceOf(CheckError);
  expect(error.failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
});
