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

  test("gives back the normal form with all that follows, and leaves what is the engine's alone", () => {
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
            neighbors: generation,
            membership: generation,
          },
        },
      },
      failures: [],
    });
  });

  test("that fails gives the arguments back as they came", () => {
    const news = { name: "br 0", up: "yes", __mark: MARK };
    const checked = life?.check({}, news);
    expect(checked?.inputs).toEqual(news);
    expect(checked?.failures?.map((failure) => failure.property)).toEqual(["name", "up"]);
  });
});

/** The key of an interface's sysctl has the name of the interface once that is known. */
const spelled = (args: Record<string, unknown>): object =>
  typeof args["key"] === "string" && typeof args["interface"] === "string" && args["interface"] !== UNKNOWN
    ? { ...args, key: args["key"].replace("{interface}", args["interface"]) }
    : args;

describe("what is unknown", () => {
  const checked = (type: string, args: object) =>
    lifecycles(untouched)
      .get(type)
      ?.check({}, { ...args, __mark: MARK });
  const withUnknown = everyArgument.map(({ type, args, path }) => [type, path, args] as const);

  test.each(withUnknown)("in the place of %s %s comes back as it is", (type, path, args) => {
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
])("a check of %s %j does not guess its %s", (type, args, property) => {
  const { inputs } =
    lifecycles(untouched)
      .get(type)
      ?.check({}, { ...args, __mark: MARK }) ?? {};
  expect(inputs).not.toHaveProperty(property);
});

describe("a difference", () => {
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
    ["the mark alone changes", { __mark: mark("other") }, true, []],
    ["the engine's own properties change", { __provider: "other code" }, false, []],
    ["the name is unknown", { name: UNKNOWN }, true, ["name"]],
    ["it is to be taken over", { __adopt: true }, false, []],
    ["it is not to be taken over", { __adopt: false }, false, []],
    ["it is to be taken over, and an argument changes", { __adopt: true, stp: true }, true, []],
    ["it is to be taken over, and the name changes", { __adopt: true, name: "br1" }, true, ["name"]],
    ["it is a reference", { __reference: true }, false, []],
  ])("when %s", (_when, changed, changes, replaces) => {
    expect(diff(changed)).toEqual({ changes, replaces, deleteBeforeReplace: true });
  });

  test.each([{}, { __adopt: false }])("when it is no more to be taken over, as %j tells", (changed) => {
    expect(diff(changed, { __adopt: true })).toEqual({ changes: false, replaces: [], deleteBeforeReplace: true });
  });

  test.each([
    ["stays", ["x"], ["x"], false, []],
    ["is gained", ["x"], ["y", "x"], false, []],
    ["is the first", undefined, ["x"], false, []],
    ["is lost", ["x", "y"], ["x"], true, ["__on"]],
    ["is another's", ["x"], ["y"], true, ["__on"]],
    ["is no more told", ["x"], undefined, true, ["__on"]],
  ])("when a link that the object lies on %s", (_when, before, after, changes, replaces) => {
    expect(diff({ __on: after }, { __on: before })).toEqual({ changes, replaces, deleteBeforeReplace: true });
  });
});
