import { currentBackend, isOnDisk } from "./backend.ts";
import { createLocks } from "./concurrency.ts";
import { type EngineLifecycle, withEngineFailures } from "./engine-failures.ts";
import { exitWithEngine, ownEngine } from "./engine-watch.ts";
import { linux } from "./kernel/client/linux.ts";
import { remoteLinux } from "./kernel/client/remote.ts";
import { snapshotsOf } from "./kernel/client/snapshot.ts";
import { overSsh, type SshAddress } from "./kernel/client/ssh.ts";
import type { KernelClient } from "./kernel/kernel.ts";
import { type KilledRun, killedRuns, NO_KILLED_RUN } from "./killed-run.ts";
import { allKinds, unknownType } from "./kind-of.ts";
import { onLabHosts } from "./lab-hosts.ts";
import { type Lifecycle, lifecycle } from "./lifecycle.ts";
import type { LifecycleContext } from "./lifecycle-context.ts";
import { missingCapability, missingRemoteCapability } from "./permission.ts";
import { queuedDeletes, withQueuedDeletes } from "./queued-deletes.ts";
import { redactErrors } from "./redacted-errors.ts";

/**
 * Returns the lifecycle of one kind of resource, by the name of its class. Pulumi's provider process calls this.
 *
 * @throws Error if there is no such kind, which means that the state was written by a later version.
 */
export function host(type: string): EngineLifecycle {
  if (loaded === undefined) {
    exitWithEngine();
    const gone = new Set((process.env["PULUMI_NETNS_GONE_HOSTS"] ?? "").split(","));
    const lives = onLabHosts({ local: openLifecycles, remote: openRemoteLifecycles, gone });
    loaded = new Map([...lives].map(([kind, life]) => [kind, withEngineFailures(life)]));
  }
  const found = loaded.get(type);
  if (found === undefined) throw unknownType(type);
  return found;
}

/**
 * Returns the lifecycles of all kinds over one kernel client, by the names of their classes.
 *
 * @param idleMs See {@link snapshotsOf}.
 */
export function lifecycles(
  kernel: KernelClient,
  {
    warn = console.warn,
    idleMs = 0,
    backend,
    killedRun = NO_KILLED_RUN,
  }: { warn?: (text: string) => void; idleMs?: number; backend?: string; killedRun?: KilledRun } = {},
): ReadonlyMap<string, Lifecycle> {
  const context: LifecycleContext = {
    kernel,
    withLocks: createLocks(),
    withSnapshot: snapshotsOf(kernel, idleMs),
    claims: new Map(),
    held: new Set(),
    down: new Set(),
    ended: new Set(),
    unchanged: new Map(),
    killedRun,
    givenUp: new Map(),
    suspects: new Set(),
    warn,
    backend,
  };
  const deletes = queuedDeletes();
  return new Map(
    allKinds.map((kind) => [
      kind.type,
      redactErrors(kind.schema, withQueuedDeletes(lifecycle(kind, context), deletes)),
    ]),
  );
}

/** Opens the lifecycles of all kinds on this machine, for one run of the engine. */
export function openLifecycles({
  warn = console.warn,
}: {
  warn?: (text: string) => void;
} = {}): ReadonlyMap<string, Lifecycle> {
  // Shown once, and as early as in a preview; otherwise each resource of an up would report it.
  const warning = missingCapability();
  if (warning !== undefined) warn(warning);
  return lifecycles(linux(), { warn, ...forOneRun(warn) });
}

/** Opens the lifecycles of all kinds on another machine, for one run of the engine. It connects at the first command. */
function openRemoteLifecycles(host: string, address: () => SshAddress): ReadonlyMap<string, Lifecycle> {
  const warn = (text: string) => console.warn(`${host}: ${text}`);
  const transport = overSsh(address, (status) => {
    const warning = missingRemoteCapability(status);
    if (warning !== undefined) warn(warning);
  });
  return lifecycles(remoteLinux(transport), { warn, ...forOneRun(console.warn) });
}

function forOneRun(warn: (text: string) => void) {
  const { env } = process;
  const backend = currentBackend({ env, folder: process.cwd() });
  // All lab hosts share it: whether the previous run was killed must be found out before this one is recorded.
  killedRun ??= killedRuns(backend, { env, engine: ownEngine(), warn });
  // The engine reads resources in a refresh, all at the same time, and not again in the same run.
  return { idleMs: 100, killedRun, ...(backend && isOnDisk(backend) && { backend: backend.id }) };
}

let killedRun: KilledRun | undefined;
let loaded: ReadonlyMap<string, EngineLifecycle> | undefined;
