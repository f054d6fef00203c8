import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";

labForEachTest("red");

interface Case {
  readonly type: string;
  readonly args: object;
  /** The commands that create the object by hand. */
  readonly byHand: readonly string[];
  /** The command that shows the object. It fails or prints nothing if the object does not exist. */
  readonly show: string;
}

const cases: readonly Case[] = [
  { type: "Namespace", args: { name: "blue" }, byHand: ["ip netns add blue"], show: "ip -n blue link" },
  {
    type: "Bridge",
    args: { name: "br0", mtu: 1400 },
    byHand: ["ip link add name br0 type bridge stp_state 1"],
    show: "ip link show dev br0",
  },
  {
    type: "Veth",
    args: { a: { name: "v0", namespace: "red" }, b: { name: "v1" } },
    byHand: ["ip link add name v0 netns red mtu 1400 type veth peer name v1"],
    show: "ip link show dev v1",
  },
  {
    type: "Address",
    args: { interface: "lo", namespace: "red", address: "10.0.0.1/32" },
    byHand: ["ip -n red link set dev lo up", "ip -n red address add 10.0.0.1/32 dev lo"],
    show: "ip -n red -4 address show dev lo to 10.0.0.1",
  },
  {
    type: "Route",
    args: { namespace: "red", destination: "10.0.0.0/8", interface: "lo" },
    byHand: ["ip -n red link set dev lo up", "ip -n red route add 10.0.0.0/8 dev lo"],
    show: "ip -n red route show 10.0.0.0/8",
  },
  {
    type: "RoutingRule",
    args: { namespace: "red", priority: 100, from: "10.0.0.0/8", iif: "lo", table: 9 },
    byHand: ["ip -n red rule add priority 100 from 10.0.0.0/8 iif lo lookup 9"],
    show: "ip -n red rule show priority 100",
  },
  {
    type: "Nexthop",
    args: { namespace: "red", nhid: 7, interface: "lo", family: "inet" },
    byHand: ["ip -n red link set dev lo up", "ip -n red nexthop add id 7 dev lo"],
    show: "ip -n red nexthop show dev lo",
  },
  {
    type: "Neighbor",
    args: { namespace: "red", interface: "br0", address: "10.0.0.9", lladdr: "02:00:00:00:00:09" },
    byHand: [
      "ip -n red link add name br0 up type bridge",
      "ip -n red neighbour add 10.0.0.9 lladdr 02:00:00:00:00:08 nud permanent dev br0",
    ],
    show: "ip -n red neighbour show 10.0.0.9",
  },
  {
    type: "FdbEntry",
    args: { namespace: "red", interface: "v0", lladdr: "02:00:00:00:00:09" },
    byHand: [
      "ip -n red link add name br0 type bridge",
      "ip -n red link add name v0 master br0 type veth peer name v1",
      "bridge -n red fdb add 02:00:00:00:00:09 dev v0 master static",
    ],
    show: "bridge -n red fdb get 02:00:00:00:00:09 dev v0 master",
  },
  {
    type: "Vxlan",
    args: { name: "vx", vni: 7, dstport: 4789, local: "10.0.0.1", mtu: 1400 },
    byHand: ["ip link add name vx mtu 1300 type vxlan id 7 dstport 4789 local 10.0.0.1"],
    show: "ip link show dev vx",
  },
];

const run = (line: string) => {
  const [program = "", ...args] = line.split(" ");
  return lab.try(program, ...args);
};

test.each(cases)(
  "a foreign $type is refused without adopt, and is then adopted and deleted with the resource",
  async ({ type, args, byHand, show }) => {
    for (const line of byHand) expect(await run(line)).toMatchObject({ code: 0 });
    const resource = lab.resource(type, "it");
    await expect(resource.up(args)).rejects.toThrow(
      /already exists and is not managed[^]*or take it over with adopt: true/,
    );
    expect(await resource.up(args, { adopt: true })).toBe("create");
    expect(await resource.refresh()).toEqual([]);
    // An adopted object has the mark of the stack, so `adopt` is no longer needed.
    expect(await resource.up(args)).toBe("same");
    expect((await run(show)).stdout).not.toBe("");
    await resource.destroy();
    expect((await run(show)).stdout).toBe("");
  },
);

test("an object of another kind is not adopted", async () => {
  await lab.run("ip", "link", "add", "name", "br0", "type", "veth", "peer", "name", "other");
  await expect(lab.resource("Bridge", "it").up({ name: "br0" }, { adopt: true })).rejects.toThrow(
    /it is of another kind, so adopt cannot take it over/,
  );
  expect((await lab.ip("-details", "link", "show", "dev", "br0"))[0].linkinfo.info_kind).toBe("veth");
});

test("an object of another stack is adopted only with adopt, and is then gone for the other stack", async () => {
  const theirs = lab.nextRun().resource("Bridge", "it", "prod");
  await theirs.up({ name: "br0" });
  const ours = lab.nextRun().resource("Bridge", "it");
  await expect(ours.up({ name: "br0" })).rejects.toThrow(/belongs to the stack test\/prod/);
  await ours.up({ name: "br0" }, { adopt: true });
  expect(await theirs.refresh()).toBe("gone");
  expect(await ours.refresh()).toEqual([]);
});

test("a foreign namespace is refused again after a crash of the first attempt", async () => {
  await lab.run("ip", "netns", "add", "theirs");
  for (let commands = 1; commands < 6; commands += 1) {
    const attempt = lab.nextRun(commands).resource("Namespace", "theirs").up({ name: "theirs" });
    await expect(attempt).rejects.toThrow();
    const next = lab.nextRun().resource("Namespace", "theirs").up({ name: "theirs" });
    await expect(next).rejects.toThrow("already exists");
  }
});

test("an adopted bridge keeps the MAC address that it had taken from a port, if the program gives that", async () => {
  await runAll(lab, [
    "ip link add br0 type bridge",
    "ip link add p0 address 02:00:00:00:00:50 type veth peer name q0",
    "ip link set dev p0 master br0",
  ]);
  const address = async () => (await lab.ip("link", "show", "dev", "br0"))[0].address;
  const mac = await address();
  expect(mac).toBe("02:00:00:00:00:50");
  const lan = lab.resource("Bridge", "lan");
  expect(await lan.up({ name: "br0", mac }, { adopt: true })).toBe("create");
  await runAll(lab, [
    "ip link delete p0",
    "ip link add p1 master br0 address 02:00:00:00:00:10 type veth peer name q1",
  ]);
  expect(await address()).toBe(mac);
  expect(await lan.refresh()).toEqual([]);
});
