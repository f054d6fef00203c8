import { expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest();

const names = async () => (await lab.ip("netns", "list")).map((entry) => entry.name as string);

test("a new namespace has only a loopback interface, which is up", async () => {
  await lab.run("ip", "link", "add", "name", "host0", "type", "bridge");
  const red = lab.resource("Namespace", "red");
  expect(await red.up({ name: "red" })).toBe("create");
  expect(await names()).toEqual(["red"]);

  const links = await lab.ip("-n", "red", "link", "show");
  expect(links.map((link) => link.ifname)).toEqual(["lo"]);
  expect(links[0].flags).toContain("UP");
  expect(await lab.ip("-n", "red", "neighbour", "show")).toEqual([]);
  expect(await lab.ip("-n", "red", "route", "show")).toEqual([]);
  await pingOnce(lab, "red", "127.0.0.1");

  expect(await red.up({ name: "red" })).toBe("same");
  expect(await red.refresh()).toEqual([]);
  await lab.run("ip", "link", "delete", "dev", "host0");
  await red.destroy();
  await red.destroy();
  await expectNothingLeft();
});

test("a layer is only in the state: it causes no drift, and its change does not replace the namespace", async () => {
  const red = lab.resource("Namespace", "red");
  expect(await red.up({ name: "red", layer: 2 })).toBe("create");
  const [inode] = [await lab.run("stat", "--format=%i", "/run/netns/red")];
  expect(await red.refresh()).toEqual([]);
  expect(await red.up({ name: "red", layer: 2 })).toBe("same");
  expect(await red.up({ name: "red", layer: 3 })).toBe("update");
  expect(await red.refresh()).toEqual([]);
  expect(await red.up({ name: "red" })).toBe("update");
  expect(await red.up({ name: "red" })).toBe("same");
  expect(await lab.run("stat", "--format=%i", "/run/netns/red")).toBe(inode);
  await red.destroy();
  await expectNothingLeft();
});

test("a loopback interface that was set down is drift, and an argument sets it down", async () => {
  const flagsOfLoopback = async () => (await lab.ip("-n", "red", "link", "show", "dev", "lo"))[0].flags;
  const red = lab.resource("Namespace", "red");
  await red.up({ name: "red" });
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "down");
  expect(await red.refresh()).toEqual(["loopback"]);
  expect(await red.up({ name: "red" })).toBe("update");
  expect(await flagsOfLoopback()).toContain("UP");
  expect(await red.up({ name: "red", loopback: true })).toBe("same");

  expect(await red.up({ name: "red", loopback: false })).toBe("update");
  expect(await flagsOfLoopback()).not.toContain("UP");
  expect(await red.up({ name: "red", loopback: false })).toBe("same");
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "up");
  expect(await red.refresh()).toEqual(["loopback"]);
  expect(await red.up({ name: "red", loopback: false })).toBe("update");
  expect(await flagsOfLoopback()).not.toContain("UP");
  await red.destroy();
  await expectNothingLeft();
});

test.each([-1, 1.5, 100, "2"])("the layer %j is refused", async (layer) => {
  await expect(lab.resource("Namespace", "red").up({ name: "red", layer })).rejects.toThrow(
    `layer: ${JSON.stringify(layer)} is not a layer of the picture`,
  );
});

test("a change of the name replaces the namespace", async () => {
  const red = lab.resource("Namespace", "red");
  await red.up({ name: "red" });
  expect(await red.up({ name: "crimson" })).toBe("replace");
  expect(await names()).toEqual(["crimson"]);
});

test("a deleted namespace is reported as gone, and created again", async () => {
  const red = lab.resource("Namespace", "red");
  await red.up({ name: "red" });
  await lab.run("ip", "netns", "delete", "red");
  expect(await red.refresh()).toBe("gone");
  expect(await red.up({ name: "red" })).toBe("create");
  expect(await names()).toEqual(["red"]);
});

test("a foreign namespace is refused, and is not deleted", async () => {
  await lab.run("ip", "netns", "add", "red");
  const red = lab.resource("Namespace", "red");
  await expect(red.up({ name: "red" })).rejects.toThrow(/Namespace red already exists and is not managed/);

  const blue = lab.resource("Namespace", "blue");
  await blue.up({ name: "blue" });
  await lab.run("ip", "netns", "delete", "blue");
  await lab.run("ip", "netns", "add", "blue");
  await blue.destroy();
  expect((await names()).sort()).toEqual(["blue", "red"]);
});

test("the kernel deletes veth pairs with one end in a deleted namespace", async () => {
  const red = lab.resource("Namespace", "red");
  await red.up({ name: "red" });
  for (let index = 0; index < 20; index += 1) {
    await lab.run(
      "ip",
      "link",
      "add",
      "name",
      `out${index}`,
      "type",
      "veth",
      "peer",
      "name",
      `in${index}`,
      "netns",
      "red",
    );
  }
  await red.destroy();
  await expect.poll(async () => (await lab.ip("link", "show")).map((link) => link.ifname), SOON).toEqual(["lo"]);
});

test("a namespace left by a crash is adopted", async () => {
  await lab.resource("Namespace", "red").up({ name: "red" });
  expect(await lab.nextRun().resource("Namespace", "red").up({ name: "red" })).toBe("create");
  expect(await names()).toEqual(["red"]);
});

test("the next run replaces a file without a namespace that a killed command left", async () => {
  await lab
    .nextRun(1)
    .resource("Namespace", "red")
    .up({ name: "red" })
    .catch(() => undefined);
  await lab.run("touch", "/run/netns/red");
  expect((await lab.try("ip", "-n", "red", "link")).stderr).toMatch(/Invalid argument/);
  const red = lab.nextRun().resource("Namespace", "red");
  expect(await red.up({ name: "red" })).toBe("create");
  expect(await red.refresh()).toEqual([]);
  await red.destroy();
  await expectNothingLeft();
});

test("a file without a namespace that a reboot left is replaced", async () => {
  await lab.run("mkdir", "-p", "/run/netns");
  await lab.run("touch", "/run/netns/red");
  const red = lab.resource("Namespace", "red");
  expect(await red.up({ name: "red" })).toBe("create");
  expect(await red.refresh()).toEqual([]);
  await red.destroy();
  await expectNothingLeft();
});

test("two resources with one namespace name are refused before anything is done", async () => {
  await lab.resource("Namespace", "red").up({ name: "red" });
  await expect(lab.resource("Namespace", "rot").up({ name: "red" })).rejects.toThrow(
    /Namespace \w+ and Namespace \w+ declare the same namespace red/,
  );
});

test("the error about a limit of the machine names the limit", async () => {
  await lab.run("sysctl", "-w", "user.max_net_namespaces=2");
  await lab.resource("Namespace", "one").up({ name: "one" });
  await expect(lab.resource("Namespace", "two").up({ name: "two" })).rejects.toThrow(
    /ip netns add two\n {2}failed: .*No space left on device\n {2}help: .*user\.max_net_namespaces/,
  );
  expect(await lab.run("ls", "/run/netns")).toBe("one");
  const [{ altnames = [] }] = await lab.ip("link", "show", "dev", "lo");
  expect(altnames).toEqual([]);
});

test("the error about a bridge without free ports says so", async () => {
  const ports = Array.from(
    { length: 1023 },
    (_, index) => `link add p${index} type veth peer name q${index}\nlink set p${index} master br0`,
  );
  await lab.run(
    "sh",
    "-c",
    `printf '%s\n' "$1" | ip -batch -`,
    "sh",
    ["link add br0 type bridge", ...ports].join("\n"),
  );
  const port = { a: { name: "x" }, b: { name: "y", master: "br0" } };
  await expect(lab.resource("Veth", "wire").up(port)).rejects.toThrow(/help: a bridge has at most 1023 ports/);
});
