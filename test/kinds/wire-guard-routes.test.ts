// @kernel vrf, wireguard
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue", "core");

const [RED, BLUE, GREEN] = [8, 16, 24].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [
  string,
  string,
  string,
];
const routes = async (table = "main") => {
  const both = ["-4", "-6"].map((family) => lab.ip("-n", "red", family, "route", "show", "table", table));
  const all = (await Promise.all(both)).flat().filter(({ dev, protocol }) => dev === "wg0" && protocol === "201");
  return all.map(({ dst }) => dst).sort();
};

const args = { name: "wg0", namespace: "red", privateKey: RED, listenPort: 51_820, addresses: ["10.255.0.1/24"] };
const peer = { publicKey: publicKeyOf(BLUE), allowedIps: ["10.255.0.2/32", "10.2.0.0/16"], endpoint: "10.0.0.2:51820" };
const other = { publicKey: publicKeyOf(GREEN), allowedIps: ["10.3.0.1/32", "fd00:3::/64"] };

//   red ─ wg0 10.255.0.1 ┄┄ tunnel ┄┄ 10.255.0.2 wg0 ─ blue ─ lo 10.2.0.1
//          └ eth0 10.0.0.1 ════════════ 10.0.0.2 eth0 ┘
test("routes to the networks of the peers are created, changed with the peers, repaired after drift, and deleted", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  await lab.run("ip", "-n", "blue", "address", "add", "10.2.0.1/32", "dev", "lo");
  const [left, right] = [lab.resource("WireGuard", "left"), lab.resource("WireGuard", "right")];
  await right.up({
    ...{ ...args, namespace: "blue", privateKey: BLUE, addresses: ["10.255.0.2/24"] },
    peers: [{ publicKey: publicKeyOf(RED), allowedIps: ["10.255.0.1/32"] }],
  });
  expect(await left.up({ ...args, peers: [peer], routes: true })).toBe("create");
  expect(await routes()).toEqual(["10.2.0.0/16", "10.255.0.2"]);
  await pingOnce(lab, "red", "10.2.0.1", "-W3");
  expect(await left.up({ ...args, peers: [peer], routes: true })).toBe("same");
  expect(await left.refresh()).toEqual([]);

  const changed = { ...args, peers: [{ ...peer, allowedIps: ["10.2.0.0/16"] }, other], routes: true };
  expect(await left.up(changed)).toBe("update");
  expect(await routes()).toEqual(["10.2.0.0/16", "10.3.0.1", "fd00:3::/64"]);
  await pingOnce(lab, "red", "10.2.0.1", "-W3");

  await lab.run("ip", "-n", "red", "route", "delete", "10.2.0.0/16", "dev", "wg0");
  expect(await left.refresh()).toEqual(["routes"]);
  expect(await left.up(changed)).toBe("update");
  expect(await routes()).toEqual(["10.2.0.0/16", "10.3.0.1", "fd00:3::/64"]);
  expect(await left.refresh()).toEqual([]);

  await lab.run("ip", "-n", "red", "link", "set", "dev", "wg0", "down");
  expect(await left.refresh()).toContain("routes");
  expect(await left.up(changed)).toBe("update");
  expect(await routes()).toEqual(["10.2.0.0/16", "10.3.0.1", "fd00:3::/64"]);

  expect(await left.up({ ...changed, routes: false })).toBe("update");
  expect(await routes()).toEqual([]);
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(changed)).toBe("update");
  for (const one of [left, right, wire]) await one.destroy();
  expect(await routes()).toEqual([]);
  await lab.run("ip", "-n", "blue", "address", "delete", "10.2.0.1/32", "dev", "lo");
  await expectNothingLeft();
});

test("a foreign route to the network of a peer is refused, and remains", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue" },
  });
  await lab.run("ip", "-n", "red", "route", "add", "blackhole", "10.2.0.0/16");
  const site = lab.resource("WireGuard", "site");
  await expect(site.up({ ...args, peers: [peer], routes: true })).rejects.toThrow(
    /^(.*\n)?.*route to 10\.2\.0\.0\/16 over wg0 cannot be added: another route to it already exists and is not managed by pulumi-netns/,
  );
  expect(await lab.run("ip", "-n", "red", "route", "show", "type", "blackhole")).toContain("10.2.0.0/16");
  await lab.run("ip", "-n", "red", "route", "delete", "blackhole", "10.2.0.0/16");
  expect(await site.up({ ...args, peers: [peer], routes: true })).toBe("create");
  for (const one of [site, wire]) await one.destroy();
  await expectNothingLeft();
});

test("the own IPv4 network of the interface is refused as a network of a peer, and the IPv6 one gets a route beside the kernel's", async () => {
  const site = lab.resource("WireGuard", "site");
  const addresses = ["10.255.0.1/24", "fd99::1/64"];
  const own = (...allowedIps: string[]) =>
    site.up({ ...args, addresses, peers: [{ ...peer, allowedIps }], routes: true });
  await expect(own("10.255.0.0/24")).rejects.toThrow(/route add 10\.255\.0\.0\/24 .*\n.*File exists/);
  expect(await own("fd99::/64")).toBe("create");
  await site.destroy();
  await expectNothingLeft();
});

test("a network of a peer that an interface gives up in the same run gets its route, and one that remains is refused", async () => {
  const wire = lab.resource("Veth", "wire");
  const end = (...addresses: string[]) => ({
    a: { name: "eth0", namespace: "red", addresses },
    b: { name: "eth0", namespace: "blue" },
  });
  await wire.up(end("10.0.0.1/24", "10.2.0.1/16"));
  const site = lab.resource("WireGuard", "site");
  await expect(site.up({ ...args, peers: [peer], routes: true })).rejects.toThrow(
    /route to 10\.2\.0\.0\/16 over wg0 already exists: the kernel created it for an address of eth0\n {2}help: remove the route/,
  );
  const created = site.up({ ...args, peers: [peer], routes: true });
  await sleep(500);
  expect(await wire.up(end("10.0.0.1/24"))).toBe("update");
  expect(await created).toBe("create");
  expect(await routes()).toEqual(["10.2.0.0/16", "10.255.0.2"]);
  for (const one of [site, wire]) await one.destroy();
  await expectNothingLeft();
});

test("a tunnel with another underlay can have default routes, and its routes are in the table of its VRF", async () => {
  const [vrf, site] = [lab.resource("Vrf", "tenant"), lab.resource("WireGuard", "site")];
  await vrf.up({ name: "tenant", namespace: "red", table: 10 });
  const inner = { ...args, underlay: "core", master: "tenant", gatewayTable: 10, routes: true };
  expect(await site.up({ ...inner, peers: [{ ...peer, allowedIps: ["0.0.0.0/0", "::/0"] }] })).toBe("create");
  expect(await routes("10")).toEqual(["default", "default"]);
  expect(await routes()).toEqual([]);
  expect(await site.refresh()).toEqual([]);
  expect(await site.up({ ...inner, peers: [peer] })).toBe("update");
  expect(await routes("10")).toEqual(["10.2.0.0/16", "10.255.0.2"]);
  for (const one of [site, vrf]) await one.destroy();
  await expectNothingLeft();
});
