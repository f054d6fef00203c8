import { describe, expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce, pings } from "../support/ping.ts";

labForEachTest("red", "blue");

/** All settings of a bridge port, each with another value than a new port's, and as the kernel shows them. */
const SETTINGS = {
  ...{ isolated: true, hairpin: true, learning: false, flood: false, mcastFlood: false, bcastFlood: false },
  ...{ neighSuppress: true, guard: true, rootBlock: true, locked: true, vlanTunnel: true, cost: 9, priority: 6 },
  groupFwdMask: 4,
};
const SHOWN = {
  ...{ isolated: true, hairpin: true, learning: false, flood: false, mcast_flood: false, bcast_flood: false },
  ...{ neigh_suppress: true, guard: true, root_block: true, locked: true, vlan_tunnel: true, cost: 9, priority: 6 },
  group_fwd_mask: "0x4",
};
const NEW = {
  ...{ isolated: false, hairpin: false, learning: true, flood: true, mcast_flood: true, bcast_flood: true },
  ...{ neigh_suppress: false, guard: false, root_block: false, locked: false, vlan_tunnel: false },
  group_fwd_mask: "0",
};

const bridge = (name = "br0") => lab.resource("Bridge", name).up({ name });
const wire = (port?: object, more: object = { master: "br0" }) => ({
  a: { name: "eth0", namespace: "red" },
  b: { name: "port", ...more, ...(port && { port }) },
});
const seen = async (name = "port") =>
  (await lab.ip("-details", "link", "show", "dev", name))[0].linkinfo.info_slave_data;
const set = (...words: string[]) => lab.run("ip", "link", "set", "dev", "port", ...words);

test("a port is created with its settings, and each gets its default when the program omits it", async () => {
  await bridge();
  const it = lab.resource("Veth", "wire");
  expect(await it.up(wire(SETTINGS))).toBe("create");
  expect(await seen()).toMatchObject(SHOWN);
  expect(await it.up(wire(SETTINGS))).toBe("same");
  expect(await it.refresh()).toEqual([]);

  expect(await it.up(wire({ hairpin: true }))).toBe("update");
  expect(await seen()).toMatchObject({ ...NEW, hairpin: true });
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(wire())).toBe("update");
  expect(await seen()).toMatchObject(NEW);
  expect(await it.refresh()).toEqual([]);

  await it.destroy();
  await lab.nextRun().run("ip", "link", "delete", "dev", "br0");
  await expectNothingLeft();
});

test("the settings are applied again whenever the port joins a bridge", async () => {
  await bridge();
  await bridge("br1");
  const it = lab.resource("Veth", "wire");
  await it.up(wire({ isolated: true }));
  // The port moves to another bridge, to none, and back to the first one.
  expect(await it.up(wire({ isolated: true }, { master: "br1" }))).toBe("update");
  expect(await seen()).toMatchObject({ isolated: true });
  expect(await it.up(wire(undefined, {}))).toBe("update");
  expect(await it.up(wire({ isolated: true }))).toBe("update");
  expect(await seen()).toMatchObject({ isolated: true });
  // The port leaves the bridge and joins it by hand, and loses its settings.
  await set("nomaster");
  expect(await it.refresh()).toEqual(["b.master", "b.port"]);
  await set("master", "br0");
  expect(await it.up(wire({ isolated: true }))).toBe("update");
  expect(await seen()).toMatchObject({ isolated: true });
  expect(await it.refresh()).toEqual([]);
});

test.each<[string, string[], string[]]>([
  ["isolated", ["isolated", "off"], ["b.port.isolated"]],
  ["several at once", ["mcast_flood", "off", "hairpin", "on"], ["b.port.hairpin", "b.port.mcastFlood"]],
  ["cost", ["cost", "77"], ["b.port.cost"]],
  ["a setting that the program leaves to the kernel", ["priority", "7"], []],
])("after a manual change of %s, an up restores the settings of the program", async (_what, words, properties) => {
  await bridge();
  const it = lab.resource("Veth", "wire");
  const args = wire({ isolated: true, cost: 9 });
  await it.up(args);
  await set("type", "bridge_slave", ...words);
  expect(await it.refresh()).toEqual(properties);
  expect(await it.up(args)).toBe(properties.length === 0 ? "same" : "update");
  expect(await seen()).toMatchObject({ ...NEW, isolated: true, cost: 9 });
  expect(await it.refresh()).toEqual([]);
});

test("a setting by hand on a port without settings is drift, except its cost", async () => {
  await bridge();
  const it = lab.resource("Veth", "wire");
  await it.up(wire());
  await set("type", "bridge_slave", "cost", "77");
  expect(await it.refresh()).toEqual([]);
  await set("type", "bridge_slave", "isolated", "on");
  expect(await it.refresh()).toEqual(["b.port"]);
  expect(await it.up(wire())).toBe("update");
  expect(await seen()).toMatchObject({ ...NEW, cost: 77 });
});

test("a Vxlan joins a bridge with its settings, and joins it again after the bridge was replaced by hand", async () => {
  await bridge();
  const tunnel = lab.resource("Vxlan", "tunnel");
  const args = { name: "vx0", vni: 42, master: "br0", port: { neighSuppress: true, learning: false } };
  expect(await tunnel.up(args)).toBe("create");
  expect(await seen("vx0")).toMatchObject({ ...NEW, neigh_suppress: true, learning: false });
  expect(await tunnel.refresh()).toEqual([]);
  await lab.run("ip", "link", "delete", "dev", "br0");
  await lab.run("ip", "link", "add", "name", "br0", "type", "bridge");
  expect(await tunnel.refresh()).toEqual(["master", "port"]);
  expect(await tunnel.up(args)).toBe("update");
  expect(await seen("vx0")).toMatchObject({ ...NEW, neigh_suppress: true, learning: false });
});

//   red ─┐
//        ├─ br0 10.0.0.1     red and blue do not reach each other
//   blue ┘
test("isolated ports do not reach each other, and each reaches the bridge", async () => {
  await lab.resource("Bridge", "lan").up({ name: "br0", addresses: ["10.0.0.1/24"] });
  const ends = { red: lab.resource("Veth", "red"), blue: lab.resource("Veth", "blue") };
  const up = (isolated: boolean) =>
    Promise.all(
      Object.entries(ends).map(([namespace, end], index) =>
        end.up({
          a: { name: "eth0", namespace, addresses: [`10.0.0.${index + 2}/24`] },
          b: { name: `to-${namespace}`, master: "br0", port: { isolated } },
        }),
      ),
    );
  await up(true);
  await pingOnce(lab, "red", "10.0.0.1");
  expect(await pings(lab, "red", "10.0.0.3")).toBe(false);
  expect(await up(false)).toEqual(["update", "update"]);
  // After an ARP request without an answer, the kernel may delay the next one.
  await expect.poll(() => pings(lab, "red", "10.0.0.3"), { timeout: 5000 }).toBe(true);
  await pingOnce(lab, "red", "10.0.0.1");
});

describe("is refused before anything is done:", () => {
  test.each([
    [wire({ isolated: true }, {}), /^b\.master: missing: port requires the bridge/],
    [wire({ isolated: "yes" }), /^b\.port\.isolated: "yes" is not true or false/],
    [wire({ cost: 0 }), /^b\.port\.cost: 0 is not a path cost: /],
    [
      wire({ groupFwdMask: 6 }),
      /^b\.port\.groupFwdMask: 6 is not a mask of group addresses: it has the bits 0x2\. The kernel/,
    ],
    [wire({ priority: 64 }), /^b\.port\.priority: 64 is not a port priority: /],
    [wire({ colour: "red" }), /^b\.port\.colour: unknown argument; expected one of: isolated, /],
    [
      wire(4790 as unknown as object),
      /^b\.port: 4790 is not an object with .*\n {2}help: .* the UDP port of a Vxlan or Geneve is dstport/,
    ],
    [wire([] as object), /^b\.port: \[\] is not an object with isolated, /],
  ])("%j", async (args, why) => {
    await bridge();
    const refused = lab.resource("Veth", "wire").up(args);
    await expect(refused).rejects.toThrow(CheckError);
    await expect(refused).rejects.toThrow(why);
  });
});
