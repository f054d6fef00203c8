import { lifecycles } from "../../provider/host.ts";
import { remoteLinux } from "../../provider/kernel/client/remote.ts";
import { overSsh, type SshAddress } from "../../provider/kernel/client/ssh.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { onLabHosts } from "../../provider/lab-hosts.ts";
import { deploy } from "./engine/deployment.ts";
import { asItComes, type Order } from "./engine/order.ts";
import type { Program } from "./engine/program.ts";
import { type Provider, providerOver } from "./engine/provider.ts";
import { refresh } from "./engine/refresh.ts";
import { refusingAfter } from "./engine/refusing.ts";
import { copy, type Snapshot } from "./engine/state.ts";
import { type Op, subjectOf } from "./engine/steps.ts";
import type { StackName } from "./engine/urn.ts";
import { Crash, crashAfter, killAt } from "./mortal.ts";

/**
 * A stack with an in-process engine like Pulumi's: the program uses the real SDK, the provider is the real one on a real
 * kernel, and the engine between them follows the rules of Pulumi's own engine (3.259), as far as the resources of this
 * provider need them. It supports no secrets, imports, reads or targets.
 */
export interface Engine {
  /** Returns what an `up` would do. */
  preview(program: Program): Promise<Run>;
  up(program: Program, options?: UpOptions): Promise<Run>;
  /** Finds the differences between the state and the kernel, and adopts the kernel's values in the state. */
  refresh(): Promise<Run>;
  destroy(options?: UpOptions): Promise<Run>;
  readonly state: Snapshot;
}

/** Options of an `up` that is interrupted. */
export interface UpOptions {
  /** The number of changing commands after which a process dies. */
  readonly dieAfter?: number;
  /** The number of changes of resources after which the provider refuses all others. */
  readonly failAfter?: number;
  /** The processes that die: the provider and the engine, or only that of the command. @default the provider */
  readonly victim?: "provider" | "command";
  /** The state that then remains: the one saved after each step, or the one before the run. */
  readonly keeping?: "steps" | "nothing";
  /** Whether the same provider process refreshes the state first. */
  readonly refresh?: boolean;
  /** The names of the lab hosts that the user has declared to be gone. */
  readonly gone?: readonly string[];
}

/** The result of a run, or of a preview. */
export interface Run {
  /** The steps, in the order in which they finished. */
  readonly steps: readonly Done[];
  /** The error of a failed run; undefined if it succeeded. */
  readonly failure: Error | undefined;
}

export interface Done {
  readonly op: Op;
  readonly urn: string;
}

export interface EngineOptions extends StackName {
  /** Returns a kernel client for a new provider process. */
  readonly kernel: () => KernelClient;
  /** Returns a kernel client of a lab host for a new provider process. @default over ssh */
  readonly remoteKernel?: (host: string, address: () => SshAddress) => KernelClient;
  /** The order of operations for which the engine defines none. @default order of arrival */
  readonly order?: Order;
  readonly config?: Readonly<Record<string, string>>;
  /** Receives the messages that providers send to the user. */
  readonly say?: (text: string) => void;
}

export function openEngine({
  project,
  stack,
  kernel,
  remoteKernel = (_host, address) => remoteLinux(overSsh(address, () => undefined)),
  order = asItComes,
  config = {},
  say: warn = () => undefined,
}: EngineOptions): Engine {
  let state: Snapshot = [];
  let isKilled = false;

  // Each run has its own provider process, without any state of earlier runs.
  function open({ dieAfter, failAfter = Infinity, victim = "provider", gone = [] }: UpOptions = {}): Provider {
    const kill = victim === "provider" ? crashAfter : killAt;
    const mortal = (client: KernelClient) => (dieAfter === undefined ? client : kill(client, dieAfter));
    const way = mortal(kernel());
    const wasKilled = isKilled;
    const killedRun = { isBefore: () => wasKilled, record: () => undefined };
    const provider = providerOver(
      onLabHosts({
        local: () => lifecycles(way, { warn, idleMs: 100, killedRun }),
        remote: (host, address) => lifecycles(mortal(remoteKernel(host, address)), { warn, idleMs: 100, killedRun }),
        gone: new Set(gone),
      }),
    );
    return refusingAfter(provider, failAfter);
  }

  async function deployed(program: Program | undefined, dryRun: boolean, options: UpOptions): Promise<Run> {
    const provider = open(options);
    const before = state;
    if (options.refresh) state = (await refresh(copy(state), provider)).snapshot;
    const name = { project, stack };
    const done = await deploy({ name, base: copy(state), provider, order, dryRun, config, program });
    const isLost = done.failure instanceof Crash && options.keeping === "nothing";
    if (!dryRun) [state, isKilled] = [isLost ? before : done.snapshot, isLost];
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
