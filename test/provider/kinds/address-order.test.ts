import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkAddress } from "../../../provider/kernel/tools/ip.ts";
import { areInSameNetwork, entryOf, inOrderOf, isOn } from "../../../provider/kinds/address-order.ts";
import { inet, orderOf, textOf } from "./inet.ts";

const [A1, A2, A3] = ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24"];
const [B1, B2, WIDE, SIX] = ["10.1.0.1/24", "10.1.0.2/24", "10.0.0.1/16", "fd00::1/64"];

/** A link that was given addresses, one after the other. */
function linkWith(...texts: string[]): LinkAddress[] {
  const model = inet();
  for (const text of texts) model.add(text);
  return model.link().addr_info;
}

describe("addresses are", () => {
  test.each<[string, string[], string[], string[]]>([
    ["as given where the kernel has them so", [A1, A2], [A1, A2], [A1, A2]],
    ["in the kernel's order, of one network", [A2, A1], [A1, A2], [A2, A1]],
    ["in the kernel's order, of two networks", [B1, A1], [A1, B1], [B1, A1]],
    ["as given, though the kernel lists all primary ones first", [A1, A2, B1], [A1, A2, B1], [A1, A2, B1]],
    ["as given, though the kernel lists the others otherwise", [A1, B1, B2, A2], [A1, B1, A2, B2], [A1, B1, A2, B2]],
    ["in the kernel's order where the further ones of a network are changed", [A1, A3, A2], [A1, A2, A3], [A1, A3, A2]],
    ["of two networks where their lengths differ", [WIDE, A1], [A1, WIDE], [WIDE, A1]],
    ["as given for IPv6, wherever it stands", [A1, SIX, B1], [SIX, A1, B1], [SIX, A1, B1]],
    ["with IPv6 in its place, where the others move", [B1, SIX, A1], [A1, SIX, B1], [B1, SIX, A1]],
    ["as given without what others have put there", [A3, B2, A1, B1], [A1, B1], [A1, B1]],
    ["as given where they are not there", [A1], [A2, A1, B1], [A2, A1, B1]],
    ["none where none are given", [A1, B1], [], []],
  ])("%s", (_what, added, given, expected) => {
    expect(inOrderOf(linkWith(...added), given)).toEqual(expected);
  });

  test("as given where the kernel lists one of the host alone elsewhere", () => {
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

test("addresses are in an order exactly when adding them in it comes to the same", () => {
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

test("addresses in the kernel's order are the given ones, in an order that is then the right one", () => {
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

test("an address that is added behind others is listed as the kernel lists it", () => {
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
])("an entry is an address of a resource, with its peer: %j, %j", (args, entry, expected) => {
  expect(isOn(entry, { interface: "eth0", ...args })).toBe(expected);
});

test.each([
  [A1, A2, true],
  [A1, B1, false],
  [A1, WIDE, false],
  [A1, SIX, false],
  [SIX, "fd00::2/64", true],
])("%s and %s are of one network: %j", (left, right, expected) => {
  expect([areInSameNetwork(left, right), areInSameNetwork(right, left)]).toEqual([expected, expected]);
});
