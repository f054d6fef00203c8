import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { killedRuns } from "../../provider/killed-run.ts";

const MARK = "pulumi-netns:lab/dev@12345678:red@0123abcd";
const [ONE, OTHER] = ["127.0.0.1:40001", "127.0.0.1:40002"];

let folder: string;
let warned: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-backend-"));
  warned = 0;
});

afterEach(() => rm(folder, { recursive: true }));

/** A process of a run; its engine writes the state once. */
const processOf = (engine: string | undefined) =>
  killedRuns(
    { id: "12345678", url: `file://${folder}` },
    { env: { PULUMI_SKIP_CHECKPOINTS: "true" }, engine, warn: () => (warned += 1) },
  );

/** Ends a run as the engine does. */
async function end(): Promise<void> {
  const history = join(folder, ".pulumi/history/lab/dev");
  await mkdir(history, { recursive: true });
  const entry = join(history, "dev-1.history.json");
  await writeFile(entry, "{}");
  // The clock of a file system may have the same time for both files.
  await utimes(entry, new Date(), new Date(Date.now() + 1000));
}

test.each([
  ["of one run that changes something know that none was killed", ONE, ONE, false],
  ["of two runs know that the first was killed", ONE, OTHER, true],
  ["without an engine count as those of two runs", undefined, undefined, true],
])("two processes %s", (_, first, second, isKilled) => {
  processOf(first).record(MARK);
  expect(processOf(second).isBefore(MARK)).toBe(isKilled);
  expect(warned).toBe(Number(isKilled));
});

test("each process of the run after a killed one knows it, also after the first has recorded the run", () => {
  processOf(ONE).record(MARK);
  processOf(OTHER).record(MARK);
  const third = processOf(OTHER);
  third.record(MARK);
  expect(third.isBefore(MARK)).toBe(true);
  expect(processOf(OTHER).isBefore(MARK)).toBe(true);
});

test("a run that has ended was not killed", async () => {
  processOf(ONE).record(MARK);
  await end();
  expect(processOf(OTHER).isBefore(MARK)).toBe(false);
});

test("a record of an earlier version is that of a killed run", async () => {
  const file = join(folder, ".pulumi/pulumi-netns/lab/dev/changing");
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, "");
  expect(processOf(ONE).isBefore(MARK)).toBe(true);
});
