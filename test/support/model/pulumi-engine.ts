import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../../../tools/sandbox.ts";
import { openStack } from "../../../tools/stack.ts";
import { openKiller } from "../killer.ts";
import { Crash } from "../mortal.ts";
import { openProject } from "../project.ts";
import { QUIET } from "../quiet.ts";
import { callsOf } from "./calls.ts";
import type { Lab } from "./lab.ts";
import { dependenciesIn, type LabEngine, type LabRun } from "./lab-engine.ts";
import type { StackId } from "./life.ts";
import { programText } from "./text.ts";

/** A stack of Pulumi's own engine, whose programs are labs. */
export interface PulumiEngine extends LabEngine, AsyncDisposable {}

/**
 * Opens a stack of Pulumi's engine in a sandbox.
 *
 * @param checkpoints Whether the engine saves its state after each step, so that a killed run keeps it.
 */
export async function openPulumi(host: Sandbox, name: StackId, checkpoints: boolean): Promise<PulumiEngine> {
  const killer = await openKiller();
  await killer.arm(Number.MAX_SAFE_INTEGER, "provider");
  const project = await openProject(host, "model");
  const more = { PATH: killer.path, PULUMI_SKIP_CHECKPOINTS: String(!checkpoints) };
  const stack = await openStack(host, project.folder, name, more);
  await stack.config(QUIET);

  const declare = (lab: Lab) => writeFile(join(project.folder, "index.ts"), moduleOf(lab));

  async function killedUp(commands: number): Promise<LabRun> {
    await killer.arm(commands, "provider and engine");
    const { code, stdout, stderr } = await stack.try("up", "--yes", "--skip-preview");
    const fired = await killer.fired();
    await killer.arm(Number.MAX_SAFE_INTEGER, "provider");
    if (fired) await stack.cancel();
    const failure = fired ? new Crash() : code === 0 ? undefined : new Error(stdout + stderr);
    return { steps: [], failure };
  }

  return {
    async preview(lab) {
      await declare(lab);
      return attempt(() => stack.preview());
    },
    async up(lab, { dieAfter } = {}) {
      await declare(lab);
      return dieAfter === undefined ? attempt(() => stack.up()) : killedUp(dieAfter);
    },
    refresh: () => attempt(() => stack.refresh()),
    destroy: () => attempt(() => stack.destroy()),
    dependencies: async () => dependenciesIn((JSON.parse(await stack.state()) as Exported).deployment.resources ?? []),
    async [Symbol.asyncDispose]() {
      for (const part of [stack, project, killer]) await part[Symbol.asyncDispose]();
    },
  };
}

/** The output of `pulumi stack export`. */
interface Exported {
  readonly deployment: { readonly resources?: Parameters<typeof dependenciesIn>[0] };
}

async function attempt(work: () => Promise<string[]>): Promise<LabRun> {
  try {
    return { steps: await work(), failure: undefined };
  } catch (error) {
    return { steps: [], failure: error as Error };
  }
}

/** Returns the text of the main module of a project that creates a lab. */
function moduleOf(lab: Lab): string {
  const classes = [...new Set(callsOf(lab).map(({ type }) => type))];
  return `import { ${classes.join(", ")} } from "pulumi-netns";\n${programText(lab)}\n`;
}
