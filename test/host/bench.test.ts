import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { REPOSITORY } from "../../tools/stack.ts";

test("the bench measures a small star in two columns", { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
  const [json, plot] = [join(folder, "results.json"), join(folder, "bench.svg")];
  const said = await execa(
    "node",
    [
      join(REPOSITORY, "bench/main.ts"),
      ...["--labs", "star", "--sizes", "10", "--columns", "batch,provider", "--rounds", "1"],
      ...["--json", json, "--plot", plot],
    ],
    { preferLocal: true, localDir: REPOSITORY },
  );
  expect(said.stdout).toMatch(/^│ batch +│ 43 +│ 1 /m);
  const once = [expect.any(Number)];
  const { measured } = JSON.parse(await readFile(json, "utf8"));
  expect(measured).toEqual([
    {
      ...{ lab: "star", size: 10, column: "batch", pieces: 43 },
      values: { create: once, change: once, destroy: once, gone: once },
    },
    {
      ...{ lab: "star", size: 10, column: "provider", pieces: 43 },
      values: { create: once, noop: once, refresh: once, change: once, destroy: once, gone: once },
    },
  ]);
  expect(await readFile(plot, "utf8")).toContain(">provider</text>");
  await rm(folder, { recursive: true });
});
