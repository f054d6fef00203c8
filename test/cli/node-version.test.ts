import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultOfNode } from "../../cli/node-version.ts";

test.each([
  ["22.13.0", true],
  ["22.23.1", true],
  ["24.0.0", true],
  ["22.12.9", false],
  ["20.20.0", false],
])("Node %s is recent enough: %j", (version, enough) => {
  expect(faultOfNode(version)).toBe(
    enough
      ? undefined
      : `pulumi-netns needs Node 22.13 or later, and this is Node ${version}\n  help: install a later Node and put it first on PATH`,
  );
});

test("the package requires the same version", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe(">=22.13");
});
