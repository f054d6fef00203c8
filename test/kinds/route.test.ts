import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

labForEachTest();
beforeEach(() => wireRed("192.168.15.1/24", "fd00:15::1/64"));

describe.each([
  {
    family: "-4",
    network: "10.7.0.0/16",
    via: "192.168.15.5",
    other: "192.168.15.6",
    source: "192.168.15.1",
    metric: 0,
  },
  { family: "-6", network: "fd07::/64", via: "fd00:15::5", other: "fd00:15::6", source: "fd00:15::1", metric: 1024 },
])("with ip $family", ({ family, network, via, other, source, metric }) => {
  const show = (...more: string[]) => lab.ip("-n", "red", family, "-details", "route", "show", "exact", ...more);

  test.each([network, "default"])("a route to %s is created and deleted", async (destination) => {
    const route = lab.resource("Route", "out");
    const args = { namespace: "red", destination, via };
    expect(await route.up(args)).toBe("create");
    expect(await show(destination)).toMatchObject([{ dst: destination, gateway: via, dev: "eth0", protocol: "201" }]);
    expect(route.outputs["metric"]).toBe(metric);
    expect(await route.up(args)).toBe("same");
    expect(await route.refresh()).toEqual([]);
    await route.destroy();
    await route.destroy();
    expect(await show(destination)).toEqual([]);
  });

  test("gateway, source, mtu, interface and type change in place", async () => {
    const route = lab.resource("Route", "out");
    const args = { namespace: "red", destination: network, via };
    await route.up(args);
    expect(await route.up({ ...args, via: other, source, mtu: 1400, interface: "eth0" })).toBe("update");
    expect(await show(network)).toMatchObject([
      { gateway: other, prefsrc: source, metrics: [{ mtu: 1400 }], dev: "eth0" },
    ]);
    expect(await route.refresh()).toEqual([]);
    expect(await route.up(args)).toBe("update");
    const [back] = await show(network);
    expect(back).toMatchObject({ gateway: via });
    expect(back).not.toHaveProperty("prefsrc");
    expect(await route.up({ namespace: "red", destination: network, type: "unreachable" })).toBe("update");
    expect(await show(network)).toMatchObject([{ type: "unreachable" }]);
    expect(await route.refresh()).toEqual([]);
    await route.destroy();
    expect(await show(network)).toEqual([]);
  });

  test("a change of metric or table replaces the route", async () => {
    const route = lab.resource("Route", "out");
    const args = { namespace: "red", destination: network, via };
    await route.up(args);
    expect(await route.up({ ...args, metric: 50 })).toBe("replace");
    expect(await show(network)).toMatchObject([{ metric: 50 }]);
    expect(await route.up({ ...args, table: 100 })).toBe("replace");
    expect(await show(network)).toEqual([]);
    expect(await show(network, "table", "100")).toMatchObject([{ gateway: via }]);
    expect(await route.refresh()).toEqual([]);
    await route.destroy();
  });

  test.each([
    ["via", (): string[] => ["via", other]],
    ["source", (): string[] => ["via", via, "src", source]],
    ["mtu", (): string[] => ["via", via, "mtu", "1300"]],
  ])("drift of %s is reported and repaired", async (property, change) => {
    const route = lab.resource("Route", "out");
    const args = { namespace: "red", destination: network, via };
    await route.up(args);
    const healthy = await show(network);
    await lab.run("ip", "-n", "red", family, "route", "replace", network, ...change());
    expect(await route.refresh()).toEqual([property]);
    expect(await route.up(args)).toBe("update");
    expect(await route.refresh()).toEqual([]);
    expect(await show(network)).toEqual(healthy);
  });

  test("a deleted route is reported as gone, and created again", async () => {
    const route = lab.resource("Route", "out");
    const args = { namespace: "red", destination: network, via };
    await route.up(args);
    await lab.run("ip", "-n", "red", family, "route", "delete", network);
    expect(await route.refresh()).toBe("gone");
    expect(await route.up(args)).toBe("create");
  });

  test.each(["blackhole", "prohibit"])("a route of type %s is created and deleted", async (type) => {
    const route = lab.resource("Route", "nowhere");
    await route.up({ namespace: "red", destination: network, type });
    expect(await show(network)).toMatchObject([{ type }]);
    expect(await route.refresh()).toEqual([]);
    await route.destroy();
    expect(await show(network)).toEqual([]);
  });

  test("a foreign route is refused, and remains", async () => {
    await lab.run("ip", "-n", "red", family, "route", "add", network, "via", other);
    await expect(lab.resource("Route", "out").up({ namespace: "red", destination: network, via })).rejects.toThrow(
      /already exists and is not managed/,
    );
    expect(await show(network)).toMatchObject([{ gateway: other }]);
  });

  test("a delete keeps a foreign route with another protocol that has replaced the resource's own", async () => {
    const route = lab.resource("Route", "out");
    await route.up({ namespace: "red", destination: network, via });
    await lab.run("ip", "-n", "red", family, "route", "replace", network, "via", other, "protocol", "static");
    await route.destroy();
    expect(await show(network)).toMatchObject([{ gateway: other, protocol: "static" }]);
  });

  test("a delete keeps a foreign route to the same destination with another metric", async () => {
    const route = lab.resource("Route", "out");
    await route.up({ namespace: "red", destination: network, via });
    await lab.run("ip", "-n", "red", family, "route", "add", network, "via", other, "metric", "2000");
    await route.destroy();
    expect(await show(network)).toMatchObject([{ gateway: other, metric: 2000 }]);
  });
});

test("the error about an unreachable gateway explains it", async () => {
  await expect(
    lab.resource("Route", "out").up({ namespace: "red", destination: "default", via: "10.99.0.1" }),
  ).rejects.toThrow(
    /ip -n red -4 route add default via 10.99.0.1 .*\n.*invalid gateway.*\n.*the gateway must be in a network in which the namespace has an address/,
  );
});

test.each([
  ["IPv4", { destination: "10.7.0.0/16", via: "192.168.15.5", source: "10.99.0.1" }],
  ["IPv6", { destination: "fd07::/64", via: "fd00:15::5", source: "fd99::1" }],
])("the error about a source that the namespace does not have explains it, %s", async (_, args) => {
  await expect(lab.resource("Route", "out").up({ namespace: "red", ...args })).rejects.toThrow(
    /route add .*\n.*invalid (prefsrc|source) address\.\n {2}help: the source of a Route must be an address that an interface of the namespace has\. Declare that Address before the Route, or use an address that the namespace has$/im,
  );
});

test("a delete removes the note of a route on the lab host that the kernel deleted with its link", async () => {
  const altnames = async () => (await lab.ip("link", "show", "dev", "lo"))[0].altnames ?? [];
  await lab.run("ip", "link", "add", "name", "br9", "up", "type", "bridge");
  const route = lab.resource("Route", "out");
  await route.up({ destination: "10.7.0.0/16", interface: "br9" });
  expect(await altnames()).toEqual([expect.stringMatching(/^pulumi-netns:route:[0-9a-f]{8}:test!dev$/)]);
  await lab.run("ip", "link", "delete", "dev", "br9");
  await route.destroy();
  expect(await altnames()).toEqual([]);
});

describe.each([
  { family: "-4", via: "192.168.15.5", network: "10.5.0.0/24", address: "10.5.0.1/24", metric: 0 },
  { family: "-6", via: "fd00:15::5", network: "fd05::/64", address: "fd05::1/64", metric: 256 },
])("a route in the place of the kernel's route to $network", ({ family, via, network, address, metric }) => {
  const args = { namespace: "red", destination: network, via, metric };
  beforeEach(async () => {
    await lab.run("ip", "-n", "red", "link", "add", "old", "type", "bridge");
    await lab.run("ip", "-n", "red", "address", "add", address, "dev", "old", ...(metric === 0 ? [] : ["nodad"]));
    await lab.run("ip", "-n", "red", "link", "set", "old", "up");
  });

  test("is created when the interface of that route is deleted in the same run", async () => {
    const created = lab.resource("Route", "out").up(args);
    await sleep(300);
    await lab.run("ip", "-n", "red", "link", "delete", "old");
    expect(await created).toBe("create");
    expect(await lab.ip("-n", "red", family, "route", "show", "exact", network)).toMatchObject([
      { gateway: via, dev: "eth0" },
    ]);
  });

  test("is refused if that interface remains", async () => {
    await expect(lab.resource("Route", "out").up(args)).rejects.toThrow(
      /^Route red\/.* already exists: the kernel created it for an address of old\n {2}help: remove the route from the program, or the address/,
    );
    expect(await lab.ip("-n", "red", family, "route", "show", "exact", network)).toMatchObject([
      { protocol: "kernel" },
    ]);
  });
});
