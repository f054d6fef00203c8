// @kernel vnifilter
import { describe, expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { show } from "../support/vxlan-ends.ts";

labForEachTest("red", "blue");

const external = (more: object = {}) => ({ name: "vx0", namespace: "red", external: true, ...more });
const filtering = (vnis?: unknown, more: object = {}) => external({ vnifilter: true, vnis, ...more });
const vnis = async (name = "vx0") =>
  JSON.parse(await lab.run("bridge", "-n", "red", "-json", "vni", "show", "dev", name)).flatMap(
    (shown: { vnis: object[] }) => shown.vnis,
  );

test("an external tunnel is created, updated and deleted, and a change of external or vnifilter replaces it", async () => {
  const it = lab.resource("Vxlan", "it");
  expect(await it.up(external())).toBe("create");
  const { linkinfo, flags } = await show();
  expect(linkinfo.info_data).toMatchObject({ external: true, id: 0, port: 4789, learning: true });
  expect(flags).toContain("UP");
  expect(await it.up(external())).toBe("same");
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(external({ learning: false, local: "10.0.0.1" }))).toBe("replace");
  expect(await it.up(external({ learning: false, local: "10.0.0.1", ageing: 60, ttl: 9 }))).toBe("update");
  expect((await show()).linkinfo.info_data).toMatchObject({ learning: false, ageing: 60, ttl: 9 });
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(filtering())).toBe("replace");
  expect((await show()).linkinfo.info_data).toMatchObject({ external: true, vnifilter: true });
  expect(await vnis()).toEqual([]);
  expect(await it.refresh()).toEqual([]);
  expect(await it.up({ name: "vx0", namespace: "red", vni: 42 })).toBe("replace");
  expect((await show()).linkinfo.info_data).not.toHaveProperty("external");
  expect(await it.up(external())).toBe("replace");
  await it.destroy();
  await expectNothingLeft();
});

test("a tunnel has exactly the identifiers in its list, which changes in place and is repaired after drift", async () => {
  await lab.run("ip", "-n", "red", ..."link add eth0 up type veth".split(" "));
  const it = lab.resource("Vxlan", "it");
  const first = filtering(["100-200", 10, "201", "300 remote 10.0.0.2"], { dev: "eth0" });
  expect(await it.up(first)).toBe("create");
  expect(it.outputs["vnis"]).toEqual(["10", "100-201", "300 remote 10.0.0.2"]);
  const made = [{ vni: 10 }, { vni: 100, vniEnd: 201 }, { vni: 300, remote: "10.0.0.2" }];
  expect(await vnis()).toEqual(made);
  expect(await it.up(first)).toBe("same");
  expect(await it.refresh()).toEqual([]);

  const bridge = (words: string) => lab.run("bridge", "-n", "red", ...words.split(" "));
  for (const vni of [10, 120, 300])
    await bridge(`fdb add 02:00:00:00:00:02 dev vx0 dst 10.0.0.2 self dynamic src_vni ${vni}`);
  const second = filtering([10, "150-250", "300 group 239.1.1.1", "301 remote 10.0.0.3"], { dev: "eth0" });
  const { ifindex } = await show();
  expect(await it.up(second)).toBe("update");
  const changed = [
    ...[{ vni: 10 }, { vni: 150, vniEnd: 250 }],
    ...[
      { vni: 300, group: "239.1.1.1" },
      { vni: 301, remote: "10.0.0.3" },
    ],
  ];
  expect(await vnis()).toEqual(changed);
  expect((await show()).ifindex).toBe(ifindex);
  // No remote end of the former list is left, nor a station that was learned behind one.
  const entries = JSON.parse(await lab.run("bridge", "-n", "red", "-json", "fdb", "show", "dev", "vx0"));
  expect(entries.map(({ dst, src_vni: vni }: { dst: string; src_vni: number }) => `${vni} ${dst}`).sort()).toEqual([
    ...["10 10.0.0.2", "300 239.1.1.1", "301 10.0.0.3"],
  ]);
  expect(await it.refresh()).toEqual([]);

  for (const change of ["add dev vx0 vni 7", "add dev vx0 vni 301 remote 10.0.0.9", "delete dev vx0 vni 160-170"]) {
    await lab.run("bridge", "-n", "red", "vni", ...change.split(" "));
    expect(await it.refresh()).toEqual(["vnis"]);
    expect(await it.up(second)).toBe("update");
    expect(await vnis()).toEqual(changed);
    expect(await it.refresh()).toEqual([]);
  }
  expect(await it.up(filtering([], { dev: "eth0" }))).toBe("update");
  expect(await vnis()).toEqual([]);
  expect(await it.refresh()).toEqual([]);
});

test("the identifiers have the remote end of the tunnel, and change with it in place", async () => {
  const it = lab.resource("Vxlan", "it");
  await it.up(filtering([10], { remote: "10.0.0.2" }));
  const { ifindex } = await show();
  expect(await it.up(filtering([10, 11], { remote: "10.0.0.3" }))).toBe("update");
  const entries = JSON.parse(await lab.run("bridge", "-n", "red", "-json", "fdb", "show", "dev", "vx0"));
  const ofVnis = entries.flatMap(({ dst, src_vni: vni }: { dst: string; src_vni?: number }) =>
    vni === undefined ? [] : [`${vni} ${dst}`],
  );
  expect(ofVnis.sort()).toEqual(["10 10.0.0.3", "11 10.0.0.3"]);
  expect((await show()).ifindex).toBe(ifindex);
  expect(await it.refresh()).toEqual([]);
});

describe("on one port of an underlay", () => {
  const of = (name: string, args: object) => lab.resource("Vxlan", name).up({ namespace: "red", name, ...args });
  const socket = /^(external|dstport): Vxlan one and Vxlan other declare the same VXLAN socket on udp port red\/4789/;

  test.each([
    [{ external: true }, { vni: 42 }, socket],
    [{ vni: 42 }, { external: true }, socket],
    [{ vni: 42, local: "fd00::1" }, { external: true, vnifilter: true }, socket],
    [{ external: true }, { external: true, vnifilter: true }, socket],
    [{ external: true }, { external: true, local: "fd00::1" }, /declare the same external VXLAN on udp port red\/4789/],
    [
      { external: true, vnifilter: true, vnis: [10, "20-30"] },
      { external: true, vnifilter: true, vnis: ["25-35"] },
      /^vnis: Vxlan one and Vxlan other declare the same VXLAN identifier 25 on udp port red\/4789/,
    ],
  ])("%j and %j are refused at preview", async (one, other, why) => {
    await of("one", one);
    const refused = of("other", other);
    await expect(refused).rejects.toThrow(CheckError);
    await expect(refused).rejects.toThrow(why);
    await of("elsewhere", { ...other, dstport: 4790 });
  });

  test("two tunnels carry different identifiers", async () => {
    await of("one", { external: true, vnifilter: true, vnis: [10] });
    await of("other", { external: true, vnifilter: true, vnis: [20] });
    expect([await vnis("one"), await vnis("other")]).toEqual([[{ vni: 10 }], [{ vni: 20 }]]);
  });

  test("an external tunnel replaces undeclared tunnels on its port, and a tunnel replaces an undeclared external one", async () => {
    const former = ["a", "b"].map((name, index) => [lab.resource("Vxlan", name), { name, vni: 42 + index }] as const);
    for (const [resource, args] of former) await resource.up({ namespace: "red", ...args });
    const next = lab.nextRun();
    const one = next.resource("Vxlan", "one");
    expect(await one.up({ ...external(), name: "one" })).toBe("create");
    const names = async () => (await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname);
    expect(await names()).toEqual(["lo", "one"]);
    expect(await one.refresh()).toEqual([]);
    const last = next.nextRun().resource("Vxlan", "last");
    expect(await last.up({ name: "last", namespace: "red", vni: 42 })).toBe("create");
    expect(await names()).toEqual(["lo", "last"]);
  });
});

test.each([
  [
    { vni: undefined, external: false },
    /^vni: missing required argument: the identifier of the VXLAN, e\.g\. 42; or external/,
  ],
  [{ vni: 42 }, /^vni: 42 cannot be used with external: each frame has an identifier of its own/],
  [{ external: false, vni: 42, vnifilter: true }, /^vnifilter: true cannot be used without external/],
  [{ vnis: [10] }, /^vnis: cannot be used without external: true and vnifilter: true/],
  [{ flood: ["10.0.0.2"] }, /^flood: cannot be used with external: the ends differ between identifiers/],
  [{ remote: "10.0.0.2" }, /^remote: "10.0.0.2" cannot be used with external but without vnifilter/],
  [{ group: "239.1.1.1", dev: "eth0" }, /^group: "239.1.1.1" cannot be used with external but without vnifilter/],
  [{ vnifilter: true, vnis: ["10 group 239.1.1.1"] }, /^dev: missing: a group in vnis requires the interface/],
  [{ vnifilter: true, vnis: ["10 remote fd00::2"] }, /^vnis: "fd00::2" must be of the family of local/],
  [
    { vnifilter: true, vnis: [0] },
    /^vnis: \[0\] is not a list of VXLAN network identifiers: 0 is not a VXLAN network identifier from 1 to/,
  ],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("Vxlan", "it").up(external(args));
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo"]);
});
