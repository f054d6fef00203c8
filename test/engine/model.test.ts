import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { openStack, type Stack } from "../../tools/stack.ts";
import { type Killer, openKiller } from "../support/killer.ts";
import { type Deed, deeds, programOf } from "../support/model.ts";
import { openProject, type Project } from "../support/project.ts";

/** Without a soak, one sequence: test/kinds/edits.test.ts has more of them, with the in-process engine. */
const minutes = Number(process.env["SOAK_MINUTES"] ?? 0);

interface Bench {
  readonly host: Sandbox;
  readonly killer: Killer;
  readonly project: Project;
  readonly stack: Stack;
}

/** Does one deed, and what a careful person does after it. */
async function perform(deed: Deed, { host, killer, project, stack }: Bench): Promise<void> {
  switch (deed.do) {
    case "edit":
      await project.program(programOf(deed.to));
      break;
    case "drift":
      // It may hit nothing: the lab need not have what it is about.
      await host.try("sh", "-c", deed.command);
      break;
    case "kill":
      await project.program(programOf(deed.to));
      await killer.arm(deed.after, "provider and engine");
      await stack.try("up", "--yes", "--skip-preview", "--refresh");
      if (await killer.fired()) await stack.cancel();
      await killer.arm(Number.MAX_SAFE_INTEGER, "provider");
      break;
    case "destroy":
      await stack.destroy();
  }
  await stack.up("--refresh");
}

test(
  "whatever is done to a lab, an up leaves it as the program says, and a destroy leaves nothing",
  async () => {
    let sequences = 0;
    let steps = 0;
    const lives = fc.asyncProperty(deeds, async (sequence) => {
      await using host = await sandbox();
      await using killer = await openKiller();
      await using project = await openProject(host, "model");
      await using stack = await openStack(host, project.folder, "model", {
        PATH: killer.path,
        PULUMI_SKIP_CHECKPOINTS: "false",
      });
      await killer.arm(Number.MAX_SAFE_INTEGER, "provider");
      const before = await traces(host);
      for (const deed of sequence) {
        await perform(deed, { host, killer, project, stack });
        // The state is what the kernel has, and there is nothing left to do.
        expect([deed, await stack.refresh()]).toEqual([deed, []]);
        expect([deed, await stack.up()]).toEqual([deed, []]);
        steps += 1;
      }
      await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
      sequences += 1;
    });
    // The clock is read between sequences: one that is under way is never left to itself, with an engine and a provider.
    const end = Date.now() + minutes * 60_000;
    do {
      await fc.assert(lives, { numRuns: 1, endOnFailure: true });
    } while (Date.now() < end);
    console.log(`model: ${sequences} sequences with ${steps} deeds`);
    expect(steps).toBeGreaterThan(0);
  },
  (minutes + 10) * 60_000,
);
