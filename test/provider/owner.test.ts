import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nftQuote } from "../../provider/kernel/tools/nft.ts";
import {
  backendOf,
  digest,
  isOfStack,
  isSibling,
  markOf,
  resourceOf,
  stackNameOf,
  stackOf,
} from "../../provider/owner.ts";
import { hostile } from "../support/strange.ts";

const text = fc.oneof(
  fc.string({ minLength: 1, unit: "binary", maxLength: 100 }),
  fc.stringMatching(/^[a-z0-9-]{1,100}$/),
  hostile,
);
const backend = fc.option(fc.stringMatching(/^[0-9a-f]{8}$/), { nil: undefined });
const host = fc.option(text, { nil: undefined });
const identity = fc.record({ project: text, stack: text, backend, host, name: text, urn: text });
const usual = { project: "lab", stack: "dev", name: "red", urn: "urn:pulumi:dev::lab::netns:Namespace::red" };

test("a mark names the stack, its backend and the resource, and ends in a hash of the URN", () => {
  expect(markOf(usual)).toBe("pulumi-netns:lab/dev:red@e0a4d126");
  expect(markOf({ ...usual, backend: "0123abcd" })).toBe("pulumi-netns:lab/dev@0123abcd:red@e0a4d126");
  expect(markOf({ ...usual, host: "lab2", backend: "0123abcd" })).toBe(
    "pulumi-netns:lab/dev/lab2@0123abcd:red@e0a4d126",
  );
});

test.each([
  [{ project: "my lab", stack: "dev:1" }, "my_lab/dev_1"],
  [{ project: 'a"b', stack: "c\nd" }, "a_b/c_d"],
  [{ project: "läb", stack: "$(id)" }, "l_b/__id_"],
])("special characters in the names %j are replaced", (names, stack) => {
  expect(stackOf(markOf({ ...usual, ...names }))).toBe(stack);
});

test("any names give a mark that fits into an nft comment and contains its stack", () => {
  fc.assert(
    fc.property(identity, (who) => {
      const mark = markOf(who);
      expect(Buffer.byteLength(mark)).toBeLessThanOrEqual(127);
      // A rule's comment also has the hash of the rule before it.
      expect(Buffer.byteLength(`${mark} after 01234567`)).toBeLessThanOrEqual(127);
      expect(mark).toMatch(/^pulumi-netns:[\w./~-]+(@[0-9a-f]{8})?:[\w./~-]+@[0-9a-f]{8}$/);
      expect(backendOf(mark)).toBe(who.backend);
      expect(stackOf(mark)).toBe([stackNameOf(mark), ...(who.backend === undefined ? [] : [who.backend])].join("@"));
      expect(nftQuote(mark)).toBe(`"${mark}"`);
      expect(mark).toBe(`pulumi-netns:${stackOf(mark)}:${mark.split(":")[2]}`);
    }),
  );
});

test("the resource is read from a mark, and not from other text", () => {
  expect(resourceOf(markOf(usual))).toBe("red");
  expect(resourceOf(markOf({ ...usual, name: "x".repeat(100) }))).toMatch(/^x{23}-[0-9a-f]{8}$/);
  expect(resourceOf("pulumi-netns:lab/dev:red")).toBeUndefined();
});

test("marks of one stack contain its name, and different URNs give different marks", () => {
  fc.assert(
    fc.property(identity, text, text, (who, name, urn) => {
      fc.pre(urn !== who.urn);
      const [one, other] = [markOf(who), markOf({ ...who, name, urn })];
      expect(stackOf(other)).toBe(stackOf(one));
      expect(other).not.toBe(one);
    }),
  );
});

test("stacks whose names differ only after the part that is shown have different marks", () => {
  const long = "x".repeat(100);
  const [one, other] = ["a", "b"].map((end) => stackOf(markOf({ ...usual, stack: long + end })));
  expect(one).not.toBe(other);
  expect(one).toHaveLength(48);
  expect(stackOf(markOf({ ...usual, stack: long, backend: "0123abcd" }))).toHaveLength(57);
});

test("the name of a mark's stack can be the name of an nft table, without the backend", () => {
  const mark = markOf({ ...usual, stack: "x".repeat(100), backend: "0123abcd" });
  expect(`pulumi-netns/${stackNameOf(mark)}`).toMatch(/^[A-Za-z_.][\w./-]*$/);
});

describe("a found mark", () => {
  const OLD = "pulumi-netns:lab/dev:red@0123abcd";
  const [HERE, SIBLING] = ["pulumi-netns:lab/dev@11111111:red@0123abcd", "pulumi-netns:lab/dev@11111111:blue@89abcdef"];
  const ELSEWHERE = "pulumi-netns:lab/dev@22222222:red@0123abcd";
  const OTHER = "pulumi-netns:lab/prod@11111111:red@0123abcd";

  test.each<[string, string | undefined, string, { isOfStack: boolean; isSibling: boolean }]>([
    ["the resource's own", HERE, HERE, { isOfStack: true, isSibling: false }],
    ["of another resource of the stack", SIBLING, HERE, { isOfStack: true, isSibling: true }],
    ["of version 0.1.0, which stored no backend", OLD, HERE, { isOfStack: true, isSibling: true }],
    ["the resource's own, without a backend", OLD, OLD, { isOfStack: true, isSibling: false }],
    ["with a backend, if the resource's own has none", HERE, OLD, { isOfStack: true, isSibling: true }],
    ["of a stack of the same name in another backend", ELSEWHERE, HERE, { isOfStack: false, isSibling: false }],
    ["of another stack in the same backend", OTHER, HERE, { isOfStack: false, isSibling: false }],
    ["a text of a user", "uplink", HERE, { isOfStack: false, isSibling: false }],
    ["missing", undefined, HERE, { isOfStack: false, isSibling: false }],
    ["missing, and the resource has none", undefined, "", { isOfStack: false, isSibling: false }],
  ])("that is %s is recognized", (_what, found, own, expected) => {
    expect({ isOfStack: isOfStack(found, own), isSibling: isSibling(found, own) }).toEqual(expected);
  });

  test("is of the same stack exactly if project, stack and backend are equal", () => {
    fc.assert(
      fc.property(identity, identity, text, (who, other, name) => {
        const own = markOf(who);
        expect(isOfStack(markOf({ ...who, name, urn: name }), own)).toBe(true);
        expect(isOfStack(markOf({ ...who, backend: undefined }), own)).toBe(true);
        expect(isOfStack(own, markOf({ ...who, backend: undefined }))).toBe(true);
        const elsewhere = markOf({ ...who, backend: other.backend });
        const isKnown = who.backend !== undefined && other.backend !== undefined;
        expect(isOfStack(elsewhere, own)).toBe(!isKnown || who.backend === other.backend);
        const sameName = stackNameOf(markOf(other)) === stackNameOf(own);
        if (!sameName) expect(isOfStack(markOf(other), own)).toBe(false);
      }),
    );
  });
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

test("a digest is short, deterministic and different for different texts", () => {
  expect(digest("pulumi-netns:lab/dev:it@0123abcd")).toBe("394beaed");
  fc.assert(
    fc.property(text, text, (one, other) => {
      fc.pre(one !== other && one.isWellFormed() && other.isWellFormed());
      expect(digest(one)).toMatch(/^[0-9a-f]{8}$/);
      expect(digest(one)).not.toBe(digest(other));
    }),
  );
});

test("a mark on one lab host is not of the same stack as one on another lab host", () => {
  const on = (host?: string) => markOf({ ...usual, host });
  for (const [one, other] of [
    [on(), on("lab1")],
    [on("lab1"), on("lab2")],
  ] as const) {
    expect(isOfStack(one, other)).toBe(false);
    expect(isOfStack(other, one)).toBe(false);
  }
  expect(isOfStack(on("lab1"), on("lab1"))).toBe(true);
});
