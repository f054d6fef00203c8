import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red", "blue");

const args = {
  a: { name: "veth-red", namespace: "red" },
  b: { name: "veth-blue", namespace: "blue" },
};

//   red ─ veth-red ══ veth-blue ─ blue
test("a pair is created with each end in its namespace, and a delete removes both ends", async () => {
  const wire = lab.resource("Veth", "wire");
  expect(await wire.up(args)).toBe("create");
  expect(wire.id).toBe("red/veth-red:blue/veth-blue");

  const [red] = await lab.ip("-n", "red", "-details", "link", "show", "dev", "veth-red");
  expect(red).toMatchObject({ linkinfo: { info_kind: "veth" }, mtu: 1500, operstate: "UP" });
  expect(red.address).toBe((wire.outputs["a"] as { mac: string }).mac);
  const [blue] = await lab.ip("-n", "blue", "link", "show", "dev", "veth-blue");
  expect(blue.ifalias).toMatch(/^pulumi-netns:test\/dev:wire@/);
  expect(blue.address).toBe((wire.outputs["b"] as { mac: string }).mac);
  expect((await lab.ip("link", "show")).map((link) => link.ifname)).toEqual(["lo"]);

  expect(await wire.up(args)).toBe("same");
  expect(await wire.refresh()).toEqual([]);
  await wire.destroy();
  expect(await lab.ip("-n", "red", "link", "show", "type", "veth")).toEqual([]);
  await expectNothingLeft();
});

test("mtu, mac and up change in place, and a change of namespace replaces the pair", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(args);
  const index = async () => (await lab.ip("-n", "red", "link", "show", "dev", "veth-red"))[0].ifindex as number;
  const first = await index();

  const changed = { ...args, a: { ...args.a, mtu: 9000, mac: "02:00:00:00:00:0A", up: false } };
  expect(await wire.up(changed)).toBe("update");
  const [red] = await lab.ip("-n", "red", "link", "show", "dev", "veth-red");
  expect(red).toMatchObject({ ifindex: first, mtu: 9000, address: "02:00:00:00:00:0a" });
  expect(red.flags).not.toContain("UP");
  expect(await wire.up(changed)).toBe("same");

  expect(await wire.up({ ...args, b: { name: "veth-blue" } })).toBe("replace");
  expect(await lab.ip("link", "show", "dev", "veth-blue")).toHaveLength(1);
  expect(await lab.ip("-n", "blue", "link", "show")).toHaveLength(1);
  expect(await wire.refresh()).toEqual([]);
  await wire.destroy();
  await expectNothingLeft();
});

test("an end joins, changes and leaves its master in place", async () => {
  await lab.run("ip", "link", "add", "name", "br0", "type", "bridge");
  await lab.run("ip", "link", "add", "name", "br1", "type", "bridge");
  const wire = lab.resource("Veth", "wire");
  const port = (master?: string) => ({ a: args.a, b: { name: "port", ...(master !== undefined && { master }) } });
  const masterNow = async () => (await lab.ip("link", "show", "dev", "port"))[0].master as string | undefined;

  await wire.up(port("br0"));
  expect(await masterNow()).toBe("br0");
  expect(await wire.up(port("br1"))).toBe("update");
  expect(await masterNow()).toBe("br1");
  await lab.run("ip", "link", "set", "dev", "port", "nomaster");
  expect(await wire.refresh()).toEqual(["b.master"]);
  expect(await wire.up(port("br1"))).toBe("update");
  expect(await masterNow()).toBe("br1");
  expect(await wire.up(port())).toBe("update");
  expect(await masterNow()).toBeUndefined();
  await wire.destroy();
});

test.each([
  ["mtu", ["mtu", "1400"], "a.mtu"],
  ["up", ["down"], "a.up"],
  ["mac", ["address", "02:00:00:00:00:99"], "a.mac"],
])("drift of %s is reported and repaired", async (_what, change, property) => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(args);
  const look = () => lab.run("ip", "-n", "red", "-brief", "link", "show", "dev", "veth-red");
  const healthy = await look();
  await lab.run("ip", "-n", "red", "link", "set", "dev", "veth-red", ...change);
  expect(await wire.refresh()).toEqual([property]);
  expect(await wire.up(args)).toBe("update");
  expect(await wire.refresh()).toEqual([]);
  expect(await look()).toBe(healthy);
});

test("a deleted pair is created again with the same MAC addresses", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(args);
  const macOf = async () => (await lab.ip("-n", "red", "link", "show", "dev", "veth-red"))[0].address as string;
  const mac = await macOf();
  await lab.run("ip", "-n", "blue", "link", "delete", "dev", "veth-blue");
  expect(await wire.refresh()).toBe("gone");
  expect(await wire.up(args)).toBe("create");
  expect(await macOf()).toBe(mac);
});

test("a pair with an end that was renamed by hand is replaced, not duplicated", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(args);
  await lab.run("ip", "-n", "blue", "link", "set", "dev", "veth-blue", "down");
  await lab.run("ip", "-n", "blue", "link", "set", "dev", "veth-blue", "name", "elsewhere");
  expect(await wire.refresh()).toBe("gone");
  expect(await wire.up(args)).toBe("create");
  expect((await lab.ip("-n", "blue", "link", "show")).map((link) => link.ifname)).toEqual(["lo", "veth-blue"]);
});

test("a foreign link of the same name is refused, and remains", async () => {
  await lab.run("ip", "-n", "red", "link", "add", "name", "veth-red", "type", "bridge");
  const wire = lab.resource("Veth", "wire");
  await expect(wire.up(args)).rejects.toThrow(/already exists and is not managed by pulumi-netns/);
  await lab.run("ip", "-n", "red", "link", "set", "dev", "veth-red", "alias", "pulumi-netns:other/prod:x@01234567");
  await expect(wire.up(args)).rejects.toThrow(/belongs to the stack other\/prod/);
  expect(await lab.ip("-n", "red", "link", "show", "type", "bridge")).toHaveLength(1);
  expect((await lab.ip("-n", "blue", "link", "show")).map((link) => link.ifname)).toEqual(["lo"]);
});

//   red ─ veth-red ══ veth-blue ─ blue   becomes   red ─ veth-red ══ port-red, port-blue ══ veth-blue ─ blue
test("names pass from one resource of a stack to another in one run", async () => {
  const direct = lab.resource("Veth", "direct");
  await direct.up(args);
  const run = lab.nextRun();
  const left = run.resource("Veth", "left");
  const right = run.resource("Veth", "right");
  expect(await left.up({ a: args.a, b: { name: "port-red" } })).toBe("create");
  expect(await right.up({ a: args.b, b: { name: "port-blue" } })).toBe("create");
  // The engine deletes undeclared resources last. By then, other resources have the names.
  await direct.destroy();
  expect((await lab.ip("link", "show")).map((link) => link.ifname)).toEqual(["lo", "port-red", "port-blue"]);
  expect(await left.refresh()).toEqual([]);
  expect(await right.refresh()).toEqual([]);

  const back = lab.nextRun().resource("Veth", "direct");
  expect(await back.up(args)).toBe("create");
  await left.destroy();
  await right.destroy();
  expect(await back.refresh()).toEqual([]);
  await back.destroy();
  await expectNothingLeft();
});

test("a link of another stack is refused", async () => {
  await lab.resource("Veth", "wire").up(args);
  const other = lab.nextRun().resource("Veth", "wire", "prod");
  await expect(other.up(args)).rejects.toThrow(/belongs to the stack test\/dev/);
});

test("a failed create is rolled back", async () => {
  const wire = lab.resource("Veth", "wire");
  await expect(wire.up({ ...args, b: { ...args.b, master: "nowhere" } })).rejects.toThrow(
    /ip -n blue link set dev veth-blue master nowhere/,
  );
  await expectNothingLeft();
  expect((await lab.ip("-n", "red", "link", "show")).map((link) => link.ifname)).toEqual(["lo"]);
});

test("delete does nothing if the pair does not exist", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(args);
  await lab.run("ip", "netns", "delete", "red");
  await wire.destroy();
  await wire.destroy();
});
