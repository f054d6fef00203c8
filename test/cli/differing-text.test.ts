import { expect, test } from "vitest";
import { differingText } from "../../cli/differing-text.ts";
import type { ResourceStatus } from "../../inspect/status.ts";

const route = (name: string, more: Partial<ResourceStatus>): ResourceStatus => ({
  ...{ type: "Route", name, id: name, host: undefined, namespace: "red", condition: "missing" },
  ...{ drift: [], log: undefined, owner: undefined, ...more },
});

const HELP = "  help: `pulumi-netns status` shows the differences, and `pulumi up --refresh` reverts them";

test("resources that differ from the state are named below a trace, and others are not", () => {
  const drift = [{ property: "via", was: "10.0.0.1", is: "10.0.0.9" }];
  const all = [
    route("here", { condition: "up" }),
    route("elsewhere", { condition: "unknown" }),
    route("gone", {}),
    route("changed", { condition: "drifted", drift }),
  ];
  expect(differingText(all, [])?.split("\n")).toEqual([
    "the kernel differs from the stack's state, which may be the cause:",
    "  Route gone is missing",
    "  Route changed has drifted: via 10.0.0.1 → 10.0.0.9",
    HELP,
  ]);
  expect(differingText(all.slice(0, 2), [])).toBeUndefined();
});

test("only the first eight of many resources that differ are named", () => {
  const lines = differingText(
    Array.from({ length: 10 }, (_, index) => route(`r${index}`, {})),
    [],
  )?.split("\n");
  expect(lines?.slice(8)).toEqual(["  Route r7 is missing", "  and 2 more", HELP]);
});

test("the resources and objects of the places that the packet has passed are named first", () => {
  const pair = route("wire", { type: "Veth", id: "red/eth0:blue/eth1", namespace: undefined });
  const all = [route("far", { namespace: "green" }), pair, route("near", { namespace: "blue" })];
  const objects = ["green", "blue"].map((place) => ({
    place,
    what: "route" as const,
    link: undefined,
    text: "default",
  }));
  const named = (...places: string[]) =>
    [...(differingText(all, objects, new Set(places))?.matchAll(/^ {2}(\w+ \w+)(?: is missing| in )/gm) ?? [])].map(
      ([line]) => line.trim(),
    );
  expect(named("blue")).toEqual([
    "Veth wire is missing",
    "Route near is missing",
    "Route far is missing",
    "route default in",
    "route default in",
  ]);
  expect(differingText([], objects, new Set(["blue"]))).toMatch(/route default in blue\n {2}route default in green/);
});
