import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { sandbox } from "../../tools/sandbox.ts";

/*
 * The checks of routes, compared with the kernel: it refuses exactly the IPv4 routes that they say it refuses, and uses none of the IPv6 routes
 * that they say it never uses.
 */

const own = { eth0: ["10.0.0.1/24", "fd00::1/64"], eth1: ["10.1.0.1/30", "fd01::1/64"] };

const routes = ["10.1.0.0/30", "10.1.0.0/24", "10.9.0.0/16", "default"].flatMap((destination) =>
  ["10.0.0.2", "10.1.0.2", "10.1.0.6", "10.9.0.1"].flatMap((via) =>
    [undefined, "eth0", "eth1"].map((link) => ({ destination, via, link })),
  ),
);

const found = (args: object): (string | undefined)[] =>
  runChecks([
    { type: "Namespace", name: "red", args: { name: "red" } },
    ...Object.entries(own).map(([name, addresses]) => ({
      ...{ type: "Veth", name },
      args: { a: { name, namespace: "red", addresses }, b: { name: `far-${name}` } },
    })),
    { type: "Route", name: "r", args: { namespace: "red", ...args } },
  ]).flatMap(({ check, refused }) => (check === "connected-route" || refused !== undefined ? [check] : []));

test("the kernel refuses a route if and only if the checks say so", async () => {
  await using host = await sandbox();
  const { run } = host;
  await run("ip", "netns", "add", "red");
  for (const [name, addresses] of Object.entries(own)) {
    await run("ip", "link", "add", name, "netns", "red", "type", "veth", "peer", "name", `far-${name}`);
    await run("ip", "link", "set", `far-${name}`, "up");
    await run("ip", "-n", "red", "link", "set", name, "up");
    for (const address of addresses) await run("ip", "-n", "red", "address", "add", address, "dev", name, "nodad");
  }
  const verdicts = new Set<string>();
  for (const { destination, via, link } of routes) {
    const words = [destination, "via", via, ...(link === undefined ? [] : ["dev", link])];
    const { code, stderr } = await host.try("ip", "-n", "red", "route", "add", ...words);
    const checks = found({ destination, via, ...(link !== undefined && { interface: link }) });
    expect([words.join(" "), checks.length === 0]).toEqual([words.join(" "), code === 0]);
    if (/file exists/i.test(stderr)) expect(checks).toEqual(["connected-route"]);
    if (/invalid gateway/i.test(stderr)) expect(checks).toContain("gateway-off-link");
    if (code === 0) await run("ip", "-n", "red", "route", "delete", ...words);
    verdicts.add(code === 0 ? "accepted" : checks.join());
  }
  expect([...verdicts].sort()).toEqual(
    ["accepted", "connected-route", "gateway-off-link", "gateway-off-link,connected-route"].sort(),
  );

  await run("ip", "-n", "red", "-6", "route", "add", "fd01::/64", "via", "fd00::2");
  const [used] = await host.ip("-n", "red", "-6", "route", "get", "fd01::9");
  expect(used).toMatchObject({ dev: "eth1" });
  expect(found({ destination: "fd01::/64", via: "fd00::2" })).toEqual(["connected-route"]);
});
