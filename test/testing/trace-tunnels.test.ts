import { expect, test } from "vitest";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping from red, and compares it with a real one. */
const follow = (destination: string) => traced(ground.host, { from: "red", to: destination, count: 2, wait: 0.5 });

test.each([
  ["10.0.0.1", "10.0.0.2"],
  ["127.0.0.1", "10.0.0.2"],
  ["fd00::1", "fd00::2"],
])("a VXLAN whose remote end is %s, an address of its own place", async (own, other) => {
  const local = own === "127.0.0.1" ? "10.0.0.1" : own;
  await run(
    `ip -n red link add vx type vxlan id 30 dstport 4789 local ${local} remote ${own}`,
    `ip -n blue link add vx type vxlan id 30 dstport 4789 local ${other} remote ${local}`,
    ...["red", "blue"].flatMap((place, index) => [
      `ip -n ${place} address add 10.5.0.${index + 1}/24 dev vx`,
      `ip -n ${place} link set dev vx up`,
    ]),
  );
  const { there, outcome } = await follow("10.5.0.2");
  expect(there).toMatchObject([{ place: "red", out: "vx" }]);
  expect(outcome).toEqual({
    ...{ kind: "died", way: "there", place: "red", cause: "no-tunnel" },
    reason: `vx in red sends to ${own}, an address of red itself, so its packets do not leave red`,
    hint: "give vx the address of the other end, as `remote` or where it sends to",
  });
  // The kernel repeats a question that got no answer only after a second, which is longer than the ping waits.
  await run(`ip -n red link set dev vx type vxlan id 30 remote ${other}`, "ip -n red neighbour flush dev vx");
  expect((await follow("10.5.0.2")).outcome).toEqual({ kind: "answered" });
  await run(
    `bridge -n red fdb del 00:00:00:00:00:00 dev vx dst ${other} self`,
    "bridge -n red fdb flush dev vx",
    "ip -n red neighbour flush dev vx",
  );
  expect((await follow("10.5.0.2")).outcome).toEqual({
    ...{ kind: "died", way: "there", place: "red", cause: "no-tunnel" },
    reason: `vx in red does not send to its remote end ${other}: the entry for it in the forwarding table is missing`,
    hint: `run \`pulumi up --refresh\`, or ip netns exec red bridge fdb append 00:00:00:00:00:00 dev vx dst ${other} self permanent`,
  });
});

test.each(["known", "unknown"])(
  "a VXLAN whose place has no route to the remote end, with a MAC address that is %s",
  async (state) => {
    await run(
      ...["red", "blue"].flatMap((place, index) => [
        `ip -n ${place} link add vx type vxlan id 30 dstport 4789 local 10.0.0.${index + 1} remote 10.0.0.${2 - index}`,
        `ip -n ${place} address add 10.5.0.${index + 1}/24 dev vx`,
        `ip -n ${place} link set dev vx up`,
      ]),
    );
    expect((await follow("10.5.0.2")).outcome).toEqual({ kind: "answered" });
    await run(
      "ip -n red route delete 10.0.0.0/24",
      ...(state === "known" ? [] : ["ip -n red neighbour flush dev vx", "bridge -n red fdb flush dev vx dynamic"]),
    );
    expect((await follow("10.5.0.2")).outcome).toEqual({
      ...{ kind: "died", way: "there", place: "red", cause: "no-tunnel" },
      reason: "red has no route to 10.0.0.2, to which vx in red sends its packets",
      hint: "add one, or an address in the network of 10.0.0.2; if the program has it, run `pulumi up --refresh`",
    });
    await run("ip -n red route add 10.0.0.0/24 dev eth0 src 10.0.0.1");
    expect((await follow("10.5.0.2")).outcome).toEqual({ kind: "answered" });
  },
);
