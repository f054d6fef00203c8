import type { LabHosts } from "../inspect/lab-hosts.ts";
import type { StackView } from "../inspect/stack.ts";
import { statusOf } from "../inspect/status.ts";
import { undeclaredIn } from "../inspect/undeclared.ts";
import { overlayStatus } from "../picture/status-overlay.ts";
import type { Topology } from "../picture/topology.ts";
import { topologyOf } from "../picture/topology-of.ts";
import { overlayUndeclared } from "../picture/undeclared-overlay.ts";

/** The text for objects without a mark in a picture that compares a stack with the kernel. */
export const AS_IN_STATE = "in the kernel as in the stack's state";

/**
 * Returns the topology of a stack, compared with the kernel.
 *
 * @param shown The stack with its secrets hidden, as the picture shows it.
 * @param revealed The same stack with its secrets, to compare it with the kernel.
 */
export async function liveTopology(hosts: LabHosts, shown: StackView, revealed: StackView): Promise<Topology> {
  const [statuses, undeclared] = await Promise.all([statusOf(revealed, hosts), undeclaredIn(hosts.all.kernel, shown)]);
  return overlayUndeclared(topologyOf(overlayStatus(shown, statuses)), undeclared);
}
