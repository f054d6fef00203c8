import type { Claims } from "./claims.ts";
import { NeededError } from "./errors.ts";
import type { KernelClient } from "./kernel/kernel.ts";
import type { Kind, Observed } from "./kind.ts";

/**
 * Refuses a delete that would also delete an object that the program still declares.
 *
 * @throws NeededError
 */
export async function refuseIfNeeded<Args extends object, Seen extends Observed<Args>>(
  kind: Pick<Kind<Args, Seen>, "type" | "id" | "dependents">,
  { kernel, claims }: { readonly kernel: KernelClient; readonly claims: Claims },
  own: Args,
  mark: string,
): Promise<void> {
  if (kind.dependents === undefined || claims.size === 0) return;
  const names = await kind.dependents(kernel, own);
  const needed = names.find((name) => claims.has(name));
  if (needed !== undefined)
    throw new NeededError(`${kind.type} ${kind.id(own, mark)}`, needed, claims.get(needed)?.mark);
}
