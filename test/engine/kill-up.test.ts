import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { openStack } from "../../tools/stack.ts";
import { type Bench, killed, openBench } from "../support/killed.ts";
import type { Victims } from "../support/killer.ts";
import { stride, taking, turns } from "../support/turns.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(() => bench[Symbol.asyncDispose]());

const losses: readonly (readonly [Victims, checkpoints: boolean])[] = [
  ["command", true],
  ["provider", true],
  ["provider and engine", true],
  ["provider and engine", false],
];

test.each(turns(losses).map((turn) => [turn]))(
  "an up, and then a destroy, in which one of %j is killed in turn, are each completed by the next run",
  async (turn) => {
    const { host, killer, project, before } = bench;
    let [kill, upFired, destroyFired] = [0, true, true];
    for (; upFired || destroyFired; kill += 1) {
      const [victims, checkpoints] = taking(turn, kill);
      const more = { PATH: killer.path, PULUMI_SKIP_CHECKPOINTS: String(!checkpoints) };
      await using stack = await openStack(host, project.folder, "dev", more);
      const commands = 1 + kill * stride(3);
      upFired = await killed(killer, stack, "up", commands, victims);
      if (upFired) await stack.up();
      await host.run("ip", "netns", "exec", "red", "ip", "route", "get", "192.0.2.1");
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      destroyFired = await killed(killer, stack, "destroy", 1 + kill * stride(2), victims);
      if (destroyFired) await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
    }
    expect(kill).toBeGreaterThan(turn.length);
  },
  900_000,
);
