import { beforeEach, expect, test } from "vitest";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping from anna, and compares it with a real one. */
const follow = () => traced(ground.host, { from: "anna", to: "10.5.0.2", count: 2, wait: 0.5 });

const macOf = async (place: string) => {
  const [{ address }] = JSON.parse(await ground.ip("-n", place, "-json", "link", "show", "dev", "eth0"));
  return String(address);
};

/** Lets both stations keep the MAC addresses, so that none of their questions changes what the ends have learned. */
const keepNeighbours = async () => {
  for (const [place, other, address] of [
    ["anna", "ben", "10.5.0.2"],
    ["ben", "anna", "10.5.0.1"],
  ] as const)
    await run(`ip -n ${place} neighbour replace ${address} dev eth0 lladdr ${await macOf(other)} nud permanent`);
};

//   anna 10.5.0.1 ─ br0 (red 10.0.0.1) vx ┄┄┄ vx (blue 10.0.0.2) br0 ─ 10.5.0.2 ben
//                                       ┄┄┄ vx (the lab host 10.0.0.5)
beforeEach(async () => {
  const ends = [
    ["red", "anna", 1],
    ["blue", "ben", 2],
  ] as const;
  for (const [place, station, index] of ends)
    await run(
      `ip netns add ${station}`,
      `ip -n ${place} link add br0 type bridge`,
      `ip -n ${place} link add ${station} type veth peer name eth0 netns ${station}`,
      `ip -n ${place} link add vx type vxlan id 30 dstport 4789 local 10.0.0.${index} remote 10.0.0.${3 - index}`,
      `ip -n ${place} link set dev vx master br0 up`,
      `ip -n ${place} link set dev ${station} master br0 up`,
      `ip -n ${place} link set dev br0 up`,
      `ip netns exec ${station} sysctl -qw net.ipv6.conf.all.disable_ipv6=1`,
      `ip -n ${station} link set dev eth0 up`,
      `ip -n ${station} address add 10.5.0.${index}/24 dev eth0`,
    );
  await run(
    "ip link add vx type vxlan id 30 dstport 4789 local 10.0.0.5 remote 10.0.0.1",
    "ip link set dev vx up",
    "bridge -n red fdb append 00:00:00:00:00:00 dev vx dst 10.0.0.5 self permanent",
  );
});

test("the remote end of a VXLAN is that of the receiver's MAC address, whatever it has learned of others", async () => {
  await run(`bridge -n red fdb add ${await macOf("anna")} dev vx dst 127.0.0.1 self dynamic`);
  for (const _state of ["new", "known"])
    expect(await follow()).toMatchObject({
      there: [{ place: "anna", notes: ["in the vxlan tunnel vx to 10.0.0.2, out by eth0 of red"] }, { place: "ben" }],
      back: [{ place: "ben", notes: ["in the vxlan tunnel vx to 10.0.0.1, out by eth0 of blue"] }, { place: "anna" }],
      outcome: { kind: "answered" },
    });
});

test.each([
  ["10.0.0.1", "10.0.0.1, an address of red itself"],
  ["10.0.0.5", "10.0.0.5"],
  ["10.0.0.99", "10.0.0.99"],
])("a VXLAN that has learned the MAC address of the receiver behind %s sends there", async (end, shown) => {
  await keepNeighbours();
  expect((await follow()).outcome).toEqual({ kind: "answered" });
  const mac = await macOf("ben");
  await run(`bridge -n red fdb replace ${mac} dev vx dst ${end} self dynamic`);
  const command = `bridge fdb del ${mac} dev vx self`;
  expect((await follow()).outcome).toEqual({
    ...{ kind: "died", way: "there", place: "anna", cause: "no-tunnel" },
    reason: `vx in red sends the frames for ${mac} to ${shown}, by the entry that it has learned, and not to vx in blue`,
    hint: `delete the entry: ip netns exec red ${command}`,
  });
  await run(`ip netns exec red ${command}`);
  expect((await follow()).outcome).toEqual({ kind: "answered" });
});

test.each(["known", "unknown"])("an entry of the receiver's MAC address that was added is wrong, %s", async (state) => {
  const mac = await macOf("ben");
  if (state === "known") {
    await keepNeighbours();
    expect((await follow()).outcome).toEqual({ kind: "answered" });
  }
  await run(`bridge -n red fdb replace ${mac} dev vx dst 10.0.0.5 self static`);
  expect((await follow()).outcome).toEqual({
    ...{ kind: "died", way: "there", place: "anna", cause: "no-tunnel" },
    reason: `vx in red sends the frames for ${mac} to 10.0.0.5, by the entry in its forwarding table, and not to vx in blue`,
    hint: `correct the \`dst\` of the FdbEntry, or delete an entry that the program does not have: ip netns exec red bridge fdb del ${mac} dev vx self`,
  });
});

test("a wrong entry for the sender loses the answer, unless the VXLAN learns it anew from the packet", async () => {
  await keepNeighbours();
  expect((await follow()).outcome).toEqual({ kind: "answered" });
  const mac = await macOf("anna");
  await run(`bridge -n blue fdb replace ${mac} dev vx dst 10.0.0.5 self dynamic`);
  expect((await follow()).outcome).toEqual({ kind: "answered" });
  await run(
    "ip -n blue link set dev vx type vxlan nolearning",
    `bridge -n blue fdb replace ${mac} dev vx dst 10.0.0.5 self dynamic`,
  );
  expect((await follow()).outcome).toMatchObject({ kind: "died", way: "back", place: "ben", cause: "no-tunnel" });
});
