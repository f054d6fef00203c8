import { lifecycles } from "../../provider/host.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { deploy } from "./engine/deployment.ts";
import { asItComes, type Order } from "./engine/order.ts";
import type { Program } from "./engine/program.ts";
import { type Provider, providerOver } from "./engine/provider.ts";
import { refresh } from "./engine/refresh.ts";
import { copy, type Snapshot } from "./engine/state.ts";
import { type Op, subjectOf } from "./engine/steps.ts";
import type { StackName } from "./engine/urn.ts";
import { Crash, crashAfter, killAt } from "./mortal.ts";

/**
 * A stack in the hands of an engine like Pulumi's, in this process: the program uses the real SDK, the provider is the real
 * one on a real kernel, and what lies between them follows the rules of Pulumi's own engine (3.259), as far as this
 * provider's resources need them. There are no secrets, no imports, no reads, and no targets.
 */
export interface Engine {
  /** What an up would do. */
  preview(program: Program): Promise<Run>;
  up(program: Program, options?: UpOptions): Promise<Run>;
  /** What differs between the state and the kernel, which the state then takes on. */
  refresh(): Promise<Run>;
  destroy(options?: UpOptions): Promise<Run>;
  readonly state: Snapshot;
}

/** How a run ends that does not come to its end. */
export interface UpOptions {
  /** After how many commands that change something a process dies. */
  readonly dieAfter?: number;
  /** Which one: the provider and the engine with it, or only that of the command. @default the provider */
  readonly victim?: "provider" | "command";
  /** What then is left of the state: what was saved after each step, or what there was before the run. */
  readonly keeping?: "steps" | "nothing";
  /** Whether the state is refreshed first, by the same provider process. */
  readonly refresh?: boolean;
}

/** What a run has done, or would do. */
export interface Run {
  /** The steps, in the order of their ends. */
  readonly steps: readonly Done[];
  /** Why it failed; undefined when it did not. */
  readonly failure: Error | undefined;
}

export interface Done {
  readonly op: Op;
  readonly urn: string;
}

export interface EngineOptions extends StackName {
  /** Gives a new provider process its way to the kernel. */
  readonly kernel: () => KernelClient;
  /** What happens first, where the engine leaves it open. @default as it comes */
  readonly order?: Order;
  readonly config?: Readonly<Record<string, string>>;
  /** Is told what providers tell their user. */
  readonly say?: (text: string) => void;
}

export function openEngine({
  project,
  stack,
  kernel,
  order = asItComes,
  config = {},
  say: warn = () => undefined,
}: EngineOptions): Engine {
  let state: Snapshot = [];

  // Each run has a provider process of its own, which has heard of nothing.
  function open({ dieAfter, victim = "provider" }: UpOptions = {}): Provider {
    const kill = victim === "provider" ? crashAfter : killAt;
    const way = dieAfter === undefined ? kernel() : kill(kernel(), dieAfter);
    return providerOver(lifecycles(way, { warn, idleMs: 100 }));
  }

  async function deployed(program: Program | undefined, dryRun: boolean, options: UpOptions): Promise<Run> {
    const provider = open(options);
    const before = state;
    if (options.refresh) state = (await refresh(copy(state), provider)).snapshot;
    const name = { project, stack };
    const done = await deploy({ name, base: copy(state), provider, order, dryRun, config, program });
    const isLost = done.failure instanceof Crash && options.keeping === "nothing";
    if (!dryRun) state = isLost ? before : done.snapshot;
    return { steps: done.steps.map((step) => ({ op: step.op, urn: subjectOf(step).urn })), failure: done.failure };
  }

  return {
    preview: (program) => deployed(program, true, {}),
    up: (program, options = {}) => deployed(program, false, options),
    destroy: (options = {}) => deployed(undefined, false, options),
    async refresh() {
      const { steps, failure, snapshot } = await refresh(copy(state), open());
      state = snapshot;
      return { steps, failure };
    },
    get state() {
      return state;
    },
  };
}
