import { beforeEach, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { declaredBy } from "../support/declared-by.ts";
import type { LabResource } from "../support/lab.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";

labForEachTest("red", "blue", "internet");

const HOME = { namespace: "red", destination: "10.9.0.0/24", via: "10.1.0.2" };

let program: Readonly<Record<string, LabResource>>;

//   red ─ t0 10.1.0.1 ══ 10.1.0.2 t0 ─ blue 10.9.0.1
//    └ eth0 10.0.0.1 ══ 10.0.0.2 eth0 ─ internet
beforeEach(async () => {
  const [wan, tunnel, home] = [
    lab.resource("Veth", "wan"),
    lab.resource("Veth", "tunnel"),
    lab.resource("Route", "home"),
  ];
  await wan.up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2"] },
    b: { name: "eth0", namespace: "internet", addresses: ["10.0.0.2/24"] },
  });
  await tunnel.up({
    a: { name: "t0", namespace: "red", addresses: ["10.1.0.1/24"] },
    b: { name: "t0", namespace: "blue", addresses: ["10.1.0.2/24"] },
  });
  await home.up(HOME);
  await lab.run("ip", "-n", "blue", "address", "add", "10.9.0.1/32", "dev", "t0");
  await lab.run("ip", "netns", "exec", "internet", "sysctl", "-qw", "net.ipv4.ip_forward=1");
  program = { "Veth wan": wan, "Veth tunnel": tunnel, "Route home": home };
});

/** Traces a ping, compares it with a real one, and returns where the trace ends. */
const follow = async (to = "10.9.0.1", from = "red") =>
  (await traced(labHost(lab.enter), { from, to, wait: 0.3 }, { declared: declaredBy(program) })).outcome;

test("a packet takes a less specific route, because the declared one is gone", async () => {
  expect(await follow()).toEqual({ kind: "answered" });
  await runAll(lab, ["ip -n red link set dev t0 down"]);
  const lost = { kind: "died", way: "there", place: "internet", cause: "no-route" };
  const end = "internet has no route to 10.9.0.1 (Network is unreachable)";
  expect(await follow()).toEqual({
    ...lost,
    reason: `the route to 10.9.0.0/24 of Route home is gone, because t0 is down: ${end}`,
    hint: "run `pulumi up --refresh`, which sets t0 up and adds the route: it does not return when t0 alone is set up",
  });
  await runAll(lab, ["ip -n red link set dev t0 up"]);
  expect(await follow()).toEqual({
    ...lost,
    reason: `the route to 10.9.0.0/24 of Route home is gone: ${end}`,
    hint: "run `pulumi up --refresh`, which adds it",
  });
  await program["Route home"]?.refresh();
  await program["Route home"]?.up(HOME);
  expect(await follow()).toEqual({ kind: "answered" });
});

test("a packet has no route, because the interface of the declared one is down or missing", async () => {
  await runAll(lab, ["ip -n internet address add 8.8.8.8/32 dev lo", "ip -n internet link set dev lo up"]);
  expect(await follow("8.8.8.8")).toEqual({ kind: "answered" });
  await runAll(lab, ["ip -n red link set dev eth0 down"]);
  const lost = { kind: "died", way: "there", place: "red", cause: "no-route" };
  expect(await follow("8.8.8.8")).toEqual({
    ...lost,
    reason: "red has no route to 8.8.8.8: the default route of Veth wan is gone, because eth0 is down",
    hint: "run `pulumi up --refresh`, which sets eth0 up and adds the route: it does not return when eth0 alone is set up",
  });
  await runAll(lab, ["ip -n red link delete dev eth0"]);
  expect(await follow("8.8.8.8")).toEqual({
    ...lost,
    reason: "red has no route to 8.8.8.8: the default route of Veth wan is gone, because eth0 is missing",
    hint: "run `pulumi up --refresh`, which creates eth0 and the route",
  });
});

test("an answer takes a less specific route, because the declared one is gone", async () => {
  await runAll(lab, ["ip -n blue route add 10.0.0.0/24 via 10.1.0.1 src 10.9.0.1"]);
  expect(await follow("10.0.0.1", "blue")).toEqual({ kind: "answered" });
  await runAll(lab, ["ip -n red route delete 10.9.0.0/24"]);
  expect(await follow("10.0.0.1", "blue")).toMatchObject({
    reason:
      "the ping arrives, but its answer is dropped: the route to 10.9.0.0/24 of Route home is gone: internet has no route to 10.9.0.1 (Network is unreachable)",
    hint: "run `pulumi up --refresh`, which adds it",
  });
});

/** Deletes a declared route by hand: `internet` then receives the packets, because the default route of red remains. */
async function expectLost(name: string, args: object, deleted: string, reason: RegExp): Promise<void> {
  const route = lab.resource("Route", name);
  await route.up({ namespace: "red", ...args });
  program = { ...program, [`Route ${name}`]: route };
  expect(await follow()).toEqual({ kind: "answered" });
  await runAll(lab, [`ip -n red route delete ${deleted}`]);
  expect(await follow()).toMatchObject({
    kind: "died",
    place: "internet",
    reason: expect.stringMatching(reason),
    hint: "run `pulumi up --refresh`, which adds it",
  });
}

test("a packet takes a route of a later table, because the declared one of a routing rule is gone", async () => {
  await program["Route home"]?.up({ ...HOME, destination: "10.8.0.0/24" });
  const rule = lab.resource("RoutingRule", "tunnelled");
  await rule.up({ namespace: "red", priority: 100, to: "10.9.0.0/24", table: 100 });
  await expectLost(
    "by-table",
    { destination: "default", via: "10.1.0.2", table: 100 },
    "default table 100",
    /^the default route of Route by-table is gone: internet has no route to 10\.9\.0\.1/,
  );
});

test("a packet takes a route with a higher metric, because the declared one with a lower metric is gone", async () => {
  await program["Route home"]?.up({ ...HOME, via: "10.0.0.2", metric: 200 });
  await expectLost(
    "near",
    { destination: "10.9.0.0/24", via: "10.1.0.2", metric: 100 },
    "10.9.0.0/24 metric 100",
    /^the route to 10\.9\.0\.0\/24 of Route near is gone: internet has no route to 10\.9\.0\.1/,
  );
});
