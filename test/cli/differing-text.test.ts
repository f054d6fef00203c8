import { expect, test } from "vitest";
import { differingText, type Loss } from "../../cli/differing-text.ts";
import type { ResourceStatus } from "../../inspect/status.ts";

const route = (name: string, more: Partial<ResourceStatus>): ResourceStatus => ({
  ...{ type: "Route", name, id: name, host: undefined, namespace: "red", condition: "missing" },
  ...{ drift: [], log: undefined, owner: undefined, ...more },
});

const ofLoss = (more: Partial<Loss> = {}): Loss => ({
  ...{ places: new Set(), families: new Set(["inet"] as const), isExplained: false },
  ...more,
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
  expect(differingText(all, [], ofLoss())?.split("\n")).toEqual([
    "the kernel differs from the stack's state, which may be the cause:",
    "  Route gone is missing",
    "  Route changed has drifted: via 10.0.0.1 → 10.0.0.9",
    HELP,
  ]);
  expect(differingText(all.slice(0, 2), [], ofLoss())).toBeUndefined();
});

test("a foreign object has a help of its own, since no up reverts it", () => {
  const all = [route("taken", { condition: "foreign" }), route("gone", {})];
  expect(differingText(all, [], ofLoss())?.split("\n")).toEqual([
    "foreign objects have the names of these resources, which may be the cause:",
    "  Route taken is foreign",
    "  help: `pulumi up` changes none of them, and fails: if an object is no longer needed, delete it, and run `pulumi up --refresh`",
    "",
    "the kernel differs from the stack's state, which may be the cause:",
    "  Route gone is missing",
    HELP,
  ]);
});

test("only the first eight of many resources that differ are named", () => {
  const lines = differingText(
    Array.from({ length: 10 }, (_, index) => route(`r${index}`, {})),
    [],
    ofLoss(),
  )?.split("\n");
  expect(lines?.slice(8)).toEqual(["  Route r7 is missing", "  and 2 more", HELP]);
});

test("the resources and objects of the places that the packet has passed are named first", () => {
  const pair = route("wire", { type: "Veth", id: "red/eth0:blue/eth1", namespace: undefined });
  const all = [route("far", { namespace: "green" }), pair, route("near", { namespace: "blue" })];
  const objects = ["green", "blue"].map((place) => ({
    place,
    what: "route" as const,
    family: undefined,
    link: undefined,
    text: "default",
  }));
  const named = (...places: string[]) =>
    [
      ...(differingText(all, objects, ofLoss({ places: new Set(places) }))?.matchAll(
        /^ {2}(\w+ \w+)(?: is missing| in )/gm,
      ) ?? []),
    ].map(([line]) => line.trim());
  expect(named("blue")).toEqual([
    "Veth wire is missing",
    "Route near is missing",
    "Route far is missing",
    "route default in",
    "route default in",
  ]);
  expect(differingText([], objects, ofLoss({ places: new Set(["blue"]) }))).toMatch(
    /route default in blue\n {2}route default in green/,
  );
});

test("of the objects that were made by hand, those of another family are left out, and those of other places if the loss is explained", () => {
  const object = (place: string, family: "inet" | "inet6" | undefined, text: string) => ({
    ...{ place, family, text, link: undefined, what: "route" as const },
  });
  const all = [
    object("green", "inet", "8.8.8.0/24 via 10.0.0.1"),
    object("blue", "inet6", "default via fd00::1"),
    object("blue", undefined, "default dev tun0"),
  ];
  const shown = (more: Partial<Loss>) => differingText([], all, ofLoss(more))?.split("\n").slice(1, -1);
  const places = new Set(["blue"]);
  const [inGreen, sixInBlue, anyInBlue] = all.map(({ text, place }) => `  route ${text} in ${place}`);
  expect(shown({ places })).toEqual([anyInBlue, inGreen]);
  expect(shown({ places, isExplained: true })).toEqual([anyInBlue]);
  expect(shown({ places, isExplained: true, families: new Set(["inet6"]) })).toEqual([sixInBlue, anyInBlue]);
  expect(shown({ places: new Set(["red"]), isExplained: true })).toBeUndefined();
});
