import type { Claims } from "./claims.ts";
import type { WithLocks } from "./concurrency.ts";
import type { GivenUp } from "./given-up.ts";
import type { WithSnapshot } from "./kernel/client/snapshot.ts";
import type { KernelClient } from "./kernel/kernel.ts";
import type { KilledRun } from "./killed-run.ts";
import type { DownLinks } from "./link-states.ts";

/** The context that the lifecycles of all kinds share. */
export interface LifecycleContext {
  readonly kernel: KernelClient;
  readonly withLocks: WithLocks;
  readonly withSnapshot: WithSnapshot;
  readonly claims: Claims;
  /** The names in the kernel that the resources of the program have by the state. */
  readonly held: Set<string>;
  readonly down: DownLinks;
  /** See {@link ProgramRun.ended}. */
  readonly ended: Set<string>;
  /**
   * The resources of which the program changes nothing, by mark: each with a function that makes the object of another resource, given by its mark,
   * that of the resource.
   */
  readonly unchanged: Map<string, (mark: string) => Promise<void>>;
  readonly killedRun: KilledRun;
  readonly givenUp: GivenUp;
  /** The resources whose objects a killed run has changed, by mark. */
  readonly suspects: Set<string>;
  /** Gives advice to the user who runs the program. */
  readonly warn: (text: string) => void;
  /**
   * The backend of the state, if it keeps states in files: a state with marks of another backend was copied or moved from
   * that backend. Undefined where a copy of the project's folder does not copy the state.
   */
  readonly backend?: string | undefined;
}
