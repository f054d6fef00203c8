import fc from "fast-check";
import { expect, test } from "vitest";
import { quoted } from "../../provider/kernel/nft.ts";
import { digest, markOf, resourceOf, stackOf } from "../../provider/owner.ts";
import { hostile } from "../support/arbitraries.ts";

const text = fc.oneof(
  fc.string({ minLength: 1, unit: "binary", maxLength: 100 }),
  fc.stringMatching(/^[a-z0-9-]{1,100}$/),
  hostile,
);
const identity = fc.record({ project: text, stack: text, name: text, urn: text });
const usual = { project: "lab", stack: "dev", name: "red", urn: "urn:pulumi:dev::lab::netns:Namespace::red" };

test("a mark names the stack and the resource, and ends in a hash of the URN", () => {
  expect(markOf(usual)).toMatch(/^pulumi-netns:lab\/dev:red@[0-9a-f]{8}$/);
});

test.each([
  [{ project: "my lab", stack: "dev:1" }, "my_lab/dev_1"],
  [{ project: 'a"b', stack: "c\nd" }, "a_b/c_d"],
  [{ project: "läb", stack: "$(id)" }, "l_b/__id_"],
])("the names %j are made plain", (names, stack) => {
  expect(stackOf(markOf({ ...usual, ...names }))).toBe(stack);
});

test("any names make a mark that fits an nft comment, that nft can read back, and that tells its stack", () => {
  fc.assert(
    fc.property(identity, (who) => {
      const mark = markOf(who);
      expect(Buffer.byteLength(mark)).toBeLessThanOrEqual(127);
      expect(mark).toMatch(/^pulumi-netns:[\w./~-]+:[\w./~-]+@[0-9a-f]{8}$/);
      expect(quoted(mark)).toBe(`"${mark}"`);
      expect(mark).toBe(`pulumi-netns:${stackOf(mark)}:${mark.split(":")[2]}`);
    }),
  );
});

test("a mark tells its resource, and other text tells none", () => {
  expect(resourceOf(markOf(usual))).toBe("red");
  expect(resourceOf(markOf({ ...usual, name: "x".repeat(100) }))).toMatch(/^x{23}-[0-9a-f]{8}$/);
  expect(resourceOf("pulumi-netns:lab/dev:red")).toBeUndefined();
});

test("resources of one stack have its name in common, and different URNs tell them apart", () => {
  fc.assert(
    fc.property(identity, text, text, (who, name, urn) => {
      fc.pre(urn !== who.urn);
      const [one, other] = [markOf(who), markOf({ ...who, name, urn })];
      expect(stackOf(other)).toBe(stackOf(one));
      expect(other).not.toBe(one);
    }),
  );
});

test("stacks that differ only behind the part that is shown are told apart", () => {
  const long = "x".repeat(100);
  const [one, other] = ["a", "b"].map((end) => stackOf(markOf({ ...usual, stack: long + end })));
  expect(one).not.toBe(other);
  expect(one).toHaveLength(48);
});

test("the stack of a mark is a name that nft takes for a table", () => {
  expect(`pulumi-netns/${stackOf(markOf({ ...usual, stack: "x".repeat(100) }))}`).toMatch(/^[A-Za-z_.][\w./-]*$/);
});

test.each([
  undefined,
  "",
  "uplink",
  "pulumi-netns",
  "pulumi-netns:lab/dev:red",
  "pulumi-netns:lab/dev@01234567",
  "pulumi-netns:lab/dev:red@0123456",
  "pulumi-netns:lab/dev:red@0123456X",
  "pulumi-netns:lab/dev:red:blue@01234567",
  " pulumi-netns:lab/dev:red@01234567",
  "pulumi-netns:lab/dev:red@01234567\n",
  "other:lab/dev:red#01234567",
])("%j is no mark", (alias) => {
  expect(stackOf(alias)).toBeUndefined();
});

test("a digest is short, plain and always the same, and tells texts apart", () => {
  expect(digest("pulumi-netns:lab/dev:it@0123abcd")).toBe("394beaed");
  fc.assert(
    fc.property(text, text, (one, other) => {
      fc.pre(one !== other && one.isWellFormed() && other.isWellFormed());
      expect(digest(one)).toMatch(/^[0-9a-f]{8}$/);
      expect(digest(one)).not.toBe(digest(other));
    }),
  );
});
