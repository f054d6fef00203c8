import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { showAllQdiscs } from "../../provider/kernel/tools/tc.ts";
import { deleteIngress, ingressClaims, isOurIngress, observeIngress } from "../../provider/kinds/ingress.ts";
import { deleteQdisc, isOurHandle, qdiscClaims, rootOf } from "../../provider/kinds/qdisc.ts";
import { inParallel } from "../parallel.ts";
import type { OwnedThing } from "./types.ts";

/**
 * Returns the queueing disciplines in a place that the stack of a mark has created, and the redirections of packets that arrive. A
 * redirection is removed before its ifb: otherwise the kernel would drop all packets that arrive.
 */
export async function qdiscsIn(
  kernel: KernelClient,
  namespace: string | undefined,
  mark: string,
): Promise<OwnedThing[]> {
  const byDevice = Map.groupBy((await showAllQdiscs(kernel, namespace)) ?? [], ({ dev = "" }) => dev);
  const found = await inParallel([...byDevice], async ([name, qdiscs]): Promise<OwnedThing[]> => {
    const at = { namespace, name };
    const root = rootOf(qdiscs);
    const isOurs = root !== undefined && isOurHandle(root.handle, at, mark, ["resource", "link"]);
    const ingress = qdiscs.some(({ kind }) => kind === "ingress" || kind === "clsact")
      ? await observeIngress(kernel, at, qdiscs)
      : undefined;
    const isRedirected = ingress !== undefined && ingress.filters.length > 0 && isOurIngress(ingress, at, mark);
    return [
      ...(isOurs
        ? [{ what: "qdisc" as const, ...at, claims: qdiscClaims(at), removal: [deleteQdisc(at, root.handle)] }]
        : []),
      ...(isRedirected
        ? [{ what: "ingress" as const, ...at, claims: ingressClaims(at), removal: deleteIngress(ingress, at) }]
        : []),
    ];
  });
  return found.flat();
}
