import { type DestinationText, destinationTexts, impairmentText } from "../lab/impairment-text.ts";
import { contains } from "../provider/cidr.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { showAllQdiscs } from "../provider/kernel/tools/tc.ts";
import { netem } from "../provider/kinds/netem-options.ts";
import { observeRoot } from "../provider/kinds/qdisc.ts";
import { type RootQdisc, readClasses, WITH_CLASSES } from "../provider/kinds/qdisc-classes.ts";
import { tbf } from "../provider/kinds/tbf-options.ts";
import { inParallel } from "./parallel.ts";
import type { Place } from "./place.ts";

/** The delay, loss, rate and other impairments of the packets that leave through an interface. */
export interface Impairment {
  /** The impairment of packets to all other destinations; undefined if there is none. */
  readonly text: string | undefined;
  readonly perDestination: readonly DestinationText[];
}

/** Returns the impairments at the interfaces of a place, by the names of the interfaces. */
export async function impairmentsIn(kernel: KernelClient, place: Place): Promise<ReadonlyMap<string, Impairment>> {
  const byDevice = Map.groupBy((await showAllQdiscs(kernel, place)) ?? [], ({ dev = "" }) => dev);
  const all = await inParallel([...byDevice], async ([name, qdiscs]) => {
    const root = await observeRoot(kernel, { namespace: place, name }, qdiscs);
    const seen = root && READERS[root.kind]?.(root);
    return seen === undefined
      ? []
      : [[name, { text: impairmentText({ ...seen }), perDestination: destinationTexts({ ...seen }) }] as const];
  });
  return new Map(all.flat());
}

/** Returns the impairment of a packet to an address, as text; undefined if there is none. */
export function impairmentOf({ text, perDestination }: Impairment, destination: string): string | undefined {
  const own = perDestination.find(({ to }) => to.some((network) => contains(network, destination)));
  if (own === undefined) return text;
  return own.text === undefined ? undefined : `${own.text} for packets to ${destination}`;
}

/** Returns whether a kind of queueing discipline is one that {@link impairmentsIn} reads. */
export const isImpairing = (kind: string | undefined): boolean => kind !== undefined && Object.hasOwn(READERS, kind);

const READERS: Readonly<Record<string, (root: RootQdisc) => object | undefined>> = {
  netem: ({ options }) => netem.read(options, {}, undefined),
  tbf: ({ options }) => {
    const seen = tbf.read(options, { rate: "" }, undefined);
    return seen && { rate: seen.rate };
  },
  [WITH_CLASSES]: (root) =>
    netem.classes &&
    readClasses(root, netem.classes, {
      ...{ spec: netem, at: { namespace: undefined, name: "" } },
      ...{ options: {}, mtu: undefined, handle: root.handle },
    }),
};
