import { expect, test } from "vitest";
import { detailedDiff } from "../../plugin/detailed-diff.ts";
import { kindOf } from "../../provider/kind-of.ts";
import { UNKNOWN } from "../../provider/schema.ts";

const end = (more: object = {}) => ({ name: "eth0", up: true, mtu: 1500, mac: "02:00:00:00:00:01", ...more });

test.each<[string, string, object, object, object]>([
  ["nothing differs", "Namespace", { name: "red" }, { name: "red" }, {}],
  ["an argument replaces", "Namespace", { name: "red" }, { name: "blue" }, { name: "update-replace" }],
  ["a layer of the picture updates", "Namespace", { name: "red" }, { name: "red", layer: 2 }, { layer: "add" }],
  ["an unknown value replaces", "Namespace", { name: "red" }, { name: UNKNOWN }, { name: "update-replace" }],
  [
    "an argument of a group changes in place",
    "Veth",
    { a: end(), b: end() },
    { a: end({ mtu: 1400 }), b: end() },
    { "a.mtu": "update" },
  ],
  [
    "arguments of both groups are added, removed and changed",
    "Veth",
    { a: end({ altname: "x" }), b: end() },
    { a: end({ namespace: "red" }), b: end({ addresses: ["10.0.0.1/24"] }) },
    { "a.namespace": "add-replace", "a.altname": "delete", "b.addresses": "add" },
  ],
])("%s", (_what, type, was, wanted, expected) => {
  expect(detailedDiff(kindOf(type).schema, was, wanted)).toEqual(expected);
});
