import { expect, test } from "vitest";
import type { ComponentRequest } from "../../plugin/component-request.ts";
import { runEnd } from "../../plugin/run-end.ts";

const request = (isPreview: boolean): ComponentRequest => ({
  ...{ type: "netns:index:Router", name: "gw", args: {}, secret: [] },
  options: {
    ...{ parent: "", dependsOn: [], providers: {}, aliases: [], deletedWith: "", ignoreChanges: [] },
    ...{ replaceOnChanges: [], protect: undefined, retainOnDelete: undefined },
  },
  run: {
    ...{ project: "lab", stack: "dev", organization: "", parallel: 1, engine: "", monitor: "", isPreview },
  },
});
const never = () => new Promise<never>(() => undefined);
const empty = { urn: "urn:pulumi:dev::lab::netns:index:Router::gw", outputs: {} };

test("in a preview, a component that is not complete has no error, nor has the next one", async () => {
  const run = runEnd();
  const first = run.await(request(true), never);
  const end = run.end();
  expect(await first).toMatchObject(empty);
  expect(await run.await(request(true), () => Promise.reject(new Error("created")))).toMatchObject(empty);
  expect(await end).toBe(false);
});

test("in an up, the error says that the run ended", async () => {
  const run = runEnd();
  const unfinished = expect(run.await(request(false), never)).rejects.toThrow(
    "the run ended before the component was complete\n  help: correct the errors of the other resources; the component itself has none so far",
  );
  await run.end();
  await unfinished;
});

test("a component that is complete before the end is returned, its own error is reported, and the run is complete", async () => {
  const made = { urn: "urn", outputs: { a: 1 }, dependencies: new Map() };
  for (const isPreview of [true, false]) {
    const run = runEnd();
    expect(await run.await(request(isPreview), () => Promise.resolve(made))).toBe(made);
    await expect(run.await(request(isPreview), () => Promise.reject(new Error("wrong")))).rejects.toThrow("wrong");
    expect(await run.end()).toBe(true);
  }
});
