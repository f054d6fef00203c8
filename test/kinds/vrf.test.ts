// @kernel vrf
import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { vrf } from "../../provider/kinds/vrf.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("router", "red", "blue");

const show = async (name: string) => (await lab.ip("-n", "router", "-details", "link", "show", "dev", name))[0];
const cable = (tenant: string, args: object = {}) =>
  lab.resource("Veth", `cable-${tenant}`).up({
    a: { name: `to-${tenant}`, namespace: "router", addresses: ["10.0.0.1/24", "fd00::1/64"], ...args },
    b: { name: "eth0", namespace: tenant, addresses: ["10.0.0.2/24", "fd00::2/64"] },
  });
const pings = async (vrf: string, address: string) =>
  (await lab.try("ip", "netns", "exec", "router", "ping", "-c1", "-W2", "-I", vrf, address)).code === 0;

//   red ─ eth0 10.0.0.2 ══ to-red  10.0.0.1 ─ tenant-a ┐
//   blue ─ eth0 10.0.0.2 ══ to-blue 10.0.0.1 ─ tenant-b ┘ router
test("two tenants of a router have the same addresses, each with its own routes", async () => {
  const [a, b] = [lab.resource("Vrf", "a"), lab.resource("Vrf", "b")];
  const args = { name: "tenant-a", namespace: "router", table: 10 };
  expect(await a.up(args)).toBe("create");
  await b.up({ name: "tenant-b", namespace: "router", table: 20 });
  expect(await show("tenant-a")).toMatchObject({ linkinfo: { info_kind: "vrf", info_data: { table: 10 } } });
  await cable("red", { master: "tenant-a" });
  await cable("blue", { master: "tenant-b" });
  expect(await pings("tenant-a", "10.0.0.2")).toBe(true);
  expect(await pings("tenant-b", "fd00::2")).toBe(true);
  // An answer uses the routes of the VRF through which the packet arrived, also if another VRF has the same addresses.
  for (const tenant of ["red", "blue"]) {
    const { outcome, back } = await trace(labHost(lab.enter), tenant, "10.0.0.1");
    expect(outcome).toEqual({ kind: "answered" });
    expect(back).toMatchObject([{ place: "router", out: `to-${tenant}` }, { place: tenant }]);
  }
  const route = lab.resource("Route", "out");
  const out = { namespace: "router", destination: "10.9.0.0/16", via: "10.0.0.2", table: 10 };
  await route.up(out);
  expect(await lab.ip("-n", "router", "route", "show", "vrf", "tenant-a", "10.9.0.0/16")).toMatchObject([
    { gateway: "10.0.0.2", dev: "to-red" },
  ]);
  expect(await a.up(args)).toBe("same");
  expect(await a.refresh()).toEqual([]);
  expect(await route.refresh()).toEqual([]);

  await lab.run("ip", "-n", "router", "link", "set", "dev", "tenant-a", "down");
  expect(await a.refresh()).toEqual(["up"]);
  expect(await a.up(args)).toBe("update");
  expect(await a.up({ ...args, table: 11 })).toBe("replace");
  expect(await show("tenant-a")).toMatchObject({ linkinfo: { info_data: { table: 11 } } });
  for (const one of [route, a, b]) await one.destroy();
  await a.destroy();
});

test("the default routes of the tenants' links are in the tables of their VRFs, move with a change of it, and are deleted", async () => {
  const [a, b] = [lab.resource("Vrf", "a"), lab.resource("Vrf", "b")];
  await a.up({ name: "tenant-a", namespace: "router", table: 10 });
  await b.up({ name: "tenant-b", namespace: "router", table: 20 });
  const link = lab.resource("Veth", "cable-red");
  const args = (gatewayTable: number) => ({
    a: {
      ...{ name: "to-red", namespace: "router", master: "tenant-a", gatewayTable },
      ...{ addresses: ["10.0.0.1/24", "fd00::1/64"], gateways: ["10.0.0.2", "fd00::2"] },
    },
    b: { name: "eth0", namespace: "red", addresses: ["10.0.0.2/24", "fd00::2/64"] },
  });
  const defaults = async (table: string) => [
    ...(await lab.ip("-n", "router", "route", "show", "default", "table", table)),
    ...(await lab.ip("-n", "router", "-6", "route", "show", "default", "table", table)),
  ];
  expect(await link.up(args(10))).toBe("create");
  await lab.resource("Veth", "cable-blue").up({
    a: {
      ...{ name: "to-blue", namespace: "router", master: "tenant-b", gatewayTable: 20 },
      ...{ addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2"] },
    },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  expect(await defaults("10")).toMatchObject([{ gateway: "10.0.0.2" }, { gateway: "fd00::2" }]);
  expect(await defaults("20")).toMatchObject([{ gateway: "10.0.0.2", dev: "to-blue" }]);
  expect(await defaults("main")).toEqual([]);
  await lab.run("ip", "-n", "red", "address", "add", "10.9.9.9/32", "dev", "lo");
  expect(await pings("tenant-a", "10.9.9.9")).toBe(true);
  expect(await link.up(args(10))).toBe("same");
  expect(await link.refresh()).toEqual([]);
  await lab.run("ip", "-n", "router", "route", "delete", "default", "table", "10");
  expect(await link.refresh()).toEqual(["a.gateways"]);
  expect(await link.up(args(10))).toBe("update");
  expect(await link.up(args(11))).toBe("update");
  expect(await defaults("11")).toHaveLength(2);
  expect((await lab.try("ip", "-n", "router", "route", "show", "default", "table", "10")).stdout).not.toContain("via");
  expect(await link.refresh()).toEqual([]);
  await link.destroy();
});

test("a link that joins or leaves a VRF keeps the addresses that the program declares", async () => {
  await lab.resource("Vrf", "a").up({ name: "tenant-a", namespace: "router", table: 10 });
  const link = lab.resource("Veth", "cable-red");
  const addresses = async () =>
    (await lab.ip("-n", "router", "address", "show", "dev", "to-red", "scope", "global"))[0].addr_info.flatMap(
      ({ local }: any) => local ?? [],
    );
  for (const args of [{ master: "tenant-a" }, {}, { master: "tenant-a" }]) {
    const end = { name: "to-red", namespace: "router", addresses: ["10.0.0.1/24", "fd00::1/64"], ...args };
    const other = { name: "eth0", namespace: "red", addresses: ["10.0.0.2/24", "fd00::2/64"] };
    if (link.id === undefined) await link.up({ a: end, b: other });
    else expect(await link.up({ a: end, b: other })).toBe("update");
    expect(await addresses()).toEqual(["10.0.0.1", "fd00::1"]);
    expect(await link.refresh()).toEqual([]);
  }
  await link.destroy();
  await lab.resource("Vrf", "a").destroy();
});

test("a VRF with the table of another VRF is refused, and causes a warning if the other one is foreign", async () => {
  const args = { name: "one", namespace: "red", table: 10 };
  const told = async (name: string) => vrf.warn?.(linux(lab.enter, lab.root), { ...args, name } as never);
  await lab.resource("Vrf", "one").up(args);
  expect(await told("one")).toBeUndefined();
  await expect(lab.resource("Vrf", "two").up({ ...args, name: "two" })).rejects.toThrow(
    /Vrf one and Vrf two declare the same vrf table red\/10\n {2}help: give one of the VRFs another table/,
  );
  await lab
    .nextRun()
    .resource("Vrf", "two", "prod")
    .up({ ...args, name: "two" });
  expect(await told("two")).toMatch(
    /^the table 10 is also that of the VRF red\/one, which belongs to the stack test\/dev: .*\n {2}help: choose another table/,
  );
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "two");
  await lab.run("ip", "-n", "red", ..."link add name three type vrf table 10".split(" "));
  expect(await told("one")).toMatch(/VRF red\/three, which is not managed by pulumi-netns/);
});

test("the main table is refused before anything is done", async () => {
  const refused = lab.resource("Vrf", "a").up({ name: "tenant-a", namespace: "router", table: 254 });
  await expect(refused).rejects.toThrow("table: 254 is the table of all interfaces without a VRF");
  await expectNothingLeft();
});
