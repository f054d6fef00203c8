import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, nat, one, route } from "./pieces.ts";

const rpFilter = (link: string, value: string) =>
  one("Sysctl", { namespace: "r2", key: `net.ipv4.conf.${link}.rp_filter`, value });

/** r1, with a network behind it, sends to r2 over one of two cables, and r2 sends back over the other one. */
const asymmetric = [
  ...["c", "r1", "r2", "s"].map(namespace),
  cable("c", ["10.1.0.2/24"], "r1", ["10.1.0.1/24"]),
  cable("s", ["10.2.0.2/24"], "r2", ["10.2.0.1/24"]),
  one("Veth", {
    a: { name: "one", namespace: "r1", addresses: ["10.8.0.1/30"] },
    b: { name: "one", namespace: "r2", addresses: ["10.8.0.2/30"] },
  }),
  one("Veth", {
    a: { name: "two", namespace: "r1", addresses: ["10.9.0.1/30"] },
    b: { name: "two", namespace: "r2", addresses: ["10.9.0.2/30"] },
  }),
  forwarding("r1"),
  forwarding("r2"),
  route("c", "default", "10.1.0.1"),
  route("s", "default", "10.2.0.1"),
  route("r1", "10.2.0.0/24", "10.8.0.2"),
];
const back = (via: string) => route("r2", "10.1.0.0/24", via);

const cases: Case[] = [
  ["another path back", [asymmetric, back("10.9.0.1")], []],
  [
    "a strict filter on all interfaces, and another path back",
    [asymmetric, back("10.9.0.1"), rpFilter("all", "1")],
    ["reverse-path"],
  ],
  ["a strict filter on the interface", [asymmetric, back("10.9.0.1"), rpFilter("one", "1")], ["reverse-path"]],
  ["a strict filter on new interfaces", [asymmetric, back("10.9.0.1"), rpFilter("default", "1")], ["reverse-path"]],
  ["a strict filter on the other interface", [asymmetric, back("10.9.0.1"), rpFilter("two", "1")], []],
  ["a loose filter on the interface", [asymmetric, back("10.9.0.1"), rpFilter("all", "1"), rpFilter("one", "2")], []],
  ["a strict filter, and the same path back", [asymmetric, back("10.8.0.1"), rpFilter("all", "1")], []],
  [
    "a strict filter, with an unknown NAT rule",
    [asymmetric, back("10.9.0.1"), rpFilter("all", "1"), one("NatRule", { namespace: "r1", type: null })],
    [],
  ],
  [
    "a strict filter, with a masquerade",
    [asymmetric, back("10.9.0.1"), rpFilter("all", "1"), nat("r1", "10.1.0.0/24")],
    [],
  ],
  [
    "a strict filter, with another table",
    [
      asymmetric,
      back("10.9.0.1"),
      rpFilter("all", "1"),
      one("RoutingRule", { namespace: "r2", priority: 9, table: 254 }),
    ],
    [],
  ],
];

each(cases);

test("the message says which packets are dropped, and why", () => {
  const [finding] = runChecks([...asymmetric, back("10.9.0.1"), rpFilter("all", "1")]);
  expect(finding).toMatchObject({
    message: expect.stringMatching(
      /^the namespace r2 drops packets from 10\.1\.0\.0\/24 that arrive through r2\/one, because its own route to that network leads through r2\/two; the namespace r1 sends it such packets \(Route n\d+\)$/,
    ),
    help: "set net.ipv4.conf.all.rp_filter to 2, or route 10.1.0.0/24 back through r2/one",
  });
});
