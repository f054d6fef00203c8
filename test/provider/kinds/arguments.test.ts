import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { changes, check, given, UNKNOWN } from "../../../provider/schema.ts";
import { everyArgument, samples, valueAt, withValue } from "../samples.ts";

const failures = (kind: (typeof samples)[number]["kind"], args: unknown) => {
  const checked = check(kind.schema, args);
  return "failures" in checked ? checked.failures : [];
};

const GROUPS = ["a", "b"];
const LISTS = /^(Bridge|Veth) .*(addresses|gateways)$/;
/** What is wrong elsewhere, and right here. */
const RIGHT: Readonly<Record<string, unknown>> = {
  "Process command": ["eth0"],
  "Process env": {},
  "Hosts addresses": {},
};
const NEVER = [null, [], {}, ["eth0"], -0.5, "", "\n", "x\ny"];
const neverIn = (path: string) => (LISTS.test(path) ? NEVER.filter((value) => !Array.isArray(value)) : NEVER);

describe.each(everyArgument)("$type $path", ({ type, kind, args, path }) => {
  const never = neverIn(`${type} ${path}`).filter((value) => !isDeepStrictEqual(value, RIGHT[`${type} ${path}`]));
  test.each(never.map((value) => [given(value), value] as const))("refuses %s in its own place", (shown, value) => {
    const found = failures(kind, withValue(args, path, value));
    expect(found.length).toBeGreaterThan(0);
    for (const { property, reason } of found) {
      if (GROUPS.includes(path)) expect(property.split(".")[0]).toBe(path);
      else expect([property, reason]).toEqual([path, expect.stringContaining(`${shown} is not `)]);
    }
  });

  test("may be unknown, and stays so", () => {
    const news = withValue(args, path, UNKNOWN);
    expect(check(kind.schema, news)).toEqual({ args: news });
  });

  test("is a change when it is unknown", () => {
    expect(changes(kind.schema, args, withValue(args, path, UNKNOWN))).toMatchObject([{ property: path }]);
  });
});

describe.each(samples)("a $type", ({ kind, args }) => {
  test("takes its sample as it is", () => {
    expect(check(kind.schema, args)).toEqual({ args });
  });

  test("refuses an argument that it does not have, and names those that it has", () => {
    expect(failures(kind, { ...args, colour: "red" })).toEqual([
      {
        property: "colour",
        reason: `is not an argument here; there are ${Object.keys(kind.schema.entries).join(", ")}`,
      },
    ]);
  });

  test.each([null, "x", 1, true, undefined])("refuses to be %j as a whole", (input) => {
    expect(failures(kind, input)).toMatchObject([{ property: "" }]);
  });
});

test.each([
  ["Namespace", ["name"]],
  ["Bridge", ["name"]],
  ["Veth", ["a", "b"]],
  ["Address", ["interface", "address"]],
  ["Route", ["destination"]],
  ["NatRule", ["type"]],
  ["Sysctl", ["key", "value"]],
  ["Process", ["command"]],
  ["Hosts", ["namespace"]],
])("a %s is refused without %j", (type, required) => {
  const kind = samples.find((sample) => sample.type === type)?.kind;
  expect(kind && failures(kind, {})).toEqual(
    required.map((property) => ({ property, reason: "is missing, and has no default" })),
  );
});

test.each([
  ["Namespace", ["name"]],
  ["Bridge", ["name", "namespace"]],
  ["Veth", ["a", "a.name", "a.namespace", "b", "b.name", "b.namespace"]],
  ["Address", ["interface", "namespace", "address", "peer", "broadcast", "scope"]],
  ["Route", ["namespace", "destination", "metric", "table"]],
  ["NatRule", ["namespace"]],
  ["Sysctl", ["key", "interface", "namespace"]],
  ["Process", ["namespace"]],
  ["Hosts", ["namespace"]],
])("a %s is replaced for %j, and changed in place for the rest", (type, expected) => {
  const replacing = everyArgument
    .filter((one) => one.type === type)
    .flatMap(({ kind, args, path }) => changes(kind.schema, args, withValue(args, path, UNKNOWN)))
    .flatMap(({ property, replaces }) => (replaces ? [property] : []));
  expect(new Set(replacing)).toEqual(new Set(expected));
});

test.each([
  ["Bridge", ["mtu"]],
  ["Veth", []],
  ["Address", ["scope"]],
  ["Route", ["interface", "metric"]],
  ["NatRule", ["family", "priority"]],
  ["Sysctl", []],
  ["Process", []],
  ["Hosts", []],
])("a %s leaves %j to the kernel where it is left out, and takes nothing else for none", (type, expected) => {
  const left = everyArgument
    .filter((one) => one.type === type && !GROUPS.includes(one.path) && valueAt(one.args, one.path) !== undefined)
    .filter(({ kind, args, path }) => changes(kind.schema, args, withValue(args, path, undefined)).length === 0);
  expect(new Set(left.map(({ path }) => path))).toEqual(new Set(expected));
});
