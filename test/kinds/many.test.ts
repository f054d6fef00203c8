import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const numbers = Array.from({ length: 270 }, (_, index) => index);
const args = { a: { name: "x", namespace: "n0", addresses: ["10.0.0.1/24"] }, b: { name: "y", namespace: "n269" } };

test("a lab of hundreds of namespaces is created, refreshed, repaired and deleted", async () => {
  const all = numbers.map((number) => lab.resource("Namespace", `n${number}`));
  await Promise.all(all.map((one, number) => one.up({ name: `n${number}` })));
  expect(await lab.ip("netns", "list")).toHaveLength(numbers.length);
  for (const number of [0, 200, 269]) {
    const [lo] = await lab.ip("-n", `n${number}`, "link", "show", "dev", "lo");
    expect(lo).toMatchObject({
      flags: expect.arrayContaining(["UP"]),
      ifalias: expect.stringContaining(`:n${number}@`),
    });
  }
  const wire = lab.resource("Veth", "wire");
  await wire.up(args);
  const [x] = await lab.ip("-n", "n0", "address", "show", "dev", "x");
  expect(x.addr_info).toMatchObject([{ local: "10.0.0.1" }, { family: "inet6" }]);

  await lab.run("ip", "netns", "delete", "n260");
  await lab.run("ip", "netns", "delete", "n261");
  await lab.run("touch", "/run/netns/n261");
  const found = await Promise.all(all.map((one) => one.refresh()));
  expect(numbers.filter((number) => found[number] === "gone")).toEqual([260, 261]);
  await lab.run("rm", "/run/netns/n261");
  for (const number of [260, 261]) expect(await all[number]?.up({ name: `n${number}` })).toBe("create");

  await lab.run("ip", "-n", "n269", "link", "set", "dev", "y", "mtu", "1300");
  expect(await wire.refresh()).toEqual(["b.mtu"]);
  expect(await wire.up(args)).toBe("update");
  expect(await lab.ip("-n", "n269", "link", "show", "dev", "y")).toMatchObject([{ mtu: 1500 }]);
  await wire.destroy();
  await Promise.all(all.map((one) => one.destroy()));
  await expectNothingLeft();
});
