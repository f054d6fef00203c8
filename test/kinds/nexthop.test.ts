import { beforeEach, expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { openLocalStack } from "../support/local-stack.ts";

//  red ─ va 10.0.0.1, fd00::1 ══ blue 10.0.0.2, fd00::2
labForEachTest("red", "blue");
beforeEach(() =>
  lab.resource("Veth", "wire").up({
    a: { name: "va", namespace: "red", addresses: ["10.0.0.1/24", "fd00::1/64"] },
    b: { name: "vb", namespace: "blue", addresses: ["10.0.0.2/24", "fd00::2/64"] },
  }),
);

const show = async (nhid: number) =>
  (await lab.ip("-n", "red", "nexthop", "show")).find(({ id }: { id: number }) => id === nhid);

test("a next hop changes in place, except to IPv4 and to a blackhole, which routes and groups may refuse", async () => {
  // In the kernel, the device of a blackhole is the loopback interface.
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "up");
  const it = lab.resource("Nexthop", "it");
  const common = { namespace: "red", nhid: 10 };
  const steps: [args: object, shown: object, op?: string][] = [
    [
      { via: "10.0.0.2", interface: "va" },
      { gateway: "10.0.0.2", dev: "va", protocol: "201" },
    ],
    [
      { via: "fd00::2", interface: "va" },
      { gateway: "fd00::2", dev: "va" },
    ],
    [{ via: "10.9.9.9", interface: "va", onlink: true }, { gateway: "10.9.9.9", flags: ["onlink"] }, "replace"],
    [{ interface: "va" }, { dev: "va", scope: "host" }],
    [
      { interface: "va", family: "inet6" },
      { dev: "va", scope: "link" },
    ],
    [{ blackhole: true }, { blackhole: null }, "replace"],
    [{ via: "10.0.0.3", interface: "va" }, { gateway: "10.0.0.3" }],
  ];
  for (const [index, [args, shown, op = "update"]] of steps.entries()) {
    expect(await it.up({ ...common, ...args })).toBe(index === 0 ? "create" : op);
    expect(await show(10)).toMatchObject(shown);
    expect(await it.refresh()).toEqual([]);
    expect(await it.up({ ...common, ...args })).toBe("same");
  }
  await lab.run("ip", "-n", "red", "nexthop", "replace", "id", "10", "via", "10.0.0.7", "dev", "va", "protocol", "201");
  expect(await it.refresh()).toEqual(["via"]);
  expect(await it.up({ ...common, via: "10.0.0.3", interface: "va" })).toBe("update");
  await lab.run("ip", "-n", "red", "nexthop", "delete", "id", "10");
  expect(await it.refresh()).toBe("gone");
  expect(await it.up({ ...common, via: "10.0.0.3", interface: "va" })).toBe("create");
  await it.destroy();
  await it.destroy();
  expect(await show(10)).toBe(undefined);
});

test("a next hop becomes one of IPv4 or a blackhole in the run in which its routes and groups leave it", async () => {
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "up");
  const stack = openLocalStack(lab, "leaving");
  // The link is not the program's: with one of the program, the next hop would be replaced because it leaves the link.
  const program = (args: string, ...users: readonly string[]) =>
    stack.program(`
      import { Nexthop, Route } from "pulumi-netns";
      const [namespace, link] = ["red", "va"];
      const other = new Nexthop("other", { namespace, nhid: 11, via: "fd00::3", interface: link });
      const changed = new Nexthop("changed", { namespace, nhid: 10, ${args} });
      ${users.join("\n")}
    `);
  const way = (hop: string) => `new Route("way", { namespace, destination: "fd07::/64", nexthop: ${hop} });`;
  const group = (...hops: readonly string[]) =>
    `new Nexthop("group", { namespace, nhid: 20, group: [${hops.map((hop) => `{ nexthop: ${hop} }`).join(", ")}] });`;
  program(`via: "fd00::2", interface: link`, way("changed"));
  await stack.up();
  program(`via: "10.0.0.2", interface: link`, way("other"), group("changed", "other"));
  expect(await stack.up()).toEqual(["create Nexthop group", "replace Nexthop changed", "replace Route way"]);
  expect(await stack.refresh()).toEqual([]);
  program("blackhole: true", way("other"), group("other"));
  expect(await stack.up()).toEqual(["replace Nexthop changed", "replace Nexthop group"]);
  expect(await stack.refresh()).toEqual([]);
  expect(await lab.ip("-n", "red", "-6", "route", "show", "fd07::/64")).toMatchObject([{ nhid: 11 }]);
  await stack.destroy();
});

test("a group changes its members and weights in place, and its routes use them", async () => {
  const hop = async (name: string, nhid: number, via: string) =>
    lab.resource("Nexthop", name).up({ namespace: "red", nhid, via, interface: "va" });
  await hop("one", 10, "10.0.0.2");
  await hop("two", 11, "10.0.0.3");
  const [group, route] = [lab.resource("Nexthop", "both"), lab.resource("Route", "out")];
  const both = { namespace: "red", nhid: 20, group: [{ nhid: 10, weight: 3 }, { nhid: 11 }] };
  expect(await group.up(both)).toBe("create");
  expect((await show(20)).group).toEqual([{ id: 10, weight: 3 }, { id: 11 }]);
  expect(await group.refresh()).toEqual([]);
  const out = { namespace: "red", destination: "10.7.0.0/16", nhid: 20 };
  expect(await route.up(out)).toBe("create");
  expect(await route.refresh()).toEqual([]);
  expect(await route.up(out)).toBe("same");
  expect(await group.up({ ...both, group: [{ nhid: 11, weight: 256 }] })).toBe("update");
  const [shown] = await lab.ip("-n", "red", "route", "show", "10.7.0.0/16");
  expect(shown).toMatchObject({ nhid: 20, gateway: "10.0.0.3" });
  expect(await route.refresh()).toEqual([]);
  expect(await route.up({ ...out, nhid: 10 })).toBe("update");
  expect(await route.up({ namespace: "red", destination: "10.7.0.0/16", via: "10.0.0.2" })).toBe("update");
  expect(await route.refresh()).toEqual([]);
  await route.up(out);
  await route.destroy();
  await group.destroy();
  expect(await lab.ip("-n", "red", "route", "show", "10.7.0.0/16")).toEqual([]);
});

test("a foreign next hop with the same id is refused, and is not changed", async () => {
  await lab.run("ip", "-n", "red", "nexthop", "add", "id", "10", "via", "10.0.0.2", "dev", "va");
  const it = lab.resource("Nexthop", "it");
  await expect(it.up({ namespace: "red", nhid: 10, via: "10.0.0.3", interface: "va" })).rejects.toThrow(
    /already exists/,
  );
  expect(await show(10)).toMatchObject({ gateway: "10.0.0.2" });
});

test("a next hop is replaced together with the groups and routes that the kernel deletes with it", async () => {
  const stack = openLocalStack(lab, "hops");
  const program = (left: string, group: string) =>
    stack.program(`
      import { Namespace, Nexthop, Route, Veth } from "pulumi-netns";
      const [east, west] = [new Namespace("east"), new Namespace("west")];
      const wire = new Veth("cable", {
        a: { name: "e0", namespace: east, addresses: ["10.1.0.1/24"] },
        b: { name: "w0", namespace: west, addresses: ["10.1.0.2/24"] },
      });
      const left = new Nexthop("left", { ${left}, interface: wire.a });
      const right = new Nexthop("right", { nhid: 11, via: "10.1.0.3", interface: wire.a });
      const both = new Nexthop("both", { namespace: east, nhid: 20, group: ${group} });
      new Route("out", { namespace: east, destination: "10.7.0.0/16", nexthop: both });
    `);
  const group = "[{ nexthop: left, weight: 2 }, { nexthop: right }]";
  program(`nhid: 10, via: "10.1.0.2"`, group);
  await stack.up();
  const route = async () => (await lab.ip("-n", "east", "route", "show", "10.7.0.0/16"))[0];
  expect(await route()).toMatchObject({
    nhid: 20,
    nexthops: [{ gateway: "10.1.0.2", weight: 2 }, { gateway: "10.1.0.3" }],
  });

  program(`nhid: 10, via: "10.1.0.9"`, group);
  expect(await stack.up()).toEqual(["update Nexthop left"]);
  expect((await route()).nexthops[0]).toMatchObject({ gateway: "10.1.0.9" });

  program(`nhid: 12, via: "10.1.0.9"`, group);
  expect(await stack.up()).toEqual(["replace Nexthop both", "replace Nexthop left", "replace Route out"]);
  expect(await stack.refresh()).toEqual([]);

  // The kernel deletes next hops and their routes when the interface loses its carrier.
  await lab.run("ip", "-n", "west", "link", "set", "dev", "w0", "down");
  await expect.poll(route).toBe(undefined);
  await stack.refresh();
  await stack.up();
  expect(await stack.refresh()).toEqual([]);
  expect(await route()).toMatchObject({ nhid: 20 });
  await stack.destroy();
  expect(await lab.run("ip", "netns", "list")).not.toContain("east");
});

test("a next hop takes the number of one that the kernel cannot turn into it", async () => {
  const stack = openLocalStack(lab, "numbers");
  const program = (...hops: readonly string[]) =>
    stack.program(`
      import { Namespace, Nexthop, Route, Veth } from "pulumi-netns";
      const [namespace, west] = [new Namespace("east"), new Namespace("west")];
      const { a } = new Veth("cable", {
        a: { name: "e0", namespace, addresses: ["10.1.0.1/24", "fd01::1/64"] },
        b: { name: "w0", namespace: west },
      });
      const four = (nhid) => ({ nhid, via: "10.1.0.2", interface: a });
      const six = (nhid) => ({ nhid, via: "fd01::2", interface: a });
      const group = (nhid, ...members) => ({ namespace, nhid, group: members.map((nexthop) => ({ nexthop })) });
      ${hops.join("\n")}
    `);
  const hop = (name: string, args: string) => `const ${name} = new Nexthop("${name}", ${args});`;
  const way = `new Route("way", { namespace, destination: "fd07::/64", nexthop: six1 });`;
  const road = (hop: string) => `new Route("road", { namespace, destination: "10.7.0.0/16", nexthop: ${hop} });`;
  const shown = async () =>
    (await lab.ip("-n", "east", "nexthop", "show")).map(({ id, gateway, group, blackhole }) => [
      id,
      gateway ?? group ?? blackhole,
    ]);

  program(hop("four1", "four(10)"), hop("six1", "six(11)"), hop("both", "group(20, four1, six1)"), way);
  await stack.up();
  program(hop("four1", "four(20)"), hop("six1", "six(11)"), hop("both", "group(10, four1, six1)"), way);
  await stack.up();
  expect(await shown()).toEqual([
    [10, [{ id: 20 }, { id: 11 }]],
    [11, "fd01::2"],
    [20, "10.1.0.2"],
  ]);
  program(hop("four1", "four(11)"), hop("six2", "six(12)"), hop("both", "group(10, four1)"), road("both"));
  await stack.up();
  expect(await shown()).toEqual([
    [10, [{ id: 11 }]],
    [11, "10.1.0.2"],
    [12, "fd01::2"],
  ]);
  program(hop("four1", "four(11)"), hop("six2", "six(10)"), road("six2"));
  await stack.up();
  expect(await stack.refresh()).toEqual([]);
  expect(await lab.ip("-n", "east", "route", "show", "10.7.0.0/16")).toMatchObject([{ nhid: 10 }]);
  program(hop("four1", "four(11)"), hop("six2", "six(12)"), hop("both", "group(10, four1, six2)"));
  await stack.up();
  program(
    hop("none", "{ namespace, nhid: 11, blackhole: true }"),
    hop("six2", "six(12)"),
    hop("both", "group(10, six2)"),
  );
  await stack.up();
  expect(await stack.refresh()).toEqual([]);
  expect(await shown()).toEqual([
    [10, [{ id: 12 }]],
    [11, null],
    [12, "fd01::2"],
  ]);
  await stack.destroy();
});
