import { expect, test } from "vitest";
import * as kinds from "../../../provider/kinds/index.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";

const failures = (kind: { schema: Parameters<typeof check>[0] }, args: object) => {
  const checked = check(kind.schema, args);
  return "failures" in checked ? checked.failures : [];
};

const why = (address: string, mtu: number) =>
  `"${address}" is an IPv6 address, which requires an mtu of at least 1280; the mtu is ${mtu}`;

/** Arguments of an end of a pair, or of a bridge, each with the expected error. */
const cases: [object, { at: string; reason: string } | undefined][] = [
  [
    { mtu: 1279, addresses: ["10.0.0.1/24", "fd00::1/64"] },
    { at: "addresses", reason: why("fd00::1/64", 1279) },
  ],
  [
    { mtu: 68, addresses: ["FD00:0::1/64"] },
    { at: "addresses", reason: why("fd00::1/64", 68) },
  ],
  [{ mtu: 1280, addresses: ["fd00::1/64"] }, undefined],
  [{ addresses: ["fd00::1/64"] }, undefined],
  [{ mtu: 576, addresses: ["10.0.0.1/24"] }, undefined],
  [{ mtu: 576 }, undefined],
  [{ mtu: UNKNOWN, addresses: ["fd00::1/64"] }, undefined],
  [{ mtu: 576, addresses: UNKNOWN }, undefined],
  [
    { mtu: 576, addresses: [UNKNOWN, "fd00::1/64"] },
    { at: "addresses", reason: why("fd00::1/64", 576) },
  ],
];

test.each([
  ...cases,
  [
    { mtu: 576, gateways: ["fe80::1"] },
    { at: "gateways", reason: why("fe80::1", 576) },
  ] as const,
])("the MTU of an end must be large enough for IPv6: %j", (end, fault) => {
  const expected = (name: string) =>
    fault === undefined ? [] : [{ property: `${name}.${fault.at}`, reason: fault.reason }];
  const plain = { name: "other" };
  expect(failures(kinds.veth, { a: { name: "e", ...end }, b: plain })).toEqual(expected("a"));
  expect(failures(kinds.veth, { a: plain, b: { name: "e", ...end } })).toEqual(expected("b"));
});

test.each(cases)("the MTU of a bridge must be large enough for IPv6: %j", (bridge, fault) => {
  expect(failures(kinds.bridge, { name: "br0", ...bridge })).toEqual(
    fault === undefined ? [] : [{ property: fault.at, reason: fault.reason }],
  );
});
