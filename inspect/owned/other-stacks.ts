import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { showLinks } from "../../provider/kernel/tools/ip.ts";
import { linkMark } from "../../provider/kinds/link.ts";
import { isOfStack, stackNameOf } from "../../provider/owner.ts";
import { inParallel } from "../parallel.ts";
import type { OnLink, Thing } from "./types.ts";

/**
 * Returns the objects whose stack is unknown: a note names no other stack, and no other stack owns their interface or their namespace.
 *
 * @param mark A mark of our own stack.
 */
export async function withoutOtherStacks(
  kernel: KernelClient,
  things: readonly OnLink[],
  mark: string,
): Promise<Thing[]> {
  const places = Map.groupBy(
    things.filter(({ isNotedOther = false }) => !isNotedOther),
    ({ namespace }) => namespace,
  );
  const unknown = await inParallel([...places], async ([namespace, all]) => {
    const links = (await showLinks(kernel, namespace)) ?? [];
    const isOfOther = (name: string | undefined): boolean => {
      const link = links.find(({ ifname }) => ifname === name);
      const owner = link && linkMark({ namespace, name: link.ifname }, link, mark);
      return !isOfStack(owner, mark) && stackNameOf(owner) !== undefined;
    };
    return all.flatMap(({ dev, isNotedOther: _none, ...thing }) =>
      isOfOther(dev) || (namespace !== undefined && isOfOther("lo")) ? [] : [thing],
    );
  });
  return unknown.flat();
}
