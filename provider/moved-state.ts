import { MovedStateError } from "./errors.ts";
import { backendOf, stackOf } from "./owner.ts";

/**
 * Refuses a state that was copied from another backend: its objects belong to the stack that it was copied from.
 *
 * @param backend See `LifecycleContext.backend`.
 * @throws MovedStateError
 */
export function refuseMovedState(mark: string, backend: string | undefined): void {
  const origin = backendOf(mark);
  if (backend === undefined || origin === undefined || origin === backend) return;
  if (process.env["PULUMI_NETNS_MOVED_FROM"] !== origin) throw new MovedStateError(stackOf(mark), origin);
}
