import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

const LONG = "uplink-of-the-first-router";
const OTHER = "uplink-of-the-second-router";

labForEachTest("red");

const pair = (altname?: string) => ({
  a: { name: "eth0", namespace: "red", ...(altname !== undefined && { altname }) },
  b: { name: "port", altname: "port-of-red-on-the-lab-host" },
});
const namesIn = async (...where: string[]) =>
  ((await lab.ip(...where))[0].altnames ?? []).filter((name: string) => name !== "by-hand");
const namesOfEth0 = () => namesIn("-n", "red", "link", "show", "dev", "eth0");

test("a veth end has its alternative name, which changes in place and is deleted with it", async () => {
  const wire = lab.resource("Veth", "wire");
  expect(await wire.up(pair(LONG))).toBe("create");
  expect((await lab.ip("-n", "red", "link", "show", "dev", LONG))[0].ifname).toBe("eth0");
  expect(await namesIn("link", "show", "dev", "port")).toEqual(["port-of-red-on-the-lab-host"]);
  expect(await wire.up(pair(LONG))).toBe("same");
  expect(await wire.refresh()).toEqual([]);

  expect(await wire.up(pair(OTHER))).toBe("update");
  expect(await namesOfEth0()).toEqual([OTHER]);
  expect(await wire.up(pair())).toBe("update");
  expect(await namesOfEth0()).toEqual([]);
  await wire.destroy();
  await expectNothingLeft();
});

test("a bridge has its alternative name, which changes in place", async () => {
  const lan = lab.resource("Bridge", "lan");
  await lan.up({ name: "br0", altname: LONG });
  expect((await lab.ip("link", "show", "dev", LONG))[0].ifname).toBe("br0");
  expect(await lan.up({ name: "br0", altname: OTHER })).toBe("update");
  expect(await namesIn("link", "show", "dev", "br0")).toEqual([OTHER]);
  expect(await lan.refresh()).toEqual([]);
});

test("a deleted alternative name is drift and is restored, and one that was added by hand is no drift", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up(pair(LONG));
  const property = (verb: string, name: string) =>
    lab.run("ip", "-n", "red", "link", "property", verb, "dev", "eth0", "altname", name);
  await property("add", "by-hand");
  expect(await wire.refresh()).toEqual([]);
  await property("del", LONG);
  expect(await wire.refresh()).toEqual(["a.altname"]);
  expect(await wire.up(pair(LONG))).toBe("update");
  expect(await namesOfEth0()).toEqual([LONG]);
  const [{ altnames }] = await lab.ip("-n", "red", "link", "show", "dev", "eth0");
  expect(altnames).toContain("by-hand");
});

test("create fails if another link has the alternative name, and leaves nothing", async () => {
  await lab.run("ip", "link", "property", "add", "dev", "lo", "altname", LONG);
  const wire = lab.resource("Veth", "wire");
  const there = await traces(lab);
  await expect(wire.up({ a: { name: "eth0", namespace: "red" }, b: { name: "port", altname: LONG } })).rejects.toThrow(
    `ip link property add dev port altname ${LONG}\n  failed: `,
  );
  await expect.poll(() => traces(lab), SOON).toBe(there);
});

test.each([
  [{ name: "br0", altname: "br0" }, `altname: "br0" is also the name; altname must differ from name`],
  [
    { name: "br0", altname: "x".repeat(128) },
    /^altname: "x+…" is not an alternative interface name: it has 128 bytes; the maximum is 127/,
  ],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("Bridge", "lan").up(args);
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});

test("the name of one link cannot be the alternative name of another", async () => {
  await lab.resource("Bridge", "one").up({ name: "br0", altname: "office" });
  await expect(lab.resource("Bridge", "two").up({ name: "office" })).rejects.toThrow(
    /declare the same interface office/,
  );
});
