import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjust, type LinkArgs, withMac } from "../../../provider/kinds/link.ts";
import { showPlan } from "../../../provider/plan.ts";
import { UNKNOWN } from "../../../provider/schema.ts";
import { MARK } from "../samples.ts";

const STRANGER = "pulumi-netns:lab/prod:it#0123abcd";
const macOf = (link: { name: string; namespace?: string }, mark = MARK) =>
  withMac<LinkArgs>({ ...link, up: true }, mark).mac;

describe("the MAC address of a link that is given none", () => {
  test("is locally administered, of one interface, and in the kernel's spelling", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(macOf({ name })).toMatch(/^02(:[0-9a-f]{2}){5}$/);
      }),
    );
  });

  test("follows from the stack, the namespace and the name", () => {
    const all = [
      macOf({ name: "x" }),
      macOf({ name: "y" }),
      macOf({ name: "x", namespace: "red" }),
      macOf({ name: "x", namespace: "blue" }),
      macOf({ name: "x" }, STRANGER),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(macOf({ name: "x", namespace: "red" })).toBe(macOf({ name: "x", namespace: "red" }));
  });

  test("does not depend on which resource of the stack makes the link", () => {
    expect(macOf({ name: "x" }, MARK.replace("it#0", "other#1"))).toBe(macOf({ name: "x" }));
  });

  test.each([{ name: UNKNOWN }, { name: "x", namespace: UNKNOWN }])("is not told as long as %j is unknown", (link) => {
    expect(macOf(link)).toBeUndefined();
  });
});

test.each(["02:00:00:00:00:01", UNKNOWN])("a MAC address that is given stays: %s", (mac) => {
  expect(withMac({ name: "x", up: true, mac }, MARK)).toEqual({ name: "x", up: true, mac });
});

test.each([
  ["nothing", {}, ""],
  ["its place under a bridge", { master: "br0" }, "ip link set dev x master br0"],
  [
    "several things, in one command",
    { mac: "02:00:00:00:00:02", mtu: 1400, up: false },
    "ip link set dev x address 02:00:00:00:00:02 mtu 1400 down",
  ],
  ["what it leaves to the kernel", { mac: undefined, mtu: undefined }, ""],
])("a link is adjusted in %s", (_what, change, text) => {
  const is = { name: "x", mac: "02:00:00:00:00:01", mtu: 1500, up: true };
  expect(showPlan(adjust({ ...is, mark: MARK }, { ...is, ...change }, MARK))).toBe(text);
});

test.each([
  ["another", "br1", "ip -n red link set dev x master br1"],
  ["none", undefined, "ip -n red link set dev x nomaster"],
])("a port of a bridge becomes the port of %s", (_what, master, text) => {
  const link = { name: "x", namespace: "red", up: true };
  expect(showPlan(adjust({ ...link, master: "br0", mark: MARK }, { ...link, master }, MARK))).toBe(text);
});

test("a link that bears another mark is given the own", () => {
  const link = { name: "x", up: true };
  expect(showPlan(adjust({ ...link, mark: STRANGER }, link, MARK))).toBe(`ip link set dev x alias '${MARK}'`);
});
