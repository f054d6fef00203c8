import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { example, openStack } from "../../tools/stack.ts";
import { pingOnce, pings } from "../support/ping.ts";

let host: Sandbox;

beforeEach(async () => {
  host = await sandbox();
});

afterEach(() => host[Symbol.asyncDispose]());

const patiently = { timeout: 40_000, interval: 300 };
/** Lists the runtime files of the system, and the folder in which dnsmasq keeps its leases by default. */
const everyFile = () => host.run("find", "/run", "/var/lib/misc");

test("dhcp-lan: a client gets its address, and resolves names", async () => {
  const before = await traces(host);
  const files = await everyFile();
  await using stack = await openStack(host, example("dhcp-lan"));
  try {
    await stack.up();
    await expect.poll(() => pings(host, "client", "files.lab"), patiently).toBe(true);
    const [link] = await host.ip("-n", "client", "-4", "address", "show", "dev", "eth0");
    expect(link.addr_info[0].local).toMatch(/^10\.7\.0\.1\d\d$/);
    expect(await stack.up("--refresh")).toEqual([]);
  } finally {
    await stack.destroy();
  }
  await expect.poll(() => traces(host), SOON).toBe(before);
  expect(await everyFile()).toBe(files);
});

test("ospf-triangle: routes are learnt, avoid a cable that is down, and use it again later", async () => {
  await host.run("sed", "-i", String.raw`s/^\(frrvty:.*\):[^:]*$/\1:root/`, "/etc/group");
  await host.run("mkdir", "/run/frr");
  const before = await traces(host);
  const way = async () => {
    const [route] = await host.ip("-n", "r1", "route", "show", "10.255.0.2");
    return route && [route.protocol, route.dev ?? route.nexthops?.[0]?.dev];
  };
  await using stack = await openStack(host, example("ospf-triangle"));
  try {
    await stack.up();
    await expect.poll(way, patiently).toEqual(["ospf", "to-r2"]);
    await pingOnce(host, "r1", "10.255.0.2");
    await host.run("ip", "-n", "r1", "link", "set", "dev", "to-r2", "down");
    await expect.poll(way, patiently).toEqual(["ospf", "to-r3"]);
    await expect.poll(() => pings(host, "r1", "10.255.0.2"), patiently).toBe(true);
    expect(await stack.refresh()).toEqual(["update Veth wire-1-2"]);
    expect(await stack.up()).toEqual(["update Veth wire-1-2"]);
    await expect.poll(way, patiently).toEqual(["ospf", "to-r2"]);
  } finally {
    await stack.destroy();
  }
  await expect.poll(() => traces(host), SOON).toBe(before);
});
