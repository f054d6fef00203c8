import { createHash } from "node:crypto";
import { type Claim, exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type Qdisc, tc } from "../kernel/tools/tc.ts";
import { placeId } from "../kind.ts";
import { isOfStack, stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { fqCodel } from "./fq-codel-options.ts";
import type { LinkPlace } from "./link.ts";
import { netem } from "./netem-options.ts";
import {
  planClasses,
  type RootQdisc,
  readClasses,
  type WantedClasses,
  WITH_CLASSES,
  withInner,
} from "./qdisc-classes.ts";
import type { QdiscSpec } from "./qdisc-spec.ts";
import { tbf } from "./tbf-options.ts";

/*
 * The root queueing discipline of an interface. It has no room for a mark but its handle, whose number is derived from the stack, the
 * interface and the resource's kind. Handles below 100: are typed by hand, and those from 8000: are chosen by the kernel.
 */

/** The resource that has a qdisc: one of its own, or a link with the short form. */
export type QdiscHolder = "resource" | "link";

/** Returns the handle of a stack's qdisc, such as `2a1f:`. */
export function handleOf(
  at: LinkPlace,
  mark: string,
  holder: QdiscHolder,
  { kind }: Pick<QdiscSpec, "kind">,
  variant = "",
): string {
  const text = [stackOf(mark), placeId(at.namespace, at.name), holder, kind, variant].join(" ");
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${(FIRST + (Number.parseInt(digest, 16) % (END - FIRST))).toString(16)}:`;
}

const [FIRST, END] = [0x100, 0x8000];

/** Returns whether a handle is one that this package chooses, for any stack. */
const isMarked = ({ handle }: Qdisc): boolean => {
  const number = Number.parseInt(handle, 16);
  return number >= FIRST && number < END;
};

/** Returns the qdisc that an interface has in place of the kernel's default. */
export const rootOf = (qdiscs: readonly Qdisc[] | undefined): Qdisc | undefined =>
  qdiscs?.find(({ root, handle }) => root && handle !== "0:");

/**
 * Returns the root qdisc of an interface with the qdiscs of its classes.
 *
 * @param qdiscs The qdiscs of the interface, as a query has returned them.
 */
export const observeRoot = (
  kernel: KernelClient,
  at: LinkPlace,
  qdiscs: readonly Qdisc[] | undefined,
): Promise<RootQdisc | undefined> => withInner(kernel, at, rootOf(qdiscs), qdiscs ?? []);

/** Returns the handle of a stack's root qdisc that has classes. */
const classesHandleOf = (at: LinkPlace, mark: string, holder: QdiscHolder, { kind }: Pick<QdiscSpec, "kind">): string =>
  handleOf(at, mark, holder, { kind: `${WITH_CLASSES} of ${kind}` });

/** Returns whether a handle is one that the stack of a mark has on an interface, of any kind. */
export const isOurHandle = (handle: string, at: LinkPlace, mark: string, holders: readonly QdiscHolder[]): boolean =>
  holders.some((holder) =>
    SPECS.some(
      (spec) =>
        (spec.classes !== undefined && classesHandleOf(at, mark, holder, spec) === handle) ||
        [undefined, ...(spec.variants ?? [])].some((variant) => handleOf(at, mark, holder, spec, variant) === handle),
    ),
  );

const SPECS: readonly (Pick<QdiscSpec, "kind" | "variants"> & { readonly classes?: object })[] = [netem, tbf, fqCodel];

/**
 * Returns whether a qdisc may be changed and deleted: one that the stack has created, or one that was set by hand on a link of the
 * stack. One that another stack has created is not, on whatever link it is.
 */
export const isOurQdisc = (qdisc: Qdisc, at: LinkPlace, mark: string, linkMark: string | undefined): boolean =>
  isOurHandle(qdisc.handle, at, mark, ["resource", "link"]) || (!isMarked(qdisc) && isOfStack(linkMark, mark));

/** Returns whether a qdisc was set by hand. */
export const isSetByHand = (qdisc: Qdisc): boolean => !isMarked(qdisc);

/** Returns the claim of the root qdisc of an interface. */
export const qdiscClaims = ({ namespace, name }: LinkPlace): Claim[] =>
  exclusiveClaims(`root qdisc of ${placeId(namespace, name)}`);

/** A qdisc as it is wanted. */
export interface WantedQdisc<Options extends object> {
  readonly spec: QdiscSpec<Options>;
  readonly at: LinkPlace;
  readonly mark: string;
  readonly holder: QdiscHolder;
  readonly options: Options;
  readonly mtu: number | undefined;
}

/** Returns the options of a qdisc; undefined if it is of another kind, or has parts that no option can express. */
export function readQdisc<Options extends object>(qdisc: RootQdisc, wanted: WantedQdisc<Options>): Options | undefined {
  const { spec, at, mark, holder, options, mtu } = wanted;
  if (spec.classes !== undefined && qdisc.handle === classesHandleOf(at, mark, holder, spec))
    return readClasses(qdisc, spec.classes, classesOf(wanted));
  if (qdisc.kind !== spec.kind) return undefined;
  const seen = spec.read(qdisc.options, spec.classes?.split(options).rest ?? options, mtu);
  const variant = spec.variants?.find((one) => handleOf(at, mark, holder, spec, one) === qdisc.handle);
  return seen && (spec.withVariant?.(seen, variant) ?? seen);
}

const classesOf = <Options extends object>({
  spec,
  at,
  mark,
  holder,
  options,
  mtu,
}: WantedQdisc<Options>): WantedClasses<Options> => ({
  ...{ spec, at, options, mtu },
  handle: classesHandleOf(at, mark, holder, spec),
});

/**
 * Plans the change of an interface's qdisc to the wanted one: in place if its handle and its kind allow that, so that packets that wait
 * in it are kept.
 *
 * @param isSame Whether the observed options are the wanted ones.
 */
export function planQdisc<Options extends object>(
  qdisc: RootQdisc | undefined,
  wanted: WantedQdisc<Options>,
  isSame: (seen: Options) => boolean,
): Plan {
  const { spec, at, mark, holder, options, mtu } = wanted;
  const seen = qdisc && readQdisc(qdisc, wanted);
  const split = spec.classes?.split(options);
  const hasClasses = split !== undefined && split.classes.length > 0;
  const handle = hasClasses
    ? classesHandleOf(at, mark, holder, spec)
    : handleOf(at, mark, holder, spec, spec.variant?.(options));
  const isKept = seen !== undefined && qdisc?.handle === handle && !spec.replaces?.(seen, options);
  if (isKept && isSame(seen)) return [];
  const cleared = qdisc === undefined || isKept ? [] : [deleteQdisc(at, qdisc.handle)];
  if (hasClasses) return [...cleared, ...planClasses(isKept ? qdisc : undefined, split, classesOf(wanted))];
  const command = (verb: "add" | "change"): Command =>
    tc(
      at.namespace,
      at.name,
      ...["qdisc", verb, "dev", at.name, "root", "handle", handle, spec.kind],
      ...spec.words(options, { mtu, isNew: verb === "add" }),
    );
  if (isKept) return [{ run: command("change") }];
  return [...cleared, { run: command("add"), undo: deleteQdisc(at, handle).run }];
}

/** Returns the step that deletes the qdisc with a handle, and no other. */
export const deleteQdisc = ({ namespace, name }: LinkPlace, handle: string) => ({
  run: tc(namespace, name, "qdisc", "del", "dev", name, "root", "handle", handle),
  tolerate: ["absent"] as const,
});
