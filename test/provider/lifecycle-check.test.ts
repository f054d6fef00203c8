import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { markOf } from "../../provider/owner.ts";
import type { Properties } from "../../provider/properties.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { everyArgument } from "../support/every-kind.ts";
import { bridgeArgs, MARK, withValue } from "./samples.ts";
import { untouched } from "./script.ts";

const mark = (name: string, stack = "dev") => markOf({ project: "lab", stack, name, urn: `urn:${name}` });

describe("a check", () => {
  const life = lifecycles(untouched).get("Bridge");

  test("returns the normal form with the derived values, and leaves the engine's properties unchanged", () => {
    const hidden = { __mark: MARK, __on: ["x"], __adopt: true, __reference: false, __provider: "code" };
    const checked = life?.check({}, { name: "br0", mac: "02:00:00:00:00:0A", ...hidden });
    const generation = expect.stringMatching(/^[0-9a-f]{8}$/);
    expect(checked).toEqual({
      inputs: {
        ...bridgeArgs({ mac: "02:00:00:00:00:0a" }),
        ...hidden,
        __generations: {
          self: {
            object: generation,
            ipv6: generation,
            routes: generation,
            ipv4: generation,
            neighbors: generation,
            membership: generation,
          },
        },
      },
      failures: [],
    });
  });

  test("returns the arguments as given if it fails", () => {
    const news = { name: "br 0", up: "yes", __mark: MARK };
    const checked = life?.check({}, news);
    expect(checked?.inputs).toEqual(news);
    expect(checked?.failures?.map((failure) => failure.property)).toEqual(["name", "up"]);
  });
});

/** Completes the key of an interface's sysctl with the name of the interface, if that is known. */
const spelled = (args: Record<string, unknown>): object =>
  typeof args["key"] === "string" && typeof args["interface"] === "string" && args["interface"] !== UNKNOWN
    ? { ...args, key: args["key"].replace("{interface}", args["interface"]) }
    : args;

describe("an unknown value", () => {
  const checked = (type: string, args: object) =>
    lifecycles(untouched)
      .get(type)
      ?.check({}, { ...args, __mark: MARK });
  const withUnknown = everyArgument.map(({ type, args, path }) => [type, path, args] as const);

  test.each(withUnknown)("of %s %s is returned unchanged", (type, path, args) => {
    const news = withValue(args, path, UNKNOWN);
    const { inputs, failures } = checked(type, news) ?? {};
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(spelled(news));
  });
});

test.each([
  ["Bridge", { name: UNKNOWN }, "mac"],
  ["Bridge", { name: "x", namespace: UNKNOWN }, "mac"],
  ["Route", { destination: "default", via: UNKNOWN }, "metric"],
  ["NatRule", { type: "masquerade", source: UNKNOWN }, "family"],
  ["NatRule", { type: UNKNOWN }, "priority"],
])("a check of %s %j does not guess the value of %s", (type, args, property) => {
  const { inputs } =
    lifecycles(untouched)
      .get(type)
      ?.check({}, { ...args, __mark: MARK }) ?? {};
  expect(inputs).not.toHaveProperty(property);
});

describe("a diff", () => {
  const life = lifecycles(untouched).get("Bridge");
  const olds: Properties = {
    name: "br0",
    up: true,
    stp: false,
    vlanFiltering: false,
    mac: "02:00:00:00:00:01",
    __mark: MARK,
  };
  const diff = (changed: object, before: object = {}) =>
    life?.diff("br0", { ...olds, ...before }, { ...olds, ...changed });

  test.each([
    ["nothing changes", {}, false, []],
    ["an argument changes", { stp: true }, true, []],
    ["the name changes", { name: "br1" }, true, ["name"]],
    ["only the mark changes", { __mark: mark("other") }, true, []],
    ["the engine's own properties change", { __provider: "other code" }, false, []],
    ["the name is unknown", { name: UNKNOWN }, true, ["name"]],
    ["adopt is set to true", { __adopt: true }, false, []],
    ["adopt is set to false", { __adopt: false }, false, []],
    ["adopt is set to true and an argument changes", { __adopt: true, stp: true }, true, []],
    ["adopt is set to true and the name changes", { __adopt: true, name: "br1" }, true, ["name"]],
    ["it becomes a reference", { __reference: true }, false, []],
  ])("has the right result if %s", (_when, changed, changes, replaces) => {
    expect(diff(changed)).toEqual({ changes, replaces, deleteBeforeReplace: true });
  });

  test.each([{}, { __adopt: false }])("shows no change if adopt changes from true to %j", (changed) => {
    expect(diff(changed, { __adopt: true })).toEqual({ changes: false, replaces: [], deleteBeforeReplace: true });
  });

  test.each([
    ["is the same", ["x"], ["x"], false, []],
    ["is added", ["x"], ["y", "x"], false, []],
    ["is the first one", undefined, ["x"], false, []],
    ["is removed", ["x", "y"], ["x"], false, []],
    ["is recreated", ["x#1", "y#1"], ["x#1", "y#2"], true, ["__on"]],
    ["is another one", ["x"], ["y"], true, ["__on"]],
    ["is no longer named", ["x"], undefined, true, ["__on"]],
  ])("has the right result if a link to which the object is attached %s", (_when, before, after, changes, replaces) => {
    expect(diff({ __on: after }, { __on: before })).toEqual({ changes, replaces, deleteBeforeReplace: true });
  });
});
