import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

/** Sets an address for an hour, as a DHCP client does. */
const lease = (address: string) =>
  lab.run("ip", ..."-n red address add dev eth0 valid_lft 3600 preferred_lft 1800".split(" "), address);

const addresses = async () => {
  const [link] = await lab.ip("-n", "red", "address", "show", "dev", "eth0");
  return (link?.addr_info ?? []).filter(({ scope }: { scope: string }) => scope === "global");
};

test.each(["10.0.0.9/24", "fd00::9/64"])(
  "an Address keeps %s, which the interface has for a lease",
  async (address) => {
    await lab.resource("Veth", "wire").up({ a: { name: "eth0", namespace: "red" }, b: { name: "other" } });
    await lease(address);
    const it = lab.resource("Address", "it");
    expect(await it.up({ namespace: "red", interface: "eth0", address })).toBe("create");
    const [kept, ...others] = await addresses();
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ local: address.split("/")[0], valid_life_time: 2 ** 32 - 1 });
    expect(kept.dynamic).toBe(undefined);
    expect(await it.refresh()).toEqual([]);
    await it.destroy();
    expect(await addresses()).toEqual([]);
  },
);

test("an Address that takes over the lease of an interface of others keeps it", async () => {
  await lab.run("ip", ..."-n red link add eth0 type veth peer name other".split(" "));
  await lease("10.0.0.9/24");
  const args = { namespace: "red", interface: "eth0", address: "10.0.0.9/24" };
  await expect(lab.resource("Address", "it").up(args)).rejects.toThrow("already exists");
  await lab.resource("Address", "it").up(args, { adopt: true });
  expect(await addresses()).toMatchObject([{ local: "10.0.0.9", valid_life_time: 2 ** 32 - 1 }]);
});
