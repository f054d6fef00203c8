import { beforeEach, describe, expect, test } from "vitest";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest();
beforeEach(() => wireRed());

interface Shown {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  readonly protocol?: string;
}

const shown = async (): Promise<Shown[]> => {
  const [link] = await lab.ip("-n", "red", "address", "show", "dev", "eth0");
  return (link.addr_info as Shown[]).filter(({ local }) => !local.startsWith("fe80:"));
};
const addresses = async () => (await shown()).map(({ local, prefixlen }) => `${local}/${prefixlen}`);

describe.each([
  ["IPv4", "192.168.15.1/24", "192.168.15.7/24"],
  ["IPv6", "fd00:15::1/64", "fd00:15::7/64"],
])("an %s address", (_family, first, second) => {
  const args = { interface: "eth0", namespace: "red", address: first };

  test("is created and deleted", async () => {
    const address = lab.resource("Address", "ip");
    expect(await address.up(args)).toBe("create");
    expect(address.id).toBe(`red/eth0/${first}`);
    expect(await addresses()).toEqual([first]);
    expect(await address.up(args)).toBe("same");
    expect(await address.refresh()).toEqual([]);
    await address.destroy();
    await address.destroy();
    expect(await addresses()).toEqual([]);
  });

  test("answers a ping right after its creation", async () => {
    await lab.resource("Address", "ip").up(args);
    await pingOnce(lab, "red", first.split("/")[0] ?? "");
  });

  test("is replaced when it changes", async () => {
    const address = lab.resource("Address", "ip");
    await address.up(args);
    expect(await address.up({ ...args, address: second })).toBe("replace");
    expect(await addresses()).toEqual([second]);
  });

  test("is reported as gone after a deletion by hand, and is created again", async () => {
    const address = lab.resource("Address", "ip");
    await address.up(args);
    await lab.run("ip", "-n", "red", "address", "delete", first, "dev", "eth0");
    expect(await address.refresh()).toBe("gone");
    expect(await address.up(args)).toBe("create");
    expect(await addresses()).toEqual([first]);
  });

  test("that a crash left on a link of the stack is adopted", async () => {
    await lab.resource("Address", "ip").up(args);
    expect(await lab.nextRun().resource("Address", "ip").up(args)).toBe("create");
    expect(await addresses()).toEqual([first]);
  });
});

test("an IPv4 address may have a broadcast address and a scope", async () => {
  const address = lab.resource("Address", "ip");
  const args = { interface: "eth0", namespace: "red", address: "10.1.0.1/24" };
  await address.up({ ...args, broadcast: "10.1.0.255", scope: "link" });
  expect(await shown()).toMatchObject([{ local: "10.1.0.1", broadcast: "10.1.0.255", scope: "link" }]);
  expect(await address.refresh()).toEqual([]);
  expect(await address.up(args)).toBe("replace");
  expect(await shown()).toMatchObject([{ local: "10.1.0.1", scope: "global" }]);
  expect((await shown())[0]).not.toHaveProperty("broadcast");
});

test.each([
  ["IPv4", "10.0.0.1/32", "10.0.0.2"],
  ["IPv6", "fd00::1/128", "fd00::2"],
])("an %s address may have a peer address", async (_family, address, peer) => {
  const resource = lab.resource("Address", "ip");
  await resource.up({ interface: "eth0", namespace: "red", address, peer });
  expect(await shown()).toMatchObject([{ local: address.split("/")[0], address: peer }]);
  expect(await resource.refresh()).toEqual([]);
  await resource.destroy();
  expect(await shown()).toEqual([]);
});

test("drift of the broadcast address is reported and repaired", async () => {
  const address = lab.resource("Address", "ip");
  const args = { interface: "eth0", namespace: "red", address: "10.1.0.1/24" };
  await address.up(args);
  await lab.run("ip", "-n", "red", "address", "delete", "10.1.0.1/24", "dev", "eth0");
  await lab.run("ip", "-n", "red", "address", "add", "10.1.0.1/24", "broadcast", "+", "dev", "eth0");
  expect(await address.refresh()).toEqual(["broadcast"]);
  expect(await address.up(args)).toBe("replace");
  expect((await shown())[0]).not.toHaveProperty("broadcast");
});

test("a delete of the first address of a network keeps the other addresses of the network", async () => {
  await lab.run("ip", "netns", "exec", "red", "sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=0");
  const all = ["10.1.0.1/24", "10.1.0.2/24", "10.1.0.3/24", "10.2.0.1/24"];
  const resources = [];
  for (const address of all) {
    const resource = lab.resource("Address", address);
    await resource.up({ interface: "eth0", namespace: "red", address, broadcast: "10.1.0.255" });
    resources.push(resource);
  }
  await resources[0]?.destroy();
  expect((await addresses()).sort()).toEqual(all.slice(1));
  for (const resource of resources.slice(1)) expect(await resource.refresh()).toEqual([]);
});

test("a foreign address on a foreign link is refused", async () => {
  await lab.run("ip", "link", "add", "name", "uplink", "type", "bridge");
  await lab.run("ip", "address", "add", "10.9.0.1/24", "dev", "uplink");
  const address = lab.resource("Address", "ip");
  await expect(address.up({ interface: "uplink", address: "10.9.0.1/24" })).rejects.toThrow(
    /Address uplink\/10.9.0.1\/24 already exists/,
  );
  expect(await address.up({ interface: "uplink", address: "10.9.0.2/24" })).toBe("create");
  await address.destroy();
  const [link] = await lab.ip("-4", "address", "show", "dev", "uplink");
  expect(link.addr_info).toMatchObject([{ local: "10.9.0.1" }]);
});

test("the error about an interface that does not exist names it", async () => {
  await expect(
    lab.resource("Address", "ip").up({ interface: "eth9", namespace: "red", address: "10.1.0.1/24" }),
  ).rejects.toThrow(/ip -n red address add 10.1.0.1\/24 dev eth9\n {2}failed: Cannot find device "eth9"/);
});
