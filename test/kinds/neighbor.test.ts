import { beforeEach, expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";
import { pingOnce, pings } from "../support/ping.ts";

labForEachTest();
beforeEach(() => wireRed("192.168.15.1/24", "fd00::1/64"));

const MAC = "02:00:00:00:00:09";
const PROXY = { interface: "eth0", namespace: "red", address: "192.168.15.13", proxy: true };
const args = (more: object = {}) => ({
  interface: "eth0",
  namespace: "red",
  address: "192.168.15.9",
  lladdr: MAC,
  ...more,
});
const neigh = (...words: string[]) => lab.run("ip", "-n", "red", "neigh", ...words);
const shown = async (...words: string[]) =>
  (await lab.ip("-n", "red", "neigh", "show", ...words)).filter(
    ({ protocol, state }) => protocol ?? state?.[0] === "PERMANENT",
  );

test.each(["192.168.15.9", "fd00::9"])(
  "the neighbour %s is created, updated in place, and deleted",
  async (address) => {
    const it = lab.resource("Neighbor", "it");
    expect(await it.up(args({ address }))).toBe("create");
    expect(await shown()).toEqual([{ dst: address, dev: "eth0", lladdr: MAC, state: ["PERMANENT"], protocol: "201" }]);
    expect(await it.up(args({ address }))).toBe("same");
    expect(await it.refresh()).toEqual([]);

    const { changed } = { changed: args({ address, lladdr: "02:00:00:00:00:0A", router: true }) };
    expect(await it.up(changed)).toBe("update");
    expect(await shown()).toMatchObject([{ lladdr: "02:00:00:00:00:0a", router: null, protocol: "201" }]);
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(args({ address }))).toBe("update");
    expect(await it.refresh()).toEqual([]);

    await it.destroy();
    await it.destroy();
    expect(await shown()).toEqual([]);
  },
);

test("a proxied address is created, created again after a deletion by hand, and deleted", async () => {
  const it = lab.resource("Neighbor", "it");
  expect(await it.up(PROXY)).toBe("create");
  expect(await shown("proxy")).toEqual([{ dst: "192.168.15.13", dev: "eth0", proxy: null, protocol: "201" }]);
  expect(await it.up(PROXY)).toBe("same");
  expect(await it.refresh()).toEqual([]);
  await neigh("del", "proxy", "192.168.15.13", "dev", "eth0");
  expect(await it.refresh()).toBe("gone");
  expect(await it.up(PROXY)).toBe("create");
  await it.destroy();
  await it.destroy();
  expect(await shown("proxy")).toEqual([]);
});

test.each([
  [
    "lladdr",
    ["replace", "192.168.15.9", "lladdr", "02:00:00:00:00:08", "dev", "eth0", "nud", "permanent", "protocol", "201"],
  ],
  [
    "router",
    ["replace", "192.168.15.9", "lladdr", MAC, "dev", "eth0", "nud", "permanent", "protocol", "201", "router"],
  ],
])("drift of %s is reported and repaired", async (property, byHand) => {
  const it = lab.resource("Neighbor", "it");
  await it.up(args());
  await neigh(...byHand);
  expect(await it.refresh()).toEqual([property]);
  expect(await it.up(args())).toBe("update");
  expect(await it.refresh()).toEqual([]);
});

test("a neighbour is created again after it was deleted, or learned by the kernel", async () => {
  const it = lab.resource("Neighbor", "it");
  await it.up(args());
  await neigh("del", "192.168.15.9", "dev", "eth0");
  expect(await it.refresh()).toBe("gone");
  await neigh("add", "192.168.15.9", "lladdr", "02:00:00:00:00:08", "dev", "eth0", "nud", "reachable");
  expect(await it.up(args())).toBe("create");
  expect(await shown()).toMatchObject([{ lladdr: MAC, protocol: "201" }]);
  expect(await it.refresh()).toEqual([]);
});

test("a foreign entry is refused without adopt, and adopted with it", async () => {
  await neigh("add", "192.168.15.9", "lladdr", "02:00:00:00:00:08", "dev", "eth0", "nud", "permanent");
  await neigh("add", "proxy", "192.168.15.13", "dev", "eth0");
  const [it, proxy] = [lab.resource("Neighbor", "it"), lab.resource("Neighbor", "proxy")];
  await expect(it.up(args())).rejects.toThrow(/Neighbor red\/eth0\/192\.168\.15\.9 already exists and is not managed/);
  await expect(proxy.up(PROXY)).rejects.toThrow(/already exists and is not managed/);
  expect(await shown()).toMatchObject([{ lladdr: "02:00:00:00:00:08" }]);
  expect(await it.up(args(), { adopt: true })).toBe("create");
  expect(await shown()).toMatchObject([{ lladdr: MAC, protocol: "201" }]);
  await it.destroy();
  expect(await shown()).toEqual([]);
});

test("an entry of another stack is refused", async () => {
  await lab.resource("Neighbor", "it").up(args());
  const other = lab.nextRun().resource("Neighbor", "it", "prod");
  await expect(other.up(args())).rejects.toThrow(/belongs to the stack test\/dev/);
});

test("packets are sent to the MAC address of the entry", async () => {
  await lab.run("ip", "address", "add", "192.168.15.5/24", "dev", "port");
  await pingOnce(lab, "red", "192.168.15.5");
  const it = lab.resource("Neighbor", "it");
  await it.up(args({ address: "192.168.15.5" }));
  expect(await pings(lab, "red", "192.168.15.5")).toBe(false);
  await it.destroy();
  await pingOnce(lab, "red", "192.168.15.5");
});

test.each([
  [args({ lladdr: undefined }), /^lladdr: missing: a neighbour requires its MAC address/],
  [args({ proxy: true }), /^lladdr: "02:00:00:00:00:09" cannot be used with proxy/],
  [{ ...PROXY, router: true }, /^router: true cannot be used with proxy/],
  [args({ lladdr: "33:33:00:00:00:01" }), /^lladdr: "33:33:00:00:00:01" is not the MAC address of an interface/],
  [args({ address: "192.168.15.9/24" }), /^address: "192.168.15.9\/24" is not /],
])("%j is refused before anything is done", async (given, why) => {
  const refused = lab.resource("Neighbor", "it").up(given);
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});

test("an entry on a deleted link is gone, and its delete does nothing", async () => {
  const it = lab.resource("Neighbor", "it");
  await it.up(args());
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "eth0");
  expect(await it.refresh()).toBe("gone");
  await lab.resource("Neighbor", "it").destroy();
  await lab.run("ip", "netns", "delete", "red");
  await expectNothingLeft();
});
