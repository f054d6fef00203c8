import { beforeEach, expect, test } from "vitest";
import { NOTHING_DECLARED } from "../../inspect/declared.ts";
import { segmentsIn } from "../../inspect/declared-segments.ts";
import { resourceView } from "../support/resource-view.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// What a trace says of an address on a segment that the program connects to that of the sender.

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

const wire = (namespace: string, address: string) =>
  resourceView("Veth", `${namespace}-wire`, {
    a: { name: "eth0", namespace, addresses: [address] },
    b: { name: `${namespace}-br`, master: "v-net-0" },
  });

const declared = {
  ...NOTHING_DECLARED,
  segments: segmentsIn([
    resourceView("Bridge", "switch", { name: "v-net-0" }),
    wire("red", "10.0.0.1/24"),
    wire("blue", "10.0.0.2/24"),
  ]),
};

/** Traces a ping from red to blue, compares it with a real one, and returns where the trace ends. */
const follow = async () =>
  (await traced(ground.host, { from: "red", to: "10.0.0.2", wait: 0.3 }, { declared })).outcome;

const lost = { kind: "died", way: "there", place: "red", cause: "no-neighbour" };
const AT =
  "10.0.0.2 does not exist on the segment of eth0 in red: the addresses on that segment are the lab host 10.0.0.5, and";
const CORRECTS = "correct Veth blue-wire, or run `pulumi up --refresh` if its object was changed by hand";

beforeEach(async () => {
  // An interface may have an address with two prefix lengths, and a place of another network has the address of blue by chance.
  await run("ip address add 10.0.0.5/16 dev v-net-0", "ip -n lan address add 10.0.0.2/24 dev eth0");
});

test("a declared interface that is missing comes before another one with its address", async () => {
  await run("ip link delete blue-br");
  expect(await follow()).toEqual({
    ...lost,
    reason: `${AT} eth0 in blue (Veth blue-wire), which should have it, is missing`,
    hint: CORRECTS,
  });
});

test("a declared interface that has lost its address comes before another one with it", async () => {
  await run("ip -n blue address delete 10.0.0.2/24 dev eth0");
  expect(await follow()).toEqual({
    ...lost,
    reason: `${AT} eth0 in blue (Veth blue-wire), which should have it, has lost it`,
    hint: CORRECTS,
  });
});

test("two segments that the program connects are not to be connected", async () => {
  await run("ip link add other type bridge", "ip link set dev other up", "ip link set dev blue-br master other");
  expect(await follow()).toEqual({
    ...lost,
    reason: `${AT} blue has it on eth0, whose peer blue-br in the lab host is a port of the bridge other`,
    hint: "the program connects the two segments: `pulumi-netns status` shows what differs, and `pulumi up --refresh` reverts it",
  });
});

test("a bridge that is down is named, also behind another one", async () => {
  await run(
    ...["ip netns add far", "ip -n far link add br0 up type bridge"],
    ...["ip link add trunk up master v-net-0 type veth peer name trunk netns far", "ip link set dev blue-br netns far"],
    ...["ip -n far link set dev trunk up master br0", "ip -n far link set dev blue-br up master br0"],
  );
  expect(await follow()).toEqual({ kind: "answered" });
  await run("ip -n far link set dev br0 down", "ip -n red neighbour flush dev eth0");
  expect(await follow()).toEqual({
    ...{ ...lost, cause: "link-down" },
    reason: "10.0.0.2 is unreachable from eth0 in red: br0 in far is down",
    hint: "set up: true for br0, or run `pulumi up --refresh` if it was set down by hand",
  });
});
