import { impairmentText } from "../lab/impairment-text.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { showAllQdiscs } from "../provider/kernel/tools/tc.ts";
import { netem } from "../provider/kinds/netem-options.ts";
import { tbf } from "../provider/kinds/tbf-options.ts";
import type { Place } from "./lab-host.ts";

/** Returns what happens to the packets that leave through the interfaces of a place, as text, by the names of the interfaces. */
export async function impairmentsIn(kernel: KernelClient, place: Place): Promise<ReadonlyMap<string, string>> {
  const qdiscs = (await showAllQdiscs(kernel, place)) ?? [];
  return new Map(
    qdiscs.flatMap(({ kind, dev, root, options }) => {
      const seen = root ? READERS[kind]?.(options) : undefined;
      const text = seen && impairmentText({ ...seen });
      return dev === undefined || text === undefined ? [] : [[dev, text]];
    }),
  );
}

/** Returns whether a kind of queueing discipline is one that {@link impairmentsIn} reads. */
export const isImpairing = (kind: string | undefined): boolean => kind !== undefined && Object.hasOwn(READERS, kind);

const READERS: Readonly<Record<string, (options: Readonly<Record<string, unknown>>) => object | undefined>> = {
  netem: (options) => netem.read(options, {}, undefined),
  tbf: (options) => {
    const seen = tbf.read(options, { rate: "" }, undefined);
    return seen && { rate: seen.rate };
  },
};
