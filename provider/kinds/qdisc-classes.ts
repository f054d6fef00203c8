import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type Qdisc, showClassFilters, tc } from "../kernel/tools/tc.ts";
import type { Plan } from "../plan.ts";
import { defined } from "../properties.ts";
import { changes } from "../schema.ts";
import type { LinkPlace } from "./link.ts";
import {
  addFilter,
  classOf,
  deleteFilter,
  type FilteredRoot,
  filtersTo,
  isRule,
  isSameFilter,
  seenDestinations,
} from "./qdisc-filters.ts";
import type { QdiscClasses, QdiscSpec, SplitOptions } from "./qdisc-spec.ts";

/*
 * Queueing disciplines for packets to some destinations. The root of the interface is a `prio`: filters send the packets to these
 * destinations to classes of their own, and all other packets are in the first class. A class has a qdisc only if it impairs packets.
 */

/** The root qdisc of an interface, with the qdiscs and filters of its classes. */
export interface RootQdisc extends FilteredRoot {
  readonly inner: readonly Qdisc[];
}

/** The kind of a root qdisc with classes. */
export const WITH_CLASSES = "prio";

/** A root qdisc with classes, as it is wanted. */
export interface WantedClasses<Options extends object> {
  readonly spec: QdiscSpec<Options>;
  readonly at: LinkPlace;
  readonly options: Options;
  readonly mtu: number | undefined;
  /** The handle of the root. */
  readonly handle: string;
}

/** Returns a root qdisc with the qdiscs and filters of its classes. */
export async function withInner(
  kernel: KernelClient,
  { namespace, name }: LinkPlace,
  root: Qdisc | undefined,
  qdiscs: readonly Qdisc[],
): Promise<RootQdisc | undefined> {
  if (root === undefined) return undefined;
  if (root.kind !== WITH_CLASSES) return { ...root, inner: [], filters: [] };
  return {
    ...root,
    inner: qdiscs.filter(({ parent }) => parent?.startsWith(root.handle)),
    filters: (await showClassFilters(kernel, namespace, name, root.handle)) ?? [],
  };
}

/** Returns the options of a root qdisc with classes; undefined if it has parts that no option can express. */
export function readClasses<Options extends object>(
  root: RootQdisc,
  { split, join }: QdiscClasses<Options>,
  wanted: WantedClasses<Options>,
): Options | undefined {
  const { rest, classes } = split(wanted.options);
  const { bands } = root.options;
  if (root.kind !== WITH_CLASSES || typeof bands !== "number" || String(root.options["priomap"]) !== String(PRIOMAP))
    return undefined;
  const ofRest = readInner(root, 0, rest, wanted);
  const others = Array.from({ length: bands - 1 }, (_, index) => {
    const options = readInner(root, index + 1, classes[index]?.options ?? ({} as Options), wanted);
    return options && { to: seenDestinations(root, index + 1, classes), options };
  });
  if (ofRest === undefined || others.includes(undefined)) return undefined;
  return join({ rest: ofRest, classes: others.flatMap((one) => one ?? []) });
}

/** Plans the change of a root qdisc to one with classes: in place, so that packets that wait in a class are kept. */
export function planClasses<Options extends object>(
  root: RootQdisc | undefined,
  { rest, classes }: SplitOptions<Options>,
  wanted: WantedClasses<Options>,
): Plan {
  const { at, handle } = wanted;
  const expected = filtersTo(classes, handle);
  const seen = root?.filters.filter(isRule) ?? [];
  const stale = seen.filter((filter) => !expected.some((one) => isSameFilter(filter, one)));
  const missing = expected.filter((one) => !seen.some((filter) => isSameFilter(filter, one)));
  const bands = classes.length + 1;
  return [
    ...[...new Map(stale.map((filter) => [`${filter.protocol} ${filter.pref}`, filter])).values()].map((filter) => ({
      run: deleteFilter(at, handle, filter),
      tolerate: ["absent"] as const,
    })),
    ...(root === undefined ? [{ run: rootCommand("add", wanted, bands), undo: deleteRoot(at, handle) }] : []),
    ...(root !== undefined && root.options["bands"] !== bands ? [{ run: rootCommand("change", wanted, bands) }] : []),
    ...[rest, ...classes.map(({ options }) => options)].flatMap((options, band) =>
      planInner(root, band, options, wanted),
    ),
    ...missing.map((filter) => ({ run: addFilter(at, handle, filter), undo: deleteFilter(at, handle, filter) })),
  ];
}

/** The `priomap` that sends all packets that no filter matches to the first class, regardless of their type of service. */
const PRIOMAP: readonly number[] = Array.from({ length: 16 }, () => 0);

/** The largest number of classes beside the first. */
export const MOST_CLASSES = 15;

const rootCommand = (
  verb: "add" | "change",
  { at, handle }: Pick<WantedClasses<object>, "at" | "handle">,
  bands: number,
) =>
  tc(
    at.namespace,
    at.name,
    ...["qdisc", verb, "dev", at.name, "root", "handle", handle, WITH_CLASSES],
    ...["bands", bands, "priomap", ...PRIOMAP],
  );

const deleteRoot = ({ namespace, name }: LinkPlace, handle: string): Command =>
  tc(namespace, name, "qdisc", "del", "dev", name, "root", "handle", handle);

/** Returns the handle of the qdisc in a class. Its number follows that of the root. */
function innerHandle<Options extends object>(
  root: string,
  band: number,
  spec: QdiscSpec<Options>,
  variant?: string,
): string {
  const variants = [undefined, ...(spec.variants ?? [])];
  const number = Number.parseInt(root, 16) + 1 + band * variants.length + variants.indexOf(variant);
  return `${(number < KERNELS ? number : number - KERNELS + 1).toString(16)}:`;
}

/** The kernel chooses handles from this number on. */
const KERNELS = 0x8000;

const innerOf = (root: RootQdisc | undefined, band: number): Qdisc | undefined =>
  root?.inner.find(({ parent }) => parent === classOf(root.handle, band));

function readInner<Options extends object>(
  root: RootQdisc,
  band: number,
  options: Options,
  { spec, mtu }: WantedClasses<Options>,
): Options | undefined {
  const inner = innerOf(root, band);
  if (inner === undefined) return {} as Options;
  if (inner.kind !== spec.kind) return undefined;
  const seen = spec.read(inner.options, options, mtu);
  const variant = spec.variants?.find((one) => innerHandle(root.handle, band, spec, one) === inner.handle);
  return seen && (spec.withVariant?.(seen, variant) ?? seen);
}

function planInner<Options extends object>(
  root: RootQdisc | undefined,
  band: number,
  options: Options,
  wanted: WantedClasses<Options>,
): Plan {
  const { spec, at, mtu } = wanted;
  const inner = innerOf(root, band);
  const parent = ["dev", at.name, "parent", classOf(wanted.handle, band), "handle"];
  if (Object.keys(defined(options)).length === 0) {
    if (inner === undefined) return [];
    return [
      {
        run: tc(at.namespace, at.name, "qdisc", "del", ...parent, inner.handle),
        tolerate: ["absent"],
      },
    ];
  }
  const handle = innerHandle(wanted.handle, band, spec, spec.variant?.(options));
  const isKept = inner?.handle === handle && inner.kind === spec.kind;
  const seen = isKept && root !== undefined ? readInner(root, band, options, wanted) : undefined;
  if (seen !== undefined && changes({ entries: spec.fields }, seen, options).length === 0) return [];
  return [
    {
      run: tc(
        at.namespace,
        at.name,
        ...["qdisc", isKept ? "change" : "replace", ...parent, handle, spec.kind],
        ...spec.words(options, { mtu, isNew: !isKept }),
      ),
    },
  ];
}
