import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bridge } from "../../provider/kinds/index.ts";
import { check } from "../../provider/schema.ts";
import { interfaceNames } from "../../sdk/components/names.ts";

const anything = fc.string({ unit: fc.constantFrom(..."abz09-._/: %ü🦑"), minLength: 1, maxLength: 140 });

describe("the names of an interface", () => {
  test.each([
    ["eth0", { name: "eth0" }],
    ["fifteen-letters", { name: "fifteen-letters" }],
    ["sixteen--letters", { name: "sixteen--98e639", altname: "sixteen--letters" }],
    ["lan/red", { name: "lan_red-fb1c8d" }],
  ])("of %s have the expected form", (full, names) => {
    expect(interfaceNames(full)).toEqual(names);
  });

  test("are valid names of a link, and unique", () => {
    fc.assert(
      fc.property(anything, anything, anything, (start, end, ending) => {
        const [one, other] = [start + end, start + ending];
        const names = interfaceNames(one);
        expect(Buffer.byteLength(names.name)).toBeLessThanOrEqual(15);
        expect(check(bridge.schema, names)).toHaveProperty("args");
        expect(interfaceNames(one)).toEqual(names);
        if (one !== other) expect(interfaceNames(other).name).not.toBe(names.name);
      }),
    );
  });

  test("begin with the full name, which is the alternative name if it is not too long", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{15,139}$/), (full) => {
        const { name, altname } = interfaceNames(full);
        expect(full.startsWith(name.slice(0, 8))).toBe(true);
        expect(altname).toBe(full.length > 127 ? undefined : full);
      }),
    );
  });
});
