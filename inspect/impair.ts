import { displayCommand } from "../provider/kernel/command.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { showQdiscs, tc } from "../provider/kernel/tools/tc.ts";
import { placeId } from "../provider/kind.ts";
import type { LinkPlace } from "../provider/kinds/link.ts";
import { type NetemOptions, netem } from "../provider/kinds/netem-options.ts";
import { deleteQdisc, isSetByHand, rootOf } from "../provider/kinds/qdisc.ts";
import { WITH_CLASSES } from "../provider/kinds/qdisc-classes.ts";
import { UserError } from "../provider/message.ts";
import { applyPlan, type Plan } from "../provider/plan.ts";

/**
 * Changes what happens to the packets that leave through an interface, as a manual change that the next `up --refresh` reverts. A netem of
 * the stack is changed in place, so that no packet is lost. Returns false if nothing was set, and nothing is to be removed.
 *
 * @param options The settings; undefined to remove them all.
 * @throws UserError if the interface has a queueing discipline of another kind, or settings per destination.
 */
export async function impair(kernel: KernelClient, at: LinkPlace, options: NetemOptions | undefined): Promise<boolean> {
  const root = rootOf(await showQdiscs(kernel, at.namespace, at.name));
  if (root?.kind === WITH_CLASSES && !isSetByHand(root)) {
    throw new UserError(
      `${placeId(at.namespace, at.name)} has settings per destination, which impair would remove`,
      "change the netem of the interface in the program, with its perDestination, and run `pulumi up`",
    );
  }
  if (root !== undefined && root.kind !== netem.kind) {
    throw new UserError(
      `${placeId(at.namespace, at.name)} has the queueing discipline ${root.kind}, and can have no netem beside it`,
      `change that one in the program, or delete it: ${displayCommand(tc(at.namespace, at.name, "qdisc", "del", "dev", at.name, "root"))}`,
    );
  }
  const plan = planOf(at, root?.handle, options);
  await applyPlan(kernel, plan);
  return plan.length > 0;
}

function planOf(at: LinkPlace, handle: string | undefined, options: NetemOptions | undefined): Plan {
  if (options === undefined) return handle === undefined ? [] : [deleteQdisc(at, handle)];
  const isNew = handle === undefined;
  const words = netem.words(options, { mtu: undefined, isNew });
  const on = ["root", ...(isNew ? [] : ["handle", handle]), netem.kind];
  return [{ run: tc(at.namespace, at.name, "qdisc", isNew ? "add" : "change", "dev", at.name, ...on, ...words) }];
}
