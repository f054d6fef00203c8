import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkAddress } from "../../../provider/kernel/tools/ip.ts";
import { areInSameNetwork, entryOf, inOrderOf, isOn } from "../../../provider/kinds/address-order.ts";
import { inet, orderOf, textOf } from "./inet.ts";

const [A1, A2, A3] = ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24"];
const [B1, B2, WIDE, SIX] = ["10.1.0.1/24", "10.1.0.2/24", "10.0.0.1/16", "fd00::1/64"];

/** Returns the addresses of a link to which these were added one after the other. */
function linkWith(...texts: string[]): LinkAddress[] {
  const model = inet();
  for (const text of texts) model.add(text);
  return model.link().addr_info;
}

describe("inOrderOf returns addresses", () => {
  test.each<[string, string[], string[], string[]]>([
    ["as given if the kernel has them in this order", [A1, A2], [A1, A2], [A1, A2]],
    ["of one network in the kernel's order", [A2, A1], [A1, A2], [A2, A1]],
    ["of two networks in the kernel's order", [B1, A1], [A1, B1], [B1, A1]],
    ["as given, although the kernel lists all primary ones first", [A1, A2, B1], [A1, A2, B1], [A1, A2, B1]],
    [
      "as given, although the kernel lists the secondary ones in another order",
      [A1, B1, B2, A2],
      [A1, B1, A2, B2],
      [A1, B1, A2, B2],
    ],
    [
      "in the kernel's order if the secondary ones of a network are exchanged",
      [A1, A3, A2],
      [A1, A2, A3],
      [A1, A3, A2],
    ],
    ["in the kernel's order if their networks differ only in the prefix length", [WIDE, A1], [A1, WIDE], [WIDE, A1]],
    ["as given for IPv6, at any place", [A1, SIX, B1], [SIX, A1, B1], [SIX, A1, B1]],
    ["with IPv6 ones at their places if the others move", [B1, SIX, A1], [A1, SIX, B1], [B1, SIX, A1]],
    ["as given, without those of others", [A3, B2, A1, B1], [A1, B1], [A1, B1]],
    ["as given if they do not exist", [A1], [A2, A1, B1], [A2, A1, B1]],
    ["as an empty list for an empty list", [A1, B1], [], []],
  ])("%s", (_what, added, given, expected) => {
    expect(inOrderOf(linkWith(...added), given)).toEqual(expected);
  });

  test("as given if the kernel lists one of the scope host at another place", () => {
    const local: LinkAddress = { family: "inet", local: "10.9.0.1", prefixlen: 32, scope: "host" };
    const entries = [local, ...linkWith(A1)];
    expect(inOrderOf(entries, [A1, "10.9.0.1/32"])).toEqual([A1, "10.9.0.1/32"]);
  });
});

const inetText = fc
  .tuple(fc.constantFrom("10.0.0", "10.0.1", "10.1.0"), fc.integer({ min: 1, max: 4 }), fc.constantFrom(16, 24))
  .map(([network, host, length]) => `${network}.${host}/${length}`);
const address = fc.oneof({ weight: 5, arbitrary: inetText }, fc.constantFrom(SIX, "fd00::2/64"));
const addresses = fc.uniqueArray(address, { maxLength: 6 });

test("addresses that were added in an order are in that order", () => {
  fc.assert(
    fc.property(addresses, (texts) => {
      expect(inOrderOf(linkWith(...texts), texts)).toEqual(texts);
    }),
  );
});

test("addresses are in an order exactly if adding them in it has the same result", () => {
  const orders = addresses.chain((texts) =>
    fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts, { minLength: texts.length })),
  );
  fc.assert(
    fc.property(orders, ([added, given]) => {
      const [is, wouldBe] = [linkWith(...added), linkWith(...given)];
      expect(String(inOrderOf(is, given)) === String(given)).toBe(orderOf(is) === orderOf(wouldBe));
    }),
    { numRuns: 1000 },
  );
});

test("inOrderOf returns the given addresses in an order that it does not change again", () => {
  fc.assert(
    fc.property(addresses, addresses, (added, given) => {
      const entries = linkWith(...added);
      const ordered = inOrderOf(entries, given);
      expect(ordered.toSorted()).toEqual(given.toSorted());
      expect(inOrderOf(entries, ordered)).toEqual(ordered);
      const elsewhere = given.flatMap((text, index) => (text.includes(":") ? [index] : []));
      expect(elsewhere.map((index) => ordered[index])).toEqual(elsewhere.map((index) => given[index]));
    }),
    { numRuns: 1000 },
  );
});

test("an added address is listed at the place where the kernel lists it", () => {
  fc.assert(
    fc.property(fc.uniqueArray(inetText, { maxLength: 5 }), inetText, (texts, text) => {
      fc.pre(!texts.includes(text));
      const listed = linkWith(...texts, text).find((entry) => textOf(entry) === text);
      expect({ scope: "global", ...entryOf(text, linkWith(...texts)) }).toEqual({ secondary: false, ...listed });
    }),
  );
});

test.each([
  [{ address: A1 }, { family: "inet", local: "10.0.0.1", prefixlen: 24 }, true],
  [{ address: A1 }, { family: "inet", local: "10.0.0.1", prefixlen: 16 }, false],
  [{ address: A1 }, { family: "inet", local: "10.0.0.1", prefixlen: 24, address: "10.0.0.9" }, false],
  [{ address: A1, peer: "10.0.0.9" }, { family: "inet", local: "10.0.0.1", prefixlen: 24, address: "10.0.0.9" }, true],
  [{ address: A1, peer: "10.0.0.9" }, { family: "inet", local: "10.0.0.1", prefixlen: 24 }, false],
])("whether an entry is the address of a resource, with its peer: %j, %j", (args, entry, expected) => {
  expect(isOn(entry, { interface: "eth0", ...args })).toBe(expected);
});

test.each([
  [A1, A2, true],
  [A1, B1, false],
  [A1, WIDE, false],
  [A1, SIX, false],
  [SIX, "fd00::2/64", true],
])("whether %s and %s are of the same network: %j", (left, right, expected) => {
  expect([areInSameNetwork(left, right), areInSameNetwork(right, left)]).toEqual([expected, expected]);
});
