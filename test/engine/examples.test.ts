import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { example, openStack, type Stack } from "../../tools/stack.ts";
import { lives } from "../support/example-lives.ts";
import { isSoak } from "../support/soak.ts";

// test/engine/yaml.test.ts runs the resources and components of the others, too.
const more = ["home-router-yaml", "nat-gateway-yaml", "seed-components-yaml"];
const examples = ["bridge-lan", "seed-yaml", ...(isSoak ? more : [])];

describe.each(examples)("example %s", (name) => {
  const { works, drifts } = lives[name]!;
  const shown = drifts.filter(({ diff }) => diff !== undefined);
  let host: Sandbox;
  let stack: Stack;
  let before: string;

  beforeAll(async () => {
    host = await sandbox();
    before = await traces(host);
    stack = await openStack(host, example(name));
  });

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });

  test("up does the steps of the preview, and the lab works", async () => {
    const planned = await stack.preview();
    expect(await stack.up()).toEqual(planned);
    await works(host);
  });

  // The steps correct only the drift: the refresh and the second up report no other changes.
  const damaged = "drift is reported by a refresh and, for each property, by a preview, and is corrected by an up";
  if (shown.length > 0)
    test(damaged, async () => {
      for (const { command } of shown) {
        const [program = "", ...args] = command.split(" ");
        await host.run(program, ...args);
      }
      expect(await stack.refresh()).toEqual(shown.flatMap(({ refresh }) => refresh).sort());
      const { stdout } = await stack.try("preview", "--diff");
      for (const { diff } of shown) expect(stdout).toMatch(diff!);
      expect(await stack.up()).toEqual(shown.flatMap(({ up }) => up).sort());
      await works(host);
      expect(await stack.up("--refresh")).toEqual([]);
    });

  test("destroy leaves nothing", async () => {
    await stack.destroy();
    await expect.poll(() => traces(host), SOON).toBe(before);
  });
});
