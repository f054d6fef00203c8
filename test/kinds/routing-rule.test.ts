import fc from "fast-check";
import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { kernelRule } from "./routing-rule.sample.ts";

labForEachTest("red");

const rules = async (namespace = "red", family = "-4") =>
  (await lab.ip(...(namespace === "" ? [] : ["-n", namespace]), family, "rule", "show")).filter(
    ({ priority }) => ![0, 32_766, 32_767].includes(priority),
  );
const rule = (args: object = {}) => ({ namespace: "red", priority: 100, from: "192.168.15.0/24", table: 100, ...args });

test("a rule is created and deleted", async () => {
  const it = lab.resource("RoutingRule", "it");
  expect(await it.up(rule())).toBe("create");
  expect(await rules()).toEqual([{ priority: 100, src: "192.168.15.0", srclen: 24, table: "100", protocol: "201" }]);
  expect(await it.up(rule())).toBe("same");
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  await it.destroy();
  expect(await rules()).toEqual([]);
});

/** Adds a rule by hand. */
const byHand = (words: string) => lab.run("ip", ..."-n red rule add".split(" "), ...words.split(" "));

test.each(["", " protocol static"])(
  "an equal rule of others%s is in the way, and an adoption takes it over",
  async (protocol) => {
    await byHand(`priority 100 from 192.168.15.0/24 lookup 100${protocol}`);
    const it = lab.resource("RoutingRule", "it");
    await expect(it.up(rule())).rejects.toThrow(
      "the routing rule `priority 100 from 192.168.15.0/24 lookup 100` of the namespace red already exists and is not managed by pulumi-netns\n" +
        "  help: change the arguments of this resource, or delete the existing object, or take it over with adopt: true",
    );
    expect(await rules()).toHaveLength(1);
    expect(await it.up(rule(), { adopt: true })).toBe("create");
    expect(await rules()).toEqual([{ priority: 100, src: "192.168.15.0", srclen: 24, table: "100", protocol: "201" }]);
    expect(await it.refresh()).toEqual([]);

    await byHand(`priority 100 from 192.168.15.0/24 lookup 101${protocol}`);
    await expect(it.up(rule({ table: 101 }))).rejects.toThrow(/lookup 101` of the namespace red already exists/);
    await it.destroy();
    expect(await rules()).toMatchObject([{ table: "101" }]);
  },
);

test("a rule in whose place an equal one of others was put by hand is gone", async () => {
  const it = lab.resource("RoutingRule", "it");
  await it.up(rule());
  await lab.run("ip", "-n", "red", "rule", "flush", "protocol", "201");
  await byHand("priority 100 from 192.168.15.0/24 lookup 100");
  expect(await it.refresh()).toBe("gone");
  await expect(it.up(rule())).rejects.toThrow("already exists");
});

test("every argument changes with an update, and foreign rules remain", async () => {
  await byHand("priority 100 from 192.168.15.0/24 lookup 99");
  const it = lab.resource("RoutingRule", "it");
  await it.up(rule());
  for (const args of [
    { priority: 50 },
    { not: true },
    { to: "10.0.0.1" },
    { iif: "lo" },
    { oif: "nosuch" },
    { fwmark: 16 },
    { fwmark: 16, fwmask: 255 },
    { ipproto: "tcp", dport: "80-90" },
    { ipproto: "udp", sport: 53 },
    { uidrange: "0" },
    { type: "prohibit", table: undefined },
    { table: 254, suppressPrefixlength: 0 },
    { from: "fd00::/64" },
  ]) {
    expect(await it.up(rule(args))).toBe("update");
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(rule(args))).toBe("same");
    const all = [...(await rules()), ...(await rules("red", "-6"))];
    expect(all.filter(({ protocol }) => protocol === "201")).toHaveLength(1);
    expect(all).toHaveLength(2);
  }
  await it.destroy();
  expect(await rules()).toMatchObject([{ priority: 100, table: "99" }]);
});

test("a rule that was deleted by hand is created again", async () => {
  const it = lab.resource("RoutingRule", "it");
  await it.up(rule());
  await lab.run("ip", "-n", "red", "rule", "flush", "protocol", "201");
  expect(await it.refresh()).toBe("gone");
  expect(await it.up(rule())).toBe("create");
  await lab.run("ip", "-n", "red", "rule", "flush", "protocol", "201");
  expect(await it.up(rule({ table: 101 }))).toBe("update");
  expect(await rules()).toMatchObject([{ table: "101" }]);
});

test("on the lab host, a note records the stack of a rule, and other stacks are refused", async () => {
  const host = { priority: 100, from: "192.168.15.0/24", table: 100 };
  const [it, other] = [lab.resource("RoutingRule", "it"), lab.nextRun().resource("RoutingRule", "it", "prod")];
  await it.up(host);
  await expect(other.up(host)).rejects.toThrow("belongs to the stack test/dev");
  expect(await it.up({ ...host, table: 101 })).toBe("update");
  expect(await other.up(host)).toBe("create");
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  expect(await rules("")).toMatchObject([{ table: "100" }]);
  await other.destroy();
  await expectNothingLeft();
});

test("a rule left by a crash is adopted", async () => {
  await lab.resource("RoutingRule", "it").up(rule());
  const again = lab.nextRun().resource("RoutingRule", "it");
  expect(await again.up(rule())).toBe("create");
  expect(await rules()).toHaveLength(1);
});

//  red ─ a 10.0.1.1 ══ blue          from 10.0.1.1: table 100, by a
//      └ b 10.0.2.1 ══ blue          from 10.0.2.1: table 200, by b
test("two rules select the route of packets by their source", async () => {
  await lab.run("ip", "netns", "add", "blue");
  for (const [name, net] of [
    ["a", 1],
    ["b", 2],
  ] as const)
    await lab.resource("Veth", name).up({
      a: { name, namespace: "red", addresses: [`10.0.${net}.1/24`] },
      b: { name, namespace: "blue", addresses: [`10.0.${net}.2/24`] },
    });
  for (const [name, net] of [
    ["a", 1],
    ["b", 2],
  ] as const) {
    await lab
      .resource("Route", name)
      .up({ namespace: "red", destination: "default", via: `10.0.${net}.2`, table: net * 100 });
    await lab
      .resource("RoutingRule", name)
      .up({ namespace: "red", priority: 100, from: `10.0.${net}.1`, table: net * 100 });
  }
  for (const [name, net] of [
    ["a", 1],
    ["b", 2],
  ] as const)
    expect(await lab.ip("-n", "red", "route", "get", "192.0.2.1", "from", `10.0.${net}.1`)).toMatchObject([
      { dev: name, gateway: `10.0.${net}.2` },
    ]);
});

test("any rule is read back from the kernel without differences", async () => {
  const it = lab.resource("RoutingRule", "it");
  await fc.assert(
    fc.asyncProperty(kernelRule, async ({ namespace: _, uidrange, ...given }) => {
      // A sandbox has only the user id 0.
      const args = { ...given, ...(uidrange !== undefined && { uidrange: "0-0" }) };
      await it.up({ ...args, namespace: "red" });
      expect(await it.refresh()).toEqual([]);
      expect(await it.up({ ...args, namespace: "red" })).toBe("same");
    }),
    { numRuns: 60 },
  );
});

test.each([
  [{ table: undefined }, "table: missing: a rule requires the table to look up"],
  [{ type: "prohibit" }, 'type: "prohibit" rules look up no table'],
  [{ priority: 32_766 }, "it is greater than 32765"],
  [{ from: "192.168.15.1/24" }, "is a host address, but a network is required"],
  [{ from: "0.0.0.0/0" }, "matches every address; omit the argument"],
  [{ to: "fd00::1" }, "to: is of another family than from"],
  [{ dport: 80 }, 'dport: a port, here 80, requires a protocol with ports: set ipproto to "tcp", "udp" or "sctp"'],
  [{ ipproto: "tcp", dport: "80-65535" }, "includes port 65535, which the kernel does not accept"],
  [{ fwmask: 255 }, "requires the mark that it masks; set fwmark"],
  [{ uidrange: "9-1" }, "is not a user id or a range of user ids"],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("RoutingRule", "it").up(rule(args));
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});

test("a rule loses and gets back each of its selectors, also where the kernel takes the new rule for equal to the old one", async () => {
  const it = lab.resource("RoutingRule", "it");
  const whole = {
    namespace: "red",
    priority: 100,
    from: "10.0.0.0/8",
    fwmark: 7,
    iif: "lo",
    ipproto: "tcp",
    table: 901,
  };
  const shown = async () => (await lab.run("ip", "-n", "red", "rule", "show", "priority", "100")).trim();
  await it.up(whole);
  const before = await shown();
  for (const name of ["from", "fwmark", "iif", "ipproto"]) {
    expect(await it.up({ ...whole, [name]: undefined })).toBe("update");
    expect((await shown()).split("\n")).toHaveLength(1);
    expect(await shown()).not.toBe(before);
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(whole)).toBe("update");
    expect(await shown()).toBe(before);
  }
  expect(await it.up({ ...whole, not: true })).toBe("update");
  expect(await shown()).toContain("not from");
  await it.destroy();
  expect(await shown()).toBe("");
});

test("several equal rules of others are taken over in one run", async () => {
  // The lab host's rules are changed by one long-running `ip`.
  const all = [100, 101, 102, 103].map((priority) => ({ priority, from: "192.168.15.0/24", table: 100 }));
  for (const { priority } of all)
    await lab.run("ip", ...`rule add priority ${priority} from 192.168.15.0/24 lookup 100`.split(" "));
  const resources = all.map(({ priority }) => lab.resource("RoutingRule", `it-${priority}`));
  for (const [index, it] of resources.entries()) expect(await it.up(all[index]!, { adopt: true })).toBe("create");
  const left = (await lab.ip("-details", "rule", "show")).filter(({ table }: { table: string }) => table === "100");
  expect(left.map(({ protocol }: { protocol: string }) => protocol)).toEqual(all.map(() => "201"));
});
