import { afterAnnouncedDeletes, announcedDeletes } from "./announced.ts";
import { currentBackend, isOnDisk } from "./backend.ts";
import { discreet } from "./discreet.ts";
import { endWithEngine } from "./engine.ts";
import { linux } from "./kernel/client/linux.ts";
import { glances } from "./kernel/client/snapshot.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Kind } from "./kind.ts";
import * as kinds from "./kinds/index.ts";
import { type Lifecycle, lifecycle, type Surroundings } from "./lifecycle.ts";
import { UserError } from "./message.ts";
import { lackOfPermission } from "./permission.ts";

/**
 * What Pulumi's provider process loads: the life of one kind of resource on this machine, by the name of its class.
 *
 * @throws Error when there is no such kind, which means that the state was written by a later version.
 */
export function host(type: string): Lifecycle {
  hosts ??= open();
  const found = hosts.get(type);
  if (found === undefined)
    throw new UserError(`resource type ${type} is unknown to this version of pulumi-netns`, "install a newer version");
  return found;
}

/**
 * The lives of all kinds over one kernel, by the names of their classes.
 *
 * @param pause See {@link glances}.
 */
export function lifecycles(
  kernel: Kernel,
  { say = console.warn, pause = 0, backend }: { say?: (text: string) => void; pause?: number; backend?: string } = {},
): ReadonlyMap<string, Lifecycle> {
  const shared: Surroundings = {
    kernel,
    glance: glances(kernel, pause),
    claims: new Map(),
    down: new Set(),
    ended: new Set(),
    say,
    backend,
  };
  const deletes = announcedDeletes();
  return new Map(
    all.map((kind) => [kind.type, discreet(kind.schema, afterAnnouncedDeletes(lifecycle(kind, shared), deletes))]),
  );
}

function open(): ReadonlyMap<string, Lifecycle> {
  endWithEngine();
  // Said once, and as early as a preview: what would otherwise be said by each resource of an up.
  const lack = lackOfPermission();
  if (lack !== undefined) console.warn(lack);
  // The engine reads when it refreshes, all at once, and never again in the life of this process.
  const backend = currentBackend({ env: process.env, folder: process.cwd() });
  return lifecycles(linux(), { pause: 100, ...(backend && isOnDisk(backend) && { backend: backend.id }) });
}

let hosts: ReadonlyMap<string, Lifecycle> | undefined;

const all = Object.values(kinds) as unknown as readonly Kind[];
