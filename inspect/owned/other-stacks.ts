import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { showLinks } from "../../provider/kernel/tools/ip.ts";
import { linkMark } from "../../provider/kinds/link.ts";
import { isOfStack, stackNameOf } from "../../provider/owner.ts";
import { inParallel } from "../parallel.ts";
import type { OnLink, UnclearThing } from "./types.ts";

/**
 * Adds the name of the stack to objects without a note: another stack that owns the interface or the namespace of an object owns the object.
 *
 * @param mark A mark of our own stack.
 */
export async function withOtherStacks(
  kernel: KernelClient,
  things: readonly OnLink[],
  mark: string,
): Promise<UnclearThing[]> {
  const places = Map.groupBy(things, ({ namespace }) => namespace);
  const named = await inParallel([...places], async ([namespace, all]) => {
    const isNamed = all.every(({ stack }) => stack !== undefined);
    const links = isNamed ? [] : ((await showLinks(kernel, namespace)) ?? []);
    const other = (name: string | undefined): string | undefined => {
      const link = links.find(({ ifname }) => ifname === name);
      const owner = link && linkMark({ namespace, name: link.ifname }, link, mark);
      return isOfStack(owner, mark) ? undefined : stackNameOf(owner);
    };
    return all.map(({ dev, stack, ...thing }) => ({
      ...thing,
      stack: stack ?? other(dev) ?? (namespace === undefined ? undefined : other("lo")),
    }));
  });
  return named.flat();
}
