import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { formatValue } from "../../../provider/format-value.ts";
import type { Kind } from "../../../provider/kind.ts";
import { changes, check, UNKNOWN } from "../../../provider/schema.ts";
import { everyArgument, everyExample, everyKind } from "../../support/every-kind.ts";
import { valueAt, withValue } from "../samples.ts";

const failures = (kind: Kind, args: unknown) => {
  const checked = check(kind.schema, args);
  return "failures" in checked ? checked.failures : [];
};

const GROUPS = ["a", "b", "port", "a.port", "netem", "a.netem", "ready"];
const NEVER = [null, [], {}, ["eth0"], -0.5, "", "\n", "x\ny"];
/** The groups in which every argument has a default. */
const OPTIONAL = /\b(port|netem)$/;
/** Lists for which an error names the wrong member. */
const LISTS = /\b(addresses|gateways|peers|rules|flood|nexthops|group|interfaces|arpIpTarget|triggers|perDestination)$/;
/** The arguments that are one value or a list, whose errors name the wrong value. */
const ONE_OR_LIST = /^NatRule (source|destination|protocol|sourcePort|destinationPort|inInterface|outInterface)$/;
/** The lists that may be empty. */
const MAY_BE_EMPTY = /\b(vlans|vnis|nameservers)$/;
/** Texts with any characters. */
const TEXTS = /\bstdin$/;

describe.each(everyArgument)("$type $path", ({ type, kind, args, path, right }) => {
  const isList = (LISTS.test(path) && Array.isArray(valueAt(args, path))) || ONE_OR_LIST.test(`${type} ${path}`);
  const isRight = (value: unknown) =>
    (isList && Array.isArray(value)) ||
    (TEXTS.test(path) && typeof value === "string") ||
    (OPTIONAL.test(path) && isDeepStrictEqual(value, {})) ||
    (MAY_BE_EMPTY.test(path) && isDeepStrictEqual(value, [])) ||
    isDeepStrictEqual(value, right[path]);
  const never = NEVER.filter((value) => !isRight(value));
  test.each(never.map((value) => [formatValue(value), value] as const))(
    "refuses %s and names the argument",
    (shown, value) => {
      const found = failures(kind, withValue(args, path, value));
      expect(found.length).toBeGreaterThan(0);
      for (const { property, reason } of found) {
        if (GROUPS.includes(path)) expect(`${property}.`).toContain(`${path}.`);
        else expect([property, reason]).toEqual([path, expect.stringContaining(`${shown} is not `)]);
      }
    },
  );

  test("may be unknown, and remains unknown", () => {
    const news = withValue(args, path, UNKNOWN);
    expect(check(kind.schema, news)).toEqual({ args: news });
  });

  test("is reported as a change if it is unknown", () => {
    expect(changes(kind.schema, args, withValue(args, path, UNKNOWN))).toMatchObject([{ property: path }]);
  });
});

/** The arguments of the SDK that take an object in place of a number. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  Route: "; in TypeScript also: nexthop, vrf",
  RoutingRule: "; in TypeScript also: vrf",
};

describe.each(everyExample)("a $type", ({ kind, args }) => {
  test("accepts its example unchanged", () => {
    expect(check(kind.schema, args)).toEqual({ args });
  });

  test("refuses an unknown argument, and lists the known ones", () => {
    expect(failures(kind, { ...args, colour: "red" })).toEqual([
      {
        property: "colour",
        reason: `unknown argument; expected one of: ${Object.keys(kind.schema.entries).join(", ")}${SHORTHANDS[kind.type] ?? ""}`,
      },
    ]);
  });

  test.each([null, "x", 1, true, undefined])("refuses %j in place of its arguments", (input) => {
    expect(failures(kind, input)).toMatchObject([{ property: "" }]);
  });
});

describe.each(everyKind)("a $type", ({ type, kind, required, replaces, leftToKernel }) => {
  const its = everyArgument.filter((one) => one.type === type);

  test("is refused without its required arguments", () => {
    const reason = expect.stringMatching(/^missing required argument(: .+)?$/) as string;
    expect(failures(kind, {})).toEqual(required.map((property) => ({ property, reason })));
  });

  test("is replaced for some of its arguments, and updated in place for the others", () => {
    const replacing = its
      .flatMap(({ args, path }) => changes(kind.schema, args, withValue(args, path, UNKNOWN)))
      .flatMap(({ property, replaces }) => (replaces ? [property] : []));
    expect(new Set(replacing)).toEqual(new Set(replaces));
  });

  test("leaves some of its omitted arguments to the kernel, and treats all other omissions as changes", () => {
    const left = its
      .filter(({ args, path }) => !GROUPS.includes(path) && valueAt(args, path) !== undefined)
      .filter(({ args, path }) => changes(kind.schema, args, withValue(args, path, undefined)).length === 0);
    expect(new Set(left.map(({ path }) => path))).toEqual(new Set(leftToKernel));
  });
});
