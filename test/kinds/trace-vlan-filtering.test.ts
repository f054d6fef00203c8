// @kernel vlan-filtering
import { beforeEach, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";

labForEachTest("red", "blue", "switch");

const run = (...commands: readonly string[]) => runAll(lab, commands);

/** Traces a ping from red to blue, and compares it with a real one. */
const follow = async () => (await traced(labHost(lab.enter), { from: "red", to: "10.0.0.2", count: 2 })).outcome;

//   red 10.0.0.1 ─ red-br ─ br0 (switch) ─ blue-br ─ 10.0.0.2 blue, and the port idle, which is down
beforeEach(async () => {
  await run(
    "ip -n switch link add br0 type bridge vlan_filtering 1",
    "ip -n switch link set dev br0 up",
    "ip -n switch link add idle type veth peer name idle-peer",
    "ip -n switch link set dev idle master br0",
  );
  for (const [index, place] of ["red", "blue"].entries())
    await run(
      `ip -n ${place} link add eth0 type veth peer name ${place}-br netns switch`,
      `ip -n switch link set dev ${place}-br up master br0`,
      `ip -n ${place} link set dev eth0 up`,
      `ip -n ${place} address add 10.0.0.${index + 1}/24 dev eth0`,
    );
});

test("a port without the VLAN of the frame is the cause, also beside a port that is down", async () => {
  expect(await follow()).toEqual({ kind: "answered" });
  await run("bridge -n switch vlan del vid 1 dev blue-br", "ip -n red neighbour flush dev eth0");
  expect(await follow()).toEqual({
    ...{ kind: "died", way: "there", place: "red", cause: "no-neighbour" },
    reason:
      "10.0.0.2 is unreachable from eth0 in red: the port blue-br of the bridge br0, which leads to 10.0.0.2, does not have the VLAN of the frame",
    hint: "add the VLAN to port.vlans of blue-br",
  });
});

test("a port without the VLAN of the reply to the question for a MAC address", async () => {
  await run(
    "bridge -n switch vlan add vid 2 dev blue-br pvid untagged",
    "bridge -n switch vlan add vid 1 dev blue-br untagged",
  );
  const lost = { way: "there", place: "red", cause: "no-neighbour" };
  const reason =
    "10.0.0.2 is unreachable from eth0 in red: the ARP reply of blue is lost: the port red-br of the bridge br0, which leads to red, does not have its VLAN";
  expect(await follow()).toMatchObject({ ...lost, reason, hint: "add the VLAN to port.vlans of red-br" });
  // A ping waits for the next question for the MAC address, which is a second after the last one, until the entry is gone.
  await run("bridge -n switch vlan add vid 2 dev red-br untagged", "ip -n red neighbour flush dev eth0");
  expect(await follow()).toEqual({ kind: "answered" });
});

test("a trunk between two bridges without the VLAN of both ends", async () => {
  await run(
    "ip netns add far",
    "ip -n far link add br0 type bridge vlan_filtering 1",
    "ip -n far link set dev br0 up",
    "ip -n switch link add trunk type veth peer name trunk netns far",
    "ip -n switch link set dev trunk up master br0",
    "ip -n far link set dev trunk up master br0",
    "ip -n switch link set dev blue-br nomaster netns far",
    "ip -n far link set dev blue-br up master br0",
    "bridge -n switch vlan add vid 20 dev red-br pvid untagged",
    "bridge -n far vlan add vid 20 dev blue-br pvid untagged",
  );
  const reason = (ports: string, words: string) =>
    `10.0.0.2 is unreachable from eth0 in red: ${ports}, which ${words} VLAN 20`;
  const cause = "no-neighbour";
  expect(await follow()).toMatchObject({
    ...{ cause, hint: "add 20 to port.vlans of trunk in switch and port.vlans of trunk in far" },
    reason: reason(
      "the port trunk of the bridge br0 in switch and the port trunk of the bridge br0 in far",
      "lead to blue, do not have",
    ),
  });
  await run("bridge -n switch vlan add vid 20 dev trunk");
  expect(await follow()).toMatchObject({
    ...{ cause, hint: "add 20 to port.vlans of trunk in far" },
    reason: reason("the port trunk of the bridge br0 in far", "leads to blue, does not have"),
  });
  await run("bridge -n far vlan del vid 20 dev blue-br", "bridge -n far vlan add vid 30 dev blue-br pvid untagged");
  expect(await follow()).toMatchObject({
    ...{ cause, hint: "connect the two segments, or give each one a network of its own and route between them" },
    reason: expect.stringMatching(
      /, and blue has it on eth0, whose peer blue-br in far is a port of the bridge br0, in VLAN 30$/,
    ),
  });
  await run("bridge -n far vlan add vid 20 dev blue-br pvid untagged", "bridge -n far vlan add vid 20 dev trunk");
  expect(await follow()).toEqual({ kind: "answered" });
});
