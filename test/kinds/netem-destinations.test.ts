// @kernel netem
import { beforeEach, expect, test } from "vitest";
import { impair } from "../../inspect/impair.ts";
import { impairmentOf, impairmentsIn } from "../../inspect/impairments.ts";
import { labHost } from "../../inspect/lab-host.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { hostIn } from "../../testing/host.ts";
import "../../testing/index.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red", "blue", "green");
// red, blue and green on one bridge.
beforeEach(async () => {
  const ends = Object.entries({ red: 1, blue: 2, green: 3 }).flatMap(([place, last]) => [
    `link add name ${place}-br master lan type veth peer name eth0 netns ${place}`,
    `link set dev ${place}-br up`,
    `-n ${place} link set dev eth0 up`,
    `-n ${place} address add 10.0.0.${last}/24 dev eth0`,
    `-n ${place} address add fd00::${last}/64 dev eth0 nodad`,
  ]);
  const lines = ["link add name lan up type bridge", ...ends].map((line) => `ip ${line}`);
  await lab.run("sh", "-ec", lines.join("\n"));
});

const tc = (line: string) => lab.run("tc", "-n", "red", ...line.split(" "));
const shown = async (what: string) => JSON.parse(await tc(`-json ${what} show dev eth0`)) as any[];
/** The delays of the classes, in milliseconds, and the destinations of the filters. */
const look = async () => {
  const qdiscs = await shown("qdisc");
  const filters = (await shown("filter")).filter(({ options }) => options !== undefined);
  const root = qdiscs.find((one) => one.root);
  return {
    root: `${root.kind} ${root.handle}`,
    delays: qdiscs
      .flatMap(({ parent, options }) =>
        parent === undefined ? [] : [[parent.split(":")[1], Math.round((options.delay?.delay ?? 0) * 1000)]],
      )
      .toSorted(),
    filters: filters.map(({ options }) => [options.keys?.dst_ip, options.classid?.split(":")[1]]),
  };
};
const args = (...perDestination: object[]) => ({ interface: "eth0", namespace: "red", perDestination });

test("settings for destinations are created, updated in place, repaired after drift, and deleted", async () => {
  const it = lab.resource("Netem", "it");
  const [blue, green] = [
    { to: ["10.0.0.2/32", "fd00::2/128"], delay: "60ms" },
    { to: "10.0.0.3", delay: "80ms" },
  ];
  expect(await it.up(args(blue))).toBe("create");
  const made = await look();
  expect(made).toMatchObject({
    delays: [["2", 60]],
    filters: [
      ["10.0.0.2", "2"],
      ["fd00::2", "2"],
    ],
  });
  expect(await it.up(args({ ...blue, delay: 60 }))).toBe("same");
  await expect(
    impair(linux(lab.enter, lab.root), { namespace: "red", name: "eth0" }, { delay: "80ms" }),
  ).rejects.toThrow(
    /^red\/eth0 has settings per destination, which impair would remove\n {2}help: change the netem of the interface/,
  );
  expect(await look()).toEqual(made);
  expect(await it.refresh()).toEqual([]);

  expect(await it.up({ ...args(blue, green), delay: "10ms" })).toBe("update");
  expect(await look()).toEqual({
    root: made.root,
    delays: [
      ["1", 10],
      ["2", 60],
      ["3", 80],
    ],
    filters: [
      ["10.0.0.2", "2"],
      ["fd00::2", "2"],
      ["10.0.0.3", "3"],
    ],
  });
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(args({ ...green, jitter: "1ms", distribution: "normal" }))).toBe("update");
  expect(await look()).toEqual({ root: made.root, delays: [["2", 80]], filters: [["10.0.0.3", "2"]] });
  expect(await it.refresh()).toEqual([]);

  await it.up(args(blue));
  const handle = made.root.split(" ")[1];
  for (const [line, seen] of [
    [`filter del dev eth0 parent ${handle} protocol ipv6 pref 2`, { ...blue, to: "10.0.0.2/32" }],
    [`qdisc replace dev eth0 parent ${handle}2 netem delay 7ms`, { delay: "7ms", limit: 1000 }],
    [
      `filter add dev eth0 parent ${handle} protocol ip pref 9 flower dst_ip 10.9.0.0/16 classid ${handle}1`,
      { to: ["10.0.0.2/32", "fd00::2/128", "10.9.0.0/16"] },
    ],
    [
      `filter add dev eth0 parent ${handle} protocol all pref 8 u32 match u32 0 0 flowid ${handle}2`,
      { to: ["10.0.0.2/32", "fd00::2/128", "u32 filter 8"] },
    ],
    [`qdisc change dev eth0 root handle ${handle} prio bands 3 priomap${" 0".repeat(16)}`, undefined],
  ] as const) {
    await tc(line);
    expect([line, await it.refresh()]).toEqual([line, ["perDestination"]]);
    expect(it.outputs).toMatchObject({ perDestination: seen ? [seen] : [blue, { to: [] }] });
    expect(await it.up(args(blue))).toBe("update");
    expect(await look()).toEqual(made);
  }
  expect(await it.up({ ...args(), delay: "5ms" })).toBe("update");
  expect((await look()).root).toMatch(/^netem /);
  expect(await it.up(args(blue))).toBe("update");
  expect(await look()).toEqual(made);
  await it.destroy();
  expect(await shown("qdisc")).toEqual([expect.objectContaining({ handle: "0:" })]);
  expect(await shown("filter")).toEqual([]);
});

test("the netem of a link delays packets from red to blue, and not those to green", async () => {
  await lab.run("ip", "-n", "red", "link", "del", "eth0");
  const wire = (...perDestination: object[]) => ({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24", "fd00::1/64"], netem: { perDestination } },
    b: { name: "red-br", master: "lan" },
  });
  const it = lab.resource("Veth", "wire");
  await it.up(wire({ to: ["10.0.0.2", "fd00::2"], delay: "150ms" }));
  expect(await it.refresh()).toEqual([]);
  const red = hostIn(labHost(lab.enter), "red");
  for (const [blue, green] of [
    ["10.0.0.2", "10.0.0.3"],
    ["fd00::2", "fd00::3"],
  ] as const) {
    await expect(red.to(blue)).toTakeBetween("150ms", "1s", { count: 3 });
    await expect(red.to(green)).toTakeBetween("0ms", "100ms", { count: 3 });
  }
  const impairment = (await impairmentsIn(labHost(lab.enter).kernel, "red")).get("eth0");
  expect(impairment && ["10.0.0.2", "10.0.0.3"].map((to) => impairmentOf(impairment, to))).toEqual([
    "150 ms for packets to 10.0.0.2",
    undefined,
  ]);

  const [, { parent, handle }] = await shown("qdisc");
  await tc(`qdisc change dev eth0 parent ${parent} handle ${handle} netem delay 1ms`);
  expect(await it.refresh()).toEqual(["a.netem.perDestination"]);
  expect(await it.up(wire({ to: "10.0.0.2", delay: "20ms" }))).toBe("update");
  expect(await look()).toMatchObject({ delays: [["2", 20]], filters: [["10.0.0.2", "2"]] });
  expect(await it.up({ ...wire(), a: { ...wire().a, netem: undefined } })).toBe("update");
  expect(await shown("qdisc")).toEqual([expect.objectContaining({ handle: "0:" })]);
});
