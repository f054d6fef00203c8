// @kernel vlan
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

/*
 * A kernel before 6.15 refuses a new link if the namespace of the command has a link with its name, also if the link is for another
 * namespace. The lab host has an eth0, and most namespaces have one, too.
 */

labForEachTest("red", "blue");

const names = async (namespace: string) =>
  (await lab.ip("-n", namespace, "link", "show"))
    .map(({ ifname }: { ifname: string }) => ifname)
    .filter((name: string) => name !== "lo");

test("the ends of a veth pair can have the names of links in other namespaces", async () => {
  await lab.run("ip", "link", "add", "name", "eth0", "type", "bridge");
  const across = lab.resource("Veth", "across");
  const args = { a: { name: "eth0", namespace: "red" }, b: { name: "eth0", namespace: "blue" } };
  expect(await across.up(args)).toBe("create");
  expect([await names("red"), await names("blue")]).toEqual([["eth0"], ["eth0"]]);
  expect(await across.refresh()).toEqual([]);
  await across.destroy();
  await lab.run("ip", "link", "add", "name", "eth1", "type", "bridge");
  const up = lab.resource("Veth", "up");
  const toHost = { a: { name: "eth1", namespace: "red", addresses: ["10.0.0.1/24"] }, b: { name: "port" } };
  expect(await up.up(toHost)).toBe("create");
  expect(await up.up(toHost)).toBe("same");
  expect(await names("red")).toEqual(["eth1"]);
  await up.destroy();
  await lab.run("ip", "link", "delete", "dev", "eth1");
  await lab.run("ip", "link", "delete", "dev", "eth0");
  await expectNothingLeft();
});

test("a link on a parent in another namespace can have the name of its parent", async () => {
  await lab.run("ip", "link", "add", "name", "eth0", "up", "type", "bridge");
  const it = lab.resource("Macvlan", "it");
  const args = { name: "eth0", namespace: "red", link: "eth0", addresses: ["10.0.0.1/24"] };
  expect(await it.up(args)).toBe("create");
  const [link] = await lab.ip("-n", "red", "link", "show", "dev", "eth0");
  expect(link).toMatchObject({ ifname: "eth0", flags: expect.arrayContaining(["UP"]) });
  expect(await names("red")).toEqual(["eth0"]);
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(args)).toBe("same");

  await it.destroy();
  await it.destroy();
  expect(await names("red")).toEqual([]);
  await lab.run("ip", "link", "delete", "dev", "eth0");
  await expectNothingLeft();
});
