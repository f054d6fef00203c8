import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePlaceId, placeId } from "../../provider/kind.ts";
import * as sdk from "../../sdk/index.ts";
import { interfaceName, namespaceName } from "../support/arbitraries.ts";
import { everyKind } from "../support/every-kind.ts";
import { MARK, ready } from "./samples.ts";

test.each([
  ["br0", { name: "br0" }],
  ["red/br0", { namespace: "red", name: "br0" }],
  ["eth0.1@x", { name: "eth0.1@x" }],
  ["-/..", { namespace: "-", name: ".." }],
])("the id %s is parsed into %j", (id, at) => {
  expect(parsePlaceId(id)).toStrictEqual(at);
});

test("a place is written as an id and parsed again, for any names", () => {
  fc.assert(
    fc.property(fc.option(namespaceName, { nil: undefined }), interfaceName, (namespace, name) => {
      const at = { ...(namespace !== undefined && { namespace }), name };
      expect(parsePlaceId(placeId(namespace, name))).toStrictEqual(at);
    }),
  );
});

const located = everyKind.flatMap(({ kind: { argsFromId, ...kind }, ...one }) =>
  argsFromId === undefined ? [] : [{ ...one, kind, argsFromId }],
);

test("the kinds whose objects are found by an id are those whose classes have a get", () => {
  const classes = Object.values<object>(sdk).filter((one) => "get" in one && one instanceof Function);
  expect(classes.map(({ name }) => name).sort()).toEqual(located.map(({ type }) => type).sort());
});

describe.each(located)("a $type", ({ type, kind, argsFromId, args }) => {
  test("is found by its id, in its place only", () => {
    fc.assert(
      fc.property(args, (some) => {
        const own = ready({ ...kind, argsFromId }, some);
        const id = kind.id(own, MARK);
        expect(kind.id(argsFromId(id), MARK)).toBe(id);
        const located = kind.claims(argsFromId(id), MARK);
        expect(located).toHaveLength(type === "Veth" ? 2 : 1);
        // An alternative name of a link is not a part of its id.
        expect(kind.claims(own, MARK)).toEqual(expect.arrayContaining([...located]));
      }),
    );
  });
});

/** The options of a new bridge. */
const BRIDGE = {
  stp: false,
  priority: 32_768,
  forwardDelay: 15,
  helloTime: 2,
  maxAge: 20,
  ageingTime: 300,
  mcastSnooping: true,
  mcastQuerier: false,
  groupFwdMask: 0,
  vlanFiltering: false,
  vlanProtocol: "802.1Q",
};

test.each([
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "br0", { name: "br0", up: true, ...BRIDGE }],
  ["Bridge", "red/br0", { namespace: "red", name: "br0", up: true, ...BRIDGE }],
  ["Ifb", "red/ifb0", { namespace: "red", name: "ifb0", up: true }],
  [
    "Veth",
    "red/left:right",
    { a: { namespace: "red", name: "left", mtu: 1500, up: true }, b: { name: "right", mtu: 1500, up: true } },
  ],
  [
    "Veth",
    "left:blue/right",
    { a: { name: "left", mtu: 1500, up: true }, b: { namespace: "blue", name: "right", mtu: 1500, up: true } },
  ],
])("the %s of the id %s is %j", (type, id, args) => {
  expect(located.find((one) => one.type === type)?.argsFromId(id)).toStrictEqual(args);
});
