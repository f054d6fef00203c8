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
  "an up that loses one of %j, in turn, is finished by the next",
  async (turn) => {
    const { host, killer, project, before } = bench;
    let [kill, fired] = [0, true];
    for (; fired; kill += 1) {
      const commands = 1 + kill * stride(3);
      const [victims, checkpoints] = taking(turn, kill);
      const more = { PATH: killer.path, PULUMI_SKIP_CHECKPOINTS: String(!checkpoints) };
      await using stack = await openStack(host, project.folder, "dev", more);
      fired = await killed(killer, stack, "up", commands, victims);
      await stack.up();
      await host.run("ip", "netns", "exec", "red", "ip", "route", "get", "192.0.2.1");
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
    }
    expect(kill).toBeGreaterThan(turn.length);
  },
  900_000,
);
