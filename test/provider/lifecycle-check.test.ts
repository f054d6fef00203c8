import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { markOf } from "../../provider/owner.ts";
import type { Properties } from "../../provider/properties.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { everyArgument } from "../support/every-kind.ts";
import { bridgeArgs, MARK, withValue } from "./samples.ts";
import { untouched } from "./script.ts";

const mark = (name: string, stack = "dev") => markOf({ project: "lab", stack, name, urn: `urn:${name}` });

/** A program that is being run: what its resources are refused with, in the order in which they come. */
function program() {
  const lives = lifecycles(untouched);
  return (type: string, name: string, args: object) => {
    const { failures = [] } = lives.get(type)?.check({}, { ...args, __mark: mark(name) }) ?? {};
    return failures;
  };
}

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

describe("two resources that claim one name", () => {
  const NAME = "give one of them another name";
  test.each([
    ["Namespace", { name: "red" }, { name: "red" }, "namespace red", NAME],
    ["Bridge", { name: "br0" }, { name: "br0", stp: true }, "interface br0", NAME],
    ["Bridge", { name: "x", namespace: "red" }, { name: "x", namespace: "red" }, "interface red/x", NAME],
    [
      "Address",
      { interface: "x", address: "10.0.0.1/8" },
      { interface: "x", address: "10.0.0.1/8", scope: "link" },
      "address x/10.0.0.1/8",
      "remove one of them",
    ],
    [
      "Route",
      { destination: "default", via: "10.0.0.1" },
      { destination: "0.0.0.0/0", via: "10.0.0.2" },
      "route inet/default/table/254/metric/0",
      "give one of them another metric or table; of the routes to a destination, the kernel uses the one with the lowest metric",
    ],
    [
      "Sysctl",
      { key: "net.core.somaxconn", value: "1" },
      { key: "net/core/somaxconn", value: "2" },
      "sysctl net.core.somaxconn",
      "remove one of them",
    ],
    [
      "Hosts",
      { namespace: "red", nameservers: ["10.0.0.1"] },
      { namespace: "red", addresses: { web: "10.0.0.1" } },
      "hosts of red",
      "merge the two into one resource",
    ],
    [
      "Sysctl",
      { key: "net.ipv4.ip_forward", value: "1" },
      { key: "net.ipv4.conf.all.forwarding", value: "0" },
      "sysctl net.ipv4.ip_forward",
      "remove one of them",
    ],
    [
      "Sysctl",
      { key: "net.ipv4.conf.eth0.rp_filter", value: "1", namespace: "red" },
      { key: "net.ipv4.conf.{interface}.rp_filter", interface: "eth0", value: "2", namespace: "red" },
      "sysctl red/net.ipv4.conf.eth0.rp_filter",
      "remove one of them",
    ],
  ])("%s %j and %j fail", (type, one, other, name, remedy) => {
    const check = program();
    expect(check(type, "first", one)).toEqual([]);
    expect(check(type, "second", other)).toEqual([
      {
        property: "",
        reason: `${type} first and ${type} second declare the same ${name}\n  help: ${remedy}`,
      },
    ]);
  });

  test("fail also where they are of two kinds, at either end", () => {
    const check = program();
    expect(check("Bridge", "bridge", { name: "x", namespace: "red" })).toEqual([]);
    const wire = { a: { name: "x" }, b: { name: "x", namespace: "red" } };
    expect(check("Veth", "wire", wire).map(({ reason }) => reason)).toEqual([
      expect.stringContaining(`Bridge bridge and Veth wire declare the same interface red/x\n`),
    ]);
  });

  test.each([
    ["Bridge", { name: "x" }, { name: "x", namespace: "red" }],
    ["Bridge", { name: UNKNOWN }, { name: UNKNOWN }],
    ["Bridge", { name: "x", namespace: UNKNOWN }, { name: "x", namespace: UNKNOWN }],
    ["Veth", { a: { name: UNKNOWN }, b: { name: "x" } }, { a: { name: UNKNOWN }, b: { name: "y" } }],
    ["Veth", { a: UNKNOWN, b: { name: "x" } }, { a: UNKNOWN, b: { name: "y" } }],
    ["Route", { destination: "default", via: "10.1.0.1" }, { destination: "default", via: UNKNOWN }],
    [
      "Route",
      { destination: "10.0.0.0/8", via: "10.1.0.1" },
      { destination: "10.0.0.0/8", via: "10.1.0.1", metric: 5 },
    ],
    ["Route", { destination: "10.0.0.0/8", via: "10.1.0.1" }, { destination: "10.0.0.0/8", via: "10.1.0.1", table: 5 }],
    ["Route", { destination: "default", via: "10.1.0.1" }, { destination: "default", via: "fd00::1" }],
    ["NatRule", { type: "masquerade" }, { type: "masquerade" }],
    ["Sysctl", { key: "net.core.somaxconn", value: "1" }, { key: "net/core/somaxconn", value: "1" }],
    ["Sysctl", { key: "net.ipv4.ip_forward", value: "1" }, { key: "net.ipv4.conf.all.forwarding", value: "1" }],
    ["Sysctl", { key: "net.core.somaxconn", value: "1" }, { key: "net.core.somaxconn", value: "2", namespace: "red" }],
  ])("are not %s %j and %j", (type, one, other) => {
    const check = program();
    expect([check(type, "first", one), check(type, "second", other)]).toEqual([[], []]);
  });

  test("are not one resource that is checked twice", () => {
    const check = program();
    expect([check("Bridge", "one", { name: "x" }), check("Bridge", "one", { name: "x" })]).toEqual([[], []]);
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
