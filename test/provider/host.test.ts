import { expect, test } from "vitest";
import { host, lifecycles } from "../../provider/host.ts";
import { untouched } from "./script.ts";

test("there is a life for each kind, by the name of its class", () => {
  expect([...lifecycles(untouched).keys()]).toEqual([
    "Address",
    "Bridge",
    "Namespace",
    "NatRule",
    "Route",
    "Sysctl",
    "Veth",
  ]);
});

test("a kind is hosted once, so that all of a program's resources share what they claim", () => {
  expect(host("Bridge")).toBe(host("Bridge"));
});

test("a kind of a later version is refused by name", () => {
  expect(() => host("Tunnel")).toThrow("pulumi-netns has no Tunnel: install a version that has");
});
