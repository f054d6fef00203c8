import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Link } from "../../../provider/kernel/tools/ip.ts";
import {
  createWords,
  initialLink,
  initialMac,
  type LinkArgs,
  linkMark,
  updateLink,
  withDefaultMac,
} from "../../../provider/kinds/link.ts";
import { linkClaims, setAltname } from "../../../provider/kinds/link-names.ts";
import { showPlan } from "../../../provider/plan.ts";
import { UNKNOWN } from "../../../provider/schema.ts";
import { interfaceName, namespaceName } from "../../support/arbitraries.ts";
import { MARK } from "../samples.ts";

const SIBLING = "pulumi-netns:lab/dev:other@1123abcd";
const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const place = fc.record({ name: interfaceName, namespace: fc.option(namespaceName, { nil: undefined }) });

describe("the initial MAC address of a link", () => {
  test.each([
    [{ name: "x" }, MARK, "02:39:f2:b4:89:dd"],
    [{ name: "y" }, MARK, "02:2e:a5:99:5e:c0"],
    [{ name: "x", namespace: "red" }, MARK, "02:0b:d3:9b:15:1f"],
    [{ name: "x", namespace: "blue" }, MARK, "02:ee:f5:b8:9e:1d"],
    [{ name: "x" }, STRANGER, "02:db:be:d2:1a:3b"],
    [{ name: "x" }, SIBLING, "02:39:f2:b4:89:dd"],
  ])("of %j for %s is always %s", (at, mark, mac) => {
    expect([initialMac(at, mark), initialMac({ ...at }, mark)]).toEqual([mac, mac]);
  });

  test("is locally administered, unicast, and in the kernel's notation", () => {
    fc.assert(
      fc.property(place, (at) => {
        const mac = initialMac(at, MARK);
        expect(mac).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
        expect(Number.parseInt(mac.slice(0, 2), 16) & 0b11).toBe(0b10);
      }),
    );
  });

  test("depends on the place and on the stack, and not on the resource", () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        fc.pre(one.name !== other.name || one.namespace !== other.namespace);
        expect(initialMac(one, MARK)).not.toBe(initialMac(other, MARK));
        expect(initialMac(one, MARK)).not.toBe(initialMac(one, STRANGER));
        expect(initialMac(one, MARK)).toBe(initialMac(one, SIBLING));
      }),
    );
  });
});

describe("the default MAC address of a link", () => {
  test("is its initial one", () => {
    fc.assert(
      fc.property(place, (at) => {
        expect(withDefaultMac<LinkArgs>({ ...at, up: true }, MARK)).toEqual({
          ...at,
          up: true,
          mac: initialMac(at, MARK),
        });
      }),
    );
  });

  test.each([{ name: UNKNOWN }, { name: "x", namespace: UNKNOWN }])("is not derived while %j is unknown", (link) => {
    expect(withDefaultMac<LinkArgs>({ ...link, up: true }, MARK).mac).toBeUndefined();
  });
});

test.each(["02:00:00:00:00:01", UNKNOWN])("a given MAC address is kept: %s", (mac) => {
  expect(withDefaultMac({ name: "x", up: true, mac }, MARK)).toEqual({ name: "x", up: true, mac });
});

describe("the mark of a link", () => {
  const at = { name: "x", namespace: "red" };
  const OWN = "02:0b:d3:9b:15:1f";

  test.each<[string, Partial<Link>, string | undefined]>([
    ["its alias", { ifalias: MARK, address: "02:00:00:00:00:01" }, MARK],
    ["the mark of the resource if it has the initial MAC address and no alias", { address: OWN }, MARK],
    ["the alias of another resource of the stack, with any MAC address", { ifalias: SIBLING, address: OWN }, SIBLING],
    ["the alias of another stack, with any MAC address", { ifalias: STRANGER, address: OWN }, STRANGER],
    ["the alias that a user set, with any MAC address", { ifalias: "uplink", address: OWN }, "uplink"],
    ["undefined with another MAC address", { address: "02:00:00:00:00:01" }, undefined],
    [
      "undefined with the initial MAC address of a link of this name in another place",
      { address: "02:39:f2:b4:89:dd" },
      undefined,
    ],
    ["undefined with the initial MAC address of another stack", { address: initialMac(at, STRANGER) }, undefined],
    ["undefined without a MAC address", {}, undefined],
  ])("is %s", (_what, more, mark) => {
    expect(linkMark(at, { ifindex: 2, ifname: "x", flags: [], mtu: 1500, addr_info: [], ...more }, MARK)).toBe(mark);
  });

  test("is that of another resource of the stack if that observes it, and undefined for another stack", () => {
    const link = { ifindex: 2, ifname: "x", flags: [], mtu: 1500, address: OWN, addr_info: [] };
    expect([linkMark(at, link, SIBLING), linkMark(at, link, STRANGER)]).toEqual([SIBLING, undefined]);
  });
});

describe("a new link", () => {
  const link = { name: "x", namespace: "red", mac: "02:00:00:00:00:01", master: "br0", up: true };

  test.each([
    ["is created with its name and its initial MAC address", link, ["name", "x", "address", "02:0b:d3:9b:15:1f"]],
    ["is created with its MTU", { ...link, mtu: 1400 }, ["name", "x", "address", "02:0b:d3:9b:15:1f", "mtu", 1400]],
  ])("%s", (_what, args, words) => {
    expect(createWords(args, MARK)).toEqual(words);
  });

  test("is created down, without a bridge and without an alias", () => {
    expect(initialLink({ ...link, mtu: 1400 }, MARK)).toStrictEqual({
      name: "x",
      namespace: "red",
      mac: "02:0b:d3:9b:15:1f",
      mtu: 1400,
      master: undefined,
      up: false,
      alias: undefined,
    });
  });

  test.each([
    [
      "all other arguments and the alias in one command",
      link,
      `ip -n red link set dev x address 02:00:00:00:00:01 master br0 up alias ${MARK}`,
    ],
    [
      "no MAC address if it keeps the initial one",
      withDefaultMac({ name: "x", namespace: "red", up: true }, MARK),
      `ip -n red link set dev x up alias ${MARK}`,
    ],
    ["its alias also if nothing else is set", { name: "x", up: false }, `ip link set dev x alias ${MARK}`],
  ])("is then given %s", (_what, args, text) => {
    expect(showPlan(updateLink(initialLink<LinkArgs>(args, MARK), args, MARK))).toBe(text);
  });
});

test.each([
  ["none of its arguments", {}, ""],
  ["its bridge", { master: "br0" }, "ip link set dev x master br0"],
  [
    "several arguments, in one command",
    { mac: "02:00:00:00:00:02", mtu: 1400, up: false },
    "ip link set dev x address 02:00:00:00:00:02 mtu 1400 down",
  ],
  ["none of the arguments that are left to the kernel", { mac: undefined, mtu: undefined }, ""],
])("a link is updated in %s", (_what, change, text) => {
  const is = { name: "x", mac: "02:00:00:00:00:01", mtu: 1500, up: true };
  expect(showPlan(updateLink({ ...is, alias: MARK }, { ...is, ...change }, MARK))).toBe(text);
});

test.each([
  ["another bridge", "br1", "ip -n red link set dev x master br1"],
  ["no bridge", undefined, "ip -n red link set dev x nomaster"],
])("a port of a bridge becomes the port of %s", (_what, master, text) => {
  const link = { name: "x", namespace: "red", up: true };
  expect(showPlan(updateLink({ ...link, master: "br0", alias: MARK }, { ...link, master }, MARK))).toBe(text);
});

test.each([STRANGER, SIBLING, undefined])(
  "a link with the alias %s gets the mark of the resource as its alias",
  (alias) => {
    const link = { name: "x", up: true };
    expect(showPlan(updateLink({ ...link, alias }, link, MARK))).toBe(`ip link set dev x alias ${MARK}`);
  },
);

const ADD = "ip -n red link property add dev x altname uplink";
const DEL = "ip -n red link property del dev x altname former";

test.each<[string, string[] | undefined, string | undefined, string | undefined, string]>([
  ["is added to a new link", undefined, undefined, "uplink", ADD],
  ["is kept", ["uplink"], "uplink", "uplink", ""],
  ["is added again if it is missing", [], "uplink", "uplink", ADD],
  ["replaces the former one", ["former"], "former", "uplink", `${DEL}\n${ADD}`],
  ["is added without a delete if another link has the former one now", [], "former", "uplink", ADD],
  ["is kept, and the former one is deleted", ["former", "uplink"], "former", "uplink", DEL],
  ["is deleted", ["former"], "former", undefined, DEL],
  ["that a user has added is kept", ["by-hand"], undefined, undefined, ""],
])("an alternative name %s", (_what, altnames, was, desired, text) => {
  const named = (altname: string | undefined) => ({ name: "x", namespace: "red", altname });
  const link = altnames && { ifindex: 2, ifname: "x", flags: [], mtu: 1500, addr_info: [], altnames };
  expect(showPlan(setAltname({ link, was: named(was), desired: named(desired) }))).toBe(text);
});

test.each([
  [{ name: "x" }, [{ name: "interface x" }]],
  [{ name: "x", namespace: "red", altname: "uplink" }, [{ name: "interface red/x" }, { name: "interface red/uplink" }]],
  [{ name: "x", altname: "x" }, [{ name: "interface x" }]],
])("a link %j claims %j", (link, claims) => {
  expect(linkClaims(link)).toEqual(claims);
});
