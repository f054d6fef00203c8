import { expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks } from "../../checks/index.ts";
import { cable, forwarding, namespace, one, route } from "./pieces.ts";

/** A host behind a router, whose next node has no route back to the host's network. */
const lab = [
  ...["pc", "r", "isp"].map(namespace),
  ...["r", "isp"].map(forwarding),
  cable("pc", ["10.8.0.2/24"], "r", ["10.8.0.1/24"]),
  cable("r", ["203.0.113.2/30"], "isp", ["203.0.113.1/30"]),
  route("pc", "default", "10.8.0.1"),
  route("r", "default", "203.0.113.1"),
];
const rule = (type: string, more: object = {}) => one("NatRule", { namespace: "r", type, ...more });
const all = (more: object = {}) => rule("masquerade", { outInterface: "to-isp", ...more });
const spared = (more: object = {}) => rule("snat", { exclude: true, source: "10.8.0.0/24", ...more });
const as = (toAddress: string | null, more: object = {}) =>
  rule("snat", { outInterface: "to-isp", toAddress, ...more });
const later = { after: "n@12345678" };
const LOST = ["no-return-route"];

test.each<[string, Declared[], string[]]>([
  ["no rule", [], LOST],
  ["a masquerade", [all()], []],
  ["a masquerade of IPv4", [all({ family: "ip" })], []],
  ["a masquerade of IPv6", [all({ family: "ip6" })], LOST],
  ["a masquerade of IPv6, and one of both", [all({ family: "ip6" }), all(later)], []],
  ["a masquerade of packets from the network", [rule("masquerade", { inInterface: "to-pc" })], []],
  ["a masquerade of packets from outside", [rule("masquerade", { inInterface: "to-isp" })], LOST],
  ["a masquerade of packets from each interface", [rule("masquerade", { inInterface: "to-*" })], []],
  ["a masquerade of packets from two interfaces", [rule("masquerade", { inInterface: ["lo", "to-pc"] })], []],
  ["a masquerade of packets to two interfaces", [rule("masquerade", { outInterface: ["lo", "to-isp"] })], []],
  ["a masquerade of packets to two other interfaces", [rule("masquerade", { outInterface: ["lo", "to-pc"] })], LOST],
  ["a masquerade of two networks", [all({ source: ["10.9.0.0/24", "10.8.0.0/24"] })], []],
  ["a masquerade of two other networks", [all({ source: ["10.9.0.0/24", "10.10.0.0/24"] })], LOST],
  ["a masquerade of networks of which one is not known yet", [all({ source: ["10.9.0.0/24", null] })], []],
  ["an exception for two networks", [spared({ source: ["10.8.0.0/24", "10.9.0.0/24"] }), all(later)], LOST],
  ["a masquerade of one protocol", [all({ protocol: "tcp" })], []],
  ["a masquerade of packets to some network", [all({ destination: "198.51.100.0/24" })], []],
  ["an exception before the masquerade", [spared(), all(later)], LOST],
  [
    "an exception before the masquerade, by the beginning of the name",
    [spared({ outInterface: "to-*" }), all(later)],
    LOST,
  ],
  ["an exception before the masquerade, in no order", [spared(), all()], []],
  ["an exception after the masquerade", [all(), spared(later)], []],
  ["an exception in another chain", [spared({ priority: 50 }), all(later)], []],
  ["an exception in another namespace", [spared({ namespace: "isp" }), all(later)], []],
  ["an exception for a part of the network", [spared({ source: "10.8.0.128/25" }), all(later)], []],
  ["an exception for packets to a network", [spared({ destination: "10.9.0.0/24" }), all(later)], []],
  ["an exception for packets from outside", [spared({ inInterface: "to-isp" }), all(later)], []],
  ["an exception for other packets to the network", [spared({ outInterface: "to-pc" }), all(later)], []],
  ["an exception that is not known yet", [spared({ source: null }), all(later)], []],
  ["an snat to the router's address", [as("203.0.113.2")], []],
  ["an snat to an address that nothing leads to", [as("203.0.99.9")], LOST],
  ["an snat to the router's address in the network", [as("10.8.0.1")], LOST],
  ["an snat to an address that a route leads to", [as("203.0.99.9"), route("isp", "203.0.99.0/24", "203.0.113.2")], []],
  ["an snat to several addresses", [as("203.0.99.8-203.0.99.9")], []],
  ["an snat to an unknown address", [as(null)], []],
  ["an snat of one protocol to an address that nothing leads to", [as("203.0.99.9", { protocol: "tcp" })], []],
  ["such an snat of one protocol, and a masquerade", [as("203.0.99.9", { protocol: "tcp" }), all(later)], []],
])("whether a router sends packets with an address to which there is a route: %s", (_, rules, found) => {
  const checks = runChecks([...lab, ...rules]).map(({ check }) => check);
  expect(checks.filter((check) => check === "no-return-route")).toEqual(found);
});

test("the message about an address of a rule names the rule, and the help an address of the router", () => {
  const lost = as("203.0.99.9");
  expect(runChecks([...lab, lost])).toMatchObject([
    {
      message: `the namespace isp has no route back to 203.0.99.9/32, the toAddress of NatRule ${lost.name}, with which the namespace r sends it the packets of 10.8.0.0/24`,
      help: 'add a Route there with the destination "203.0.99.9/32" via 203.0.113.2, or set toAddress to 203.0.113.2, which the namespace r has',
    },
  ]);
});

test("a router in a VRF, where a rule may see the VRF in place of the interface, has no lost packets", () => {
  const vrf = one("Vrf", { name: "red", namespace: "r", table: 10 });
  const inVrf = lab.map((part) =>
    part.type === "Veth" ? { ...part, args: inRed(part.args as Record<"a" | "b", { namespace: string }>) } : part,
  );
  const found = [...inVrf, vrf, rule("masquerade", { inInterface: "red" })];
  expect(runChecks(found).map(({ check }) => check)).not.toContain("no-return-route");
});

const inRed = (ends: Record<"a" | "b", { namespace: string }>) =>
  Object.fromEntries(
    Object.entries(ends).map(([side, end]) => [side, { ...end, ...(end.namespace === "r" && { master: "red" }) }]),
  );
