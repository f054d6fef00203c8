import { expect, test } from "vitest";
import { nearest, resolveByName } from "../../inspect/resolve-name.ts";

test.each([
  ["bleu", ["blue"]],
  ["Red", ["red"]],
  ["gatway", ["gateway"]],
  ["re", ["red"]],
  ["elsewhere", []],
  ["", []],
])("%j is similar to %j", (given, near) => {
  expect(nearest(given, ["red", "blue", "gateway"])).toEqual(near);
});

test("the most similar names are listed first, and no more than three", () => {
  expect(nearest("web1", ["web22", "web12", "web2", "web3", "db"])).toEqual(["web12", "web2", "web3"]);
});

test("an existing name is resolved, and an error lists the existing names", () => {
  expect(resolveByName("host", "red", new Map([["red", 1]]))).toBe(1);
  expect(() => resolveByName("host", "x", new Map())).toThrow(
    'host "x" not found in this stack\n  help: this stack has no host',
  );
  expect(() => resolveByName("host", "rde", new Map([["reds", 1]]))).toThrow(
    "did you mean reds?\n  help: available: reds",
  );
});
