import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, route } from "./pieces.ts";

// A client outside, a router with a firewall, and a server behind it.
const lab = [
  ...["client", "edge", "web"].map(namespace),
  forwarding("edge"),
  cable("client", ["203.0.113.9/24"], "edge", ["203.0.113.5/24"]),
  cable("edge", ["10.1.0.1/24"], "web", ["10.1.0.10/24"]),
  route("web", "default", "10.1.0.1"),
  route("client", "default", "203.0.113.5"),
];
const OUTSIDE = "to-client";
const dnat = (more: object = {}) =>
  one("NatRule", {
    ...{ namespace: "edge", type: "dnat", protocol: "tcp", destination: "203.0.113.5", destinationPort: 8080 },
    ...{ toAddress: "10.1.0.10", toPort: 80, ...more },
  });
const chain = (args: object, ...rules: object[]) =>
  one("FilterChain", { namespace: "edge", chain: "forward", ...args, rules });
const drop = (...rules: object[]) => chain({ policy: "drop" }, ANSWERS, ...rules);
const ANSWERS = { action: "accept", ctState: ["established", "related"] };
const WEB = { action: "accept", protocol: "tcp", destination: "10.1.0.10", destinationPort: 80 };
const SSH = { ...WEB, destinationPort: 22 };
const FROM_OUTSIDE = { action: "drop", inInterface: OUTSIDE };

const FOUND = ["drops-dnat"];

const cases: Case[] = [
  ["a rule for the port after the translation", [lab, dnat(), drop(WEB)], []],
  ["a rule for the port before the translation", [lab, dnat(), drop({ ...WEB, destinationPort: 8080 })], FOUND],
  ["a rule for the same port", [lab, dnat({ toPort: undefined }), drop({ ...WEB, destinationPort: 8080 })], []],
  [
    "a rule for another server",
    [lab, dnat(), drop({ ...WEB, destination: "10.1.0.11" })],
    ["no-such-target", ...FOUND],
  ],
  ["a rule for the server's network", [lab, dnat(), drop({ ...WEB, destination: "10.1.0.0/24" })], []],
  ["a rule for another protocol", [lab, dnat(), drop({ ...WEB, protocol: "udp" })], FOUND],
  ["a rule for the other direction", [lab, dnat(), drop({ action: "accept", outInterface: OUTSIDE })], FOUND],
  ["no rule, and the policy accept", [lab, dnat(), chain({}, ANSWERS)], []],
  ["a drop of new packets from outside", [lab, dnat(), chain({}, ANSWERS, FROM_OUTSIDE)], FOUND],
  ["a drop behind the rule", [lab, dnat(), chain({}, ANSWERS, WEB, FROM_OUTSIDE)], []],
  ["a drop of packets from the other side", [lab, dnat(), chain({}, { ...FROM_OUTSIDE, inInterface: "to-web" })], []],
  ["two chains of which the second drops", [lab, dnat(), drop(WEB), chain({ priority: 1 }, FROM_OUTSIDE)], FOUND],
  [
    "a chain of another namespace",
    [lab, dnat(), chain({ namespace: "web" }, ANSWERS, { action: "drop", inInterface: "to-edge" })],
    [],
  ],
  ["an input chain", [lab, dnat(), chain({ chain: "input" }, FROM_OUTSIDE)], []],
  ["an address of the router itself", [lab, dnat({ toAddress: "10.1.0.1" }), drop(SSH)], []],
  ["a redirect", [lab, dnat({ type: "redirect", toAddress: undefined }), drop(SSH)], []],
  ["an exception", [lab, dnat({ toAddress: undefined, toPort: undefined, exclude: true }), drop(SSH)], []],
  ["an unknown port", [lab, dnat({ toPort: null }), drop(SSH)], []],
];
each(cases);

test("the warning names the rules, and the rule that is missing", () => {
  const [finding] = runChecks([...lab, dnat(), chain({}, ANSWERS, FROM_OUTSIDE)].flat());
  expect(finding?.message).toMatch(
    /^FilterChain n\d+ of the namespace edge drops the packets from to-client that NatRule n\d+ sends to 10\.1\.0\.10, port 80, by rules\[1\]$/,
  );
  expect(finding?.help).toMatch(
    /: \{ action: "accept", destination: "10\.1\.0\.10", protocol: "tcp", destinationPort: 80 \}$/,
  );
});
