import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { openStack } from "../../tools/stack.ts";
import { type Bench, FIRST, killed, type Lab, openBench, programOf } from "../support/killed.ts";
import { stride, taking, turns } from "../support/turns.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(() => bench[Symbol.asyncDispose]());

/** The changes, and the number of commands from one kill to the next. */
const changes: readonly (readonly [Partial<Lab>, number])[] = [
  [{ mtu: 1400, stp: true }, 1],
  [{ link: "eth1", address: "10.0.0.3/24" }, 3],
];

test.each(changes.flatMap(([change, usual]) => turns(["there", "back"]).map((turn) => [change, turn, usual] as const)))(
  "a change of %j, and of %j in turn, whose provider and engine are killed is completed by the next up",
  async (change, turn, usual) => {
    const { host, killer, project, before } = bench;
    const changed: Lab = { ...FIRST, ...change };
    const more = { PATH: killer.path, PULUMI_SKIP_CHECKPOINTS: "false" };
    await using stack = await openStack(host, project.folder, "dev", more);
    let now: Lab | undefined;
    let [kill, fired] = [0, true];
    for (; fired; kill += 1) {
      const commands = 1 + kill * stride(usual);
      const [from, to] = taking(turn, kill) === "there" ? [FIRST, changed] : [changed, FIRST];
      if (now !== from) {
        await project.program(programOf(from));
        await killer.arm(Number.MAX_SAFE_INTEGER, "provider");
        await stack.up();
      }
      await project.program(programOf(to));
      fired = await killed(killer, stack, "up", commands, "provider and engine");
      if (fired) await stack.up();
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      expect((await host.ip("link", "show", "dev", "port"))[0].mtu).toBe(to.mtu);
      now = to;
    }
    expect(kill).toBeGreaterThan(turn.length);
    await stack.destroy();
    await expect.poll(() => traces(host), SOON).toBe(before);
  },
  900_000,
);
