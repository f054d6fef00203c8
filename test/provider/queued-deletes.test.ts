import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import type { Properties } from "../../provider/properties.ts";
import { QUIET_MS, queuedDeletes, withQueuedDeletes } from "../../provider/queued-deletes.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { timed } from "./clock.ts";

// The pauses are part of the test and run on a fake clock.
vi.mock("node:timers/promises", () => import("./clock.ts"));

const MARK = "pulumi-netns:lab/dev:it@0123abcd";
const OTHER = "pulumi-netns:lab/dev:other@4567abcd";

const props = (more: object = {}): Properties => ({ __mark: MARK, ...more });

/** Returns a lifecycle with a log, whose deletes take a second and whose diff always replaces because of the namespace. */
function logged() {
  const log: string[] = [];
  const life: Lifecycle = {
    check: (_olds, inputs) => ({ inputs }),
    conflicts: async () => [],
    diff: () => ({ changes: true, replaces: ["namespace"], deleteBeforeReplace: true }),
    async create() {
      log.push("create");
      return { id: "it", outs: {} };
    },
    read: async (id) => ({ id }),
    import: async (id) => ({ id, props: {}, inputs: {} }),
    update: () => Promise.reject(new Error("the kernel refused")),
    async delete(_id, { __mark }) {
      log.push("delete begins");
      await pause(1000);
      if (__mark === OTHER) throw new Error("the kernel refused");
      log.push("delete");
    },
  };
  return { log, life: withQueuedDeletes(life, queuedDeletes()) };
}

const announced = (life: Lifecycle) => life.diff("it", props(), props({ namespace: UNKNOWN }));

describe("a create", () => {
  test("waits for the delete of the same resource, if a search for dependents has announced it", async () => {
    const { log, life } = logged();
    const { took } = await timed(async () => {
      announced(life);
      const made = life.create(props());
      await pause(3000);
      await Promise.all([life.delete("it", props()), made]);
    });
    expect(log).toEqual(["delete begins", "delete", "create"]);
    expect(took).toBeLessThan(4100);
  });

  test.each<[string, (life: Lifecycle) => void]>([
    ["no delete was announced", () => undefined],
    ["the diff with known values replaces it", (life) => void life.diff("it", props(), props())],
    [
      "the delete of another resource was announced",
      (life) => void life.diff("it", { __mark: OTHER }, { __mark: OTHER, namespace: UNKNOWN }),
    ],
  ])("does not wait if %s", async (_what, before) => {
    const { log, life } = logged();
    const { took } = await timed(async () => {
      before(life);
      await life.create(props());
    });
    expect([log, took]).toEqual([["create"], 0]);
  });

  test("continues after a pause without deletes if its resource is retained; the next create does not wait", async () => {
    const { log, life } = logged();
    const { took } = await timed(async () => {
      announced(life);
      const made = life.create(props());
      await pause(2000);
      await life.delete("else", { __mark: "pulumi-netns:lab/dev:else@89ababcd" });
      await made;
      await life.create(props());
    });
    expect(log).toEqual(["delete begins", "delete", "create", "create"]);
    expect(took).toBeGreaterThanOrEqual(3000 + QUIET_MS);
    expect(took).toBeLessThan(3100 + QUIET_MS);
  });

  test.each<[string, (life: Lifecycle) => Promise<unknown>]>([
    ["the delete before it fails", (life) => life.delete("other", { __mark: OTHER })],
    ["another operation of the run fails", (life) => life.update("other", { __mark: OTHER }, { __mark: OTHER })],
  ])("fails if %s, since its delete is not run then", async (_what, fails) => {
    const { log, life } = logged();
    const ended = await timed(async () => {
      announced(life);
      const made = life.create(props());
      await expect(fails(life)).rejects.toThrow("the kernel refused");
      return made;
    });
    expect(String("error" in ended && ended.error)).toContain("its previous object was not deleted");
    expect(log).not.toContain("create");
  });
});
