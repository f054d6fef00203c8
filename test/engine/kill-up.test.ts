import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { openStack } from "../../tools/stack.ts";
import { type Bench, killed, openBench } from "../support/killed.ts";
import type { Victims } from "../support/killer.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(() => bench[Symbol.asyncDispose]());

test.each<[Victims, Record<string, string>]>([
  ["command", { PULUMI_SKIP_CHECKPOINTS: "false" }],
  ["provider", { PULUMI_SKIP_CHECKPOINTS: "false" }],
  ["provider and engine", { PULUMI_SKIP_CHECKPOINTS: "false" }],
  ["provider and engine", { PULUMI_SKIP_CHECKPOINTS: "true" }],
])(
  "an up that loses its %s after any command, with %j, is finished by the next",
  async (victims, more) => {
    const { host, killer, project, before } = bench;
    let fired = true;
    for (let commands = 1; fired; commands += 1) {
      await using stack = await openStack(host, project.folder, "dev", { PATH: killer.path, ...more });
      fired = await killed(killer, stack, "up", commands, victims);
      await stack.up();
      await host.run("ip", "netns", "exec", "red", "ip", "route", "get", "192.0.2.1");
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
    }
  },
  900_000,
);
