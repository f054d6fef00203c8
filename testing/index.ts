import { expect, TestRunner, test } from "vitest";
import { withHelp } from "../provider/message.ts";
import { type Lab, type LabOptions, upLab } from "./lab.ts";
import { type LabMatchers, matchers } from "./matchers.ts";
import { type PathMatchers, pathMatchers } from "./path-matchers.ts";

declare module "vitest" {
  interface Matchers extends LabMatchers, PathMatchers {}
}

// Extends vitest's own `expect`, so that a test may import it from either package.
expect.extend({ ...matchers, ...pathMatchers });

/**
 * Returns a vitest `test` function with the fixture `lab`. The lab is opened and brought up for the first test of the file that uses it,
 * and is removed after the last one. If that fails, the first test has the error, and the others fail at once.
 *
 * @example
 * const test = labTest({ project: "./examples/seed", config: { stage: 5 } });
 *
 * test("red reaches the internet", async ({ lab }) => {
 *   await expect(lab.host("red")).toReach("8.8.8.8");
 * });
 */
export function labTest(options: LabOptions) {
  // vitest runs a fixture that throws again for each test.
  const failed = new WeakSet<object>();
  return test.extend("lab", { scope: "file" }, async ({}, { onCleanup }): Promise<Lab> => {
    const { file } = TestRunner.getCurrentTest() ?? { file: {} };
    if (failed.has(file))
      throw new Error(withHelp("the lab of this file is not up", "the first test that uses the lab has the error"));
    try {
      const lab = await upLab(options);
      onCleanup(() => lab[Symbol.asyncDispose]());
      return lab;
    } catch (error) {
      failed.add(file);
      throw error;
    }
  });
}

export type { Host, Path } from "./host.ts";
export { type Lab, type LabOptions, openLab } from "./lab.ts";
export type { TestedLabHost } from "./lab-hosts.ts";
export type { LabMatchers, RouteWay } from "./matchers.ts";
export type { BlockOptions, PathMatchers } from "./path-matchers.ts";
export { type Answer, type Sandbox, sandbox } from "./sandbox.ts";
export type { ProbeOptions } from "./traffic/probe.ts";
export { expect };
