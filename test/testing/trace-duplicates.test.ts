import { expect, test } from "vitest";
import { NOTHING_DECLARED } from "../../inspect/declared.ts";
import { segmentsIn } from "../../inspect/declared-segments.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { resourceView } from "../support/resource-view.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// What a trace says of an address that two places have, and which of them no resource declares.

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

const wire = (namespace: string, ...addresses: string[]) =>
  resourceView("Veth", `${namespace}-wire`, {
    a: { name: "eth0", namespace, addresses },
    b: { name: `${namespace}-br`, master: "v-net-0" },
  });

/** Returns what the cables of red and blue declare, each with its addresses. */
const declaring = (red: string, blue: string) => ({
  ...NOTHING_DECLARED,
  segments: segmentsIn([
    resourceView("Bridge", "switch", { name: "v-net-0" }),
    wire("red", red),
    wire("blue", ...blue.split(" ")),
  ]),
});

const OWN =
  "10.0.0.1 is also an address of eth0 in blue (duplicate address), which drops packets from its own addresses";
const DELETE = (address: string) =>
  `delete it where no resource declares it: ip netns exec blue ip address delete ${address}/24 dev eth0`;

test.each([
  ["10.0.0.1/24", "10.0.0.2/24", DELETE("10.0.0.1")],
  [
    "10.0.0.1/24",
    "10.0.0.2/24 10.0.0.1/24",
    "Veth blue-wire declares it in blue, and Veth red-wire declares it in red: correct one of them",
  ],
])("the receiver has the address of the sender: red declares %s, blue %s", async (red, blue, hint) => {
  await run("ip -n blue address add 10.0.0.1/24 dev eth0");
  const { outcome } = await traced(ground.host, { from: "red", to: "10.0.0.2" }, { declared: declaring(red, blue) });
  expect(outcome).toEqual({ kind: "died", way: "there", place: "blue", cause: "own-source", reason: OWN, hint });
  if (hint !== DELETE("10.0.0.1")) return;
  await run("ip -n blue address delete 10.0.0.1/24 dev eth0");
  await traced(ground.host, { from: "red", to: "10.0.0.2" });
});

test("a router has the address of the sender, on an interface that is no part of the stack", async () => {
  await ground.route();
  await ground.masquerade();
  await run("ip address add 10.0.0.1/32 dev lan0");
  const ping = { from: "red", to: "192.168.1.3" };
  const { outcome } = await traced(ground.host, ping, { declared: declaring("10.0.0.1/24", "10.0.0.2/24") });
  expect(outcome).toMatchObject({
    cause: "own-source",
    place: undefined,
    reason: OWN.replace("eth0 in blue", "lan0 in the lab host"),
    hint: "give Veth red-wire another address, or delete it where no resource declares it: ip address delete 10.0.0.1/32 dev lan0",
  });
  expect((await traced(ground.host, ping)).outcome).toMatchObject({ hint: "assign 10.0.0.1 to one namespace only" });
});

test("another place than the one that was meant answers, and no resource declares the address there", async () => {
  await run("ip -n blue address add 10.0.0.77/24 dev eth0", "ip -n red address add 10.0.0.77/24 dev eth0");
  const declared = declaring("10.0.0.77/24", "10.0.0.2/24");
  const mac = (await ground.box.ip("-n", "blue", "link", "show", "dev", "eth0"))[0].address;
  await run(`ip neighbour replace 10.0.0.77 lladdr ${mac} dev v-net-0 nud permanent`);
  const found = await trace(ground.host, undefined, "10.0.0.77", { declared, target: { place: "red" } });
  expect(found.outcome).toMatchObject({ cause: "misdelivered", place: "blue", hint: DELETE("10.0.0.77") });
  expect(found.there[0]?.notes).toEqual([
    "10.0.0.77 is also the address of eth0 in red, and either may receive the packet; no resource declares it for eth0 in blue",
  ]);
});

test("a gateway whose address a host has as well, which no resource declares there", async () => {
  await ground.route();
  await run("ip -n blue address add 10.0.0.5/24 dev eth0");
  const mac = (await ground.box.ip("-n", "blue", "link", "show", "dev", "eth0"))[0].address;
  await run(`ip -n red neighbour replace 10.0.0.5 lladdr ${mac} dev eth0 nud reachable`);
  const segments = segmentsIn([
    resourceView("Bridge", "switch", { name: "v-net-0", addresses: ["10.0.0.5/24"] }),
    wire("red", "10.0.0.1/24"),
    wire("blue", "10.0.0.2/24"),
  ]);
  const declared = { ...NOTHING_DECLARED, segments };
  expect((await traced(ground.host, { from: "red", to: "192.168.1.3" }, { declared })).outcome).toMatchObject({
    cause: "misdelivered",
    hint: `${DELETE("10.0.0.5")}, then ip netns exec red ip neighbour flush to 10.0.0.5 dev eth0`,
  });
});
