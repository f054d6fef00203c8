import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const read = (key: string) => lab.run("sysctl", "-n", key);

test("a setting is applied, and a delete restores the previous value", async () => {
  const forwarding = lab.resource("Sysctl", "forwarding");
  const key = "net.ipv4.ip_forward";
  expect(await read(key)).toBe("0");
  expect(await forwarding.up({ key, value: "1" })).toBe("create");
  expect(await read(key)).toBe("1");
  expect(forwarding.outputs["previous"]).toBe("0");
  expect(await forwarding.up({ key, value: "1" })).toBe("same");
  expect(await forwarding.refresh()).toEqual([]);
  await forwarding.destroy();
  await forwarding.destroy();
  expect(await read(key)).toBe("0");
});

test("updates and refreshes keep the previous value", async () => {
  const ttl = lab.resource("Sysctl", "ttl");
  const key = "net.ipv4.ip_default_ttl";
  const before = await read(key);
  await ttl.up({ key, value: "10" });
  expect(await ttl.up({ key, value: "20" })).toBe("update");
  expect(await ttl.refresh()).toEqual([]);
  expect(await ttl.up({ key, value: "30" })).toBe("update");
  expect(await read(key)).toBe("30");
  await ttl.destroy();
  expect(await read(key)).toBe(before);
});

test("drift is reported and repaired", async () => {
  const forwarding = lab.resource("Sysctl", "forwarding");
  const args = { key: "net.ipv4.ip_forward", value: "1" };
  await forwarding.up(args);
  await lab.run("sysctl", "-qw", "net.ipv4.ip_forward=0");
  expect(await forwarding.refresh()).toEqual(["value"]);
  expect(await forwarding.up(args)).toBe("update");
  expect(await read("net.ipv4.ip_forward")).toBe("1");
});

test("values of several words, and keys of interfaces with a dot in their name, are applied in a namespace", async () => {
  await lab.run("ip", "netns", "add", "red");
  await lab.run("ip", "-n", "red", "link", "add", "name", "eth0.1", "type", "bridge");
  const [range, link] = [lab.resource("Sysctl", "range"), lab.resource("Sysctl", "link")];
  await range.up({ namespace: "red", key: "net.ipv4.ip_local_port_range", value: "40000   50000" });
  await link.up({ namespace: "red", key: "net/ipv4/conf/eth0.1/forwarding", value: "1" });
  expect(await lab.run("ip", "netns", "exec", "red", "cat", "/proc/sys/net/ipv4/ip_local_port_range")).toBe(
    "40000\t50000",
  );
  expect(await lab.run("ip", "netns", "exec", "red", "cat", "/proc/sys/net/ipv4/conf/eth0.1/forwarding")).toBe("1");
  expect(await read("net.ipv4.ip_local_port_range")).not.toBe("40000\t50000");
  for (const setting of [range, link]) {
    expect(await setting.refresh()).toEqual([]);
    await setting.destroy();
  }
  expect(await lab.run("ip", "netns", "exec", "red", "cat", "/proc/sys/net/ipv4/conf/eth0.1/forwarding")).toBe("0");
});

test.each([
  ["net.ipv4.ip_local_reserved_ports", "35357,8080,8081,8082", "0x8a1d,8082,8080-8081,", "8080-8082,35357"],
  ["net.ipv4.tcp_keepalive_time", "0x10", "020", "16"],
  ["net.ipv4.tcp_rmem", "4096\t 0x20000  6291456", "4096 131072 6291456", "4096\t131072\t6291456"],
])("another spelling of a value of %s is no change and no drift", async (key, value, other, prints) => {
  const setting = lab.resource("Sysctl", "setting");
  await setting.up({ key, value });
  expect(await read(key)).toBe(prints);
  expect(await setting.refresh()).toEqual([]);
  expect(await setting.up({ key, value })).toBe("same");
  expect(await setting.up({ key, value: prints })).toBe("same");
  expect(await setting.up({ key, value: other })).toBe("same");
});

test("a key that does not exist, and a value that the kernel rejects, are errors", async () => {
  await expect(lab.resource("Sysctl", "no").up({ key: "net.ipv4.no_such_key", value: "1" })).rejects.toThrow(
    /sysctl --write/,
  );
  await expect(lab.resource("Sysctl", "bad").up({ key: "net.ipv4.ip_default_ttl", value: "0" })).rejects.toThrow(
    /Invalid argument/,
  );
  // Some versions of sysctl exit with 0 after this error.
  await expect(
    lab.resource("Sysctl", "low").up({ key: "net.ipv4.igmp_max_memberships", value: "99999999999" }),
  ).rejects.toThrow(/failed/);
});

test("the last of several stacks with one key restores the previous value", async () => {
  const args = { key: "net.ipv4.ip_forward", value: "1" };
  const stacks = ["a", "b", "c"].map((stack) => lab.nextRun().resource("Sysctl", "forwarding", stack));
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ]) {
    for (const setting of stacks) await setting.up(args);
    for (const [step, index] of order.entries()) {
      await stacks[index]?.destroy();
      expect(await read(args.key)).toBe(step === 2 ? "0" : "1");
    }
  }
  expect((await lab.ip("link", "show", "dev", "lo"))[0]).not.toHaveProperty("altnames");
});

test("the previous value is restored also after a crash that left no state", async () => {
  const args = { key: "net.ipv4.ip_forward", value: "1" };
  await lab.resource("Sysctl", "forwarding").up(args);
  const again = lab.nextRun().resource("Sysctl", "forwarding");
  expect(await again.up(args)).toBe("create");
  expect(again.outputs["previous"]).toBe("0");
  await again.destroy();
  expect(await read(args.key)).toBe("0");
});

test("a setting in a deleted namespace is gone", async () => {
  await lab.run("ip", "netns", "add", "red");
  const forwarding = lab.resource("Sysctl", "forwarding");
  await forwarding.up({ namespace: "red", key: "net.ipv4.ip_forward", value: "1" });
  await lab.run("ip", "netns", "delete", "red");
  expect(await forwarding.refresh()).toBe("gone");
});

test("the last stack with a switch restores the settings that the kernel wrote with it", async () => {
  await lab.run("ip", "link", "add", "name", "eth0", "type", "bridge");
  await lab.run("ip", "link", "add", "name", "eth1", "type", "bridge");
  const beside = ["conf.eth0.forwarding", "conf.eth1.forwarding", "conf.all.accept_redirects"];
  const all = async () => Promise.all(beside.map((key) => read(`net.ipv4.${key}`)));
  await lab.run("sysctl", "-qw", "net.ipv4.conf.eth0.forwarding=1", "net.ipv4.conf.all.accept_redirects=0");
  const before = await all();
  expect(before).toEqual(["1", "0", "0"]);

  const one = lab.resource("Sysctl", "forwarding", "dev");
  const other = lab.nextRun().resource("Sysctl", "forwarding", "prod");
  const own = lab.resource("Sysctl", "own");
  await one.up({ key: "net.ipv4.ip_forward", value: "1" });
  await other.up({ key: "net.ipv4.conf.all.forwarding", value: "1" });
  await own.up({ key: "net.ipv4.conf.{interface}.forwarding", interface: "eth1", value: "0" });
  expect(await all()).toEqual(["1", "0", "0"]);
  await one.destroy();
  expect(await all()).toEqual(["1", "0", "0"]);
  await own.destroy();
  expect(await all()).toEqual(["1", "1", "0"]);
  // A change by hand of the switch also changes the other settings.
  await lab.run("sysctl", "-qw", "net.ipv4.ip_forward=0");
  expect(await all()).toEqual(["0", "0", "1"]);
  await other.destroy();
  expect([await read("net.ipv4.ip_forward"), await all()]).toEqual(["0", before]);
  const [{ altnames = [] }] = await lab.ip("link", "show", "dev", "lo");
  expect(altnames).toEqual([]);
});
