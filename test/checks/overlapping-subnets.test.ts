import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { cable, namespace, one } from "./pieces.ts";

const twice = [namespace("r"), cable("r", ["10.0.0.1/24"], "a", []), cable("r", ["10.0.0.2/24"], "b", [])];
const masquerade = (outInterface: string, more: object = {}) =>
  one("NatRule", { namespace: "r", type: "masquerade", outInterface, ...more });
const BRIDGE = "give each segment its own network, or connect the two with a bridge";

test.each([
  ["a namespace", twice, BRIDGE],
  [
    "a router that translates what leaves through one of them",
    [...twice, masquerade("to-b")],
    "give each segment its own network",
  ],
  ["a router that translates what leaves through another interface", [...twice, masquerade("up")], BRIDGE],
  ["a router that translates IPv6 through one of them", [...twice, masquerade("to-b", { family: "ip6" })], BRIDGE],
])("the help for the same subnet twice in %s", (_, lab, help) => {
  expect(runChecks(lab).filter(({ check }) => check === "overlapping-subnets")).toMatchObject([{ help }]);
});
