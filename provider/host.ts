import type { Kernel } from "./kernel/kernel.ts";
import { linux } from "./kernel/linux.ts";
import type { Kind } from "./kind.ts";
import * as kinds from "./kinds/index.ts";
import { type Claims, type Lifecycle, lifecycle } from "./lifecycle.ts";
import { lackOfPermission } from "./permission.ts";

/**
 * What Pulumi's provider process loads: the life of one kind of resource on this machine, by the name of its class.
 *
 * @throws Error when there is no such kind, which means that the state was written by a later version.
 */
export function host(type: string): Lifecycle {
  hosts ??= open();
  const found = hosts.get(type);
  if (found === undefined) throw new Error(`pulumi-netns has no ${type}: install a version that has`);
  return found;
}

/** The lives of all kinds over one kernel, by the names of their classes. */
export function lifecycles(kernel: Kernel, say: (text: string) => void = console.warn): ReadonlyMap<string, Lifecycle> {
  const claims: Claims = new Map();
  return new Map(all.map((kind) => [kind.type, lifecycle(kind, kernel, claims, say)]));
}

function open(): ReadonlyMap<string, Lifecycle> {
  // Said once, and as early as a preview: what would otherwise be said by each resource of an up.
  const lack = lackOfPermission();
  if (lack !== undefined) console.warn(lack);
  return lifecycles(linux());
}

let hosts: ReadonlyMap<string, Lifecycle> | undefined;

const all = Object.values(kinds) as unknown as readonly Kind[];
