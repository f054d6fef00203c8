import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { openStack } from "../../tools/stack.ts";
import { type Bench, FIRST, killed, type Lab, openBench, programOf } from "../support/killed.ts";
import type { Victims } from "../support/killer.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(() => bench[Symbol.asyncDispose]());

test.each<[Victims]>([["command"], ["provider"], ["provider and engine"]])(
  "a destroy that loses its %s after any command is finished by the next",
  async (victims) => {
    const { host, killer, project, before } = bench;
    let fired = true;
    for (let commands = 1; fired; commands += 1) {
      await using stack = await openStack(host, project.folder, "dev", {
        PATH: killer.path,
        PULUMI_SKIP_CHECKPOINTS: "false",
      });
      await killer.arm(Number.MAX_SAFE_INTEGER, victims);
      await stack.up();
      fired = await killed(killer, stack, "destroy", commands, victims);
      await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
    }
  },
  900_000,
);

test.each<[string, Partial<Lab>]>([
  ["an update", { mtu: 1400, stp: true }],
  ["a replacement", { link: "eth1", address: "10.0.0.3/24" }],
])(
  "%s that loses its provider and engine after any command is finished by the next",
  async (_what, change) => {
    const { host, killer, project, before } = bench;
    const changed: Lab = { ...FIRST, ...change };
    await using stack = await openStack(host, project.folder, "dev", {
      PATH: killer.path,
      PULUMI_SKIP_CHECKPOINTS: "false",
    });
    let fired = true;
    for (let commands = 1; fired; commands += 1) {
      await project.program(programOf(FIRST));
      await stack.up();
      await project.program(programOf(changed));
      fired = await killed(killer, stack, "up", commands, "provider and engine");
      await stack.up();
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      expect((await host.ip("link", "show", "dev", "port"))[0].mtu).toBe(changed.mtu);
    }
    await stack.destroy();
    await expect.poll(() => traces(host), SOON).toBe(before);
  },
  900_000,
);
