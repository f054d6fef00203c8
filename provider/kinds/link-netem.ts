import * as v from "valibot";
import type { Claim } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import type { Link } from "../kernel/tools/ip.ts";
import { showQdiscs } from "../kernel/tools/tc.ts";
import { placeId } from "../kind.ts";
import { UserError } from "../message.ts";
import type { Plan } from "../plan.ts";
import { changes, group } from "../schema.ts";
import type { LinkPlace } from "./link.ts";
import { type NetemOptions, netem, netemFields } from "./netem-options.ts";
import {
  deleteQdisc,
  isOurHandle,
  isSetByHand,
  observeRoot,
  planQdisc,
  qdiscClaims,
  readQdisc,
  type WantedQdisc,
} from "./qdisc.ts";
import { type RootQdisc, WITH_CLASSES } from "./qdisc-classes.ts";

/*
 * The short form of a Netem: the delay, loss and rate of a link's outgoing packets as an argument of the link.
 */

/** A link that may have the short form. */
export interface ImpairedLink extends LinkPlace {
  readonly netem?: NetemOptions | undefined;
}

/** The qdisc of a link that stands for its netem, or that is in the way of it. */
export interface ObservedNetem {
  readonly root: RootQdisc;
  /** The options; undefined for a qdisc of another kind. */
  readonly options: NetemOptions | undefined;
  /** Whether the stack may change it. */
  readonly isOurs: boolean;
}

/** Declares the short form. */
export const linkNetem = () =>
  v.optional(group(netemFields, (known) => v.pipe(known, ...(netem.rules as unknown as []))));

/** Returns the claim of the link's qdisc, if it has one. */
export const netemClaims = (link: ImpairedLink): Claim[] => (link.netem === undefined ? [] : qdiscClaims(link));

/**
 * Queries the netem of a link, if it is wanted or if the link shows one. One that a resource of its own has created is not the link's; one
 * that was set by hand is.
 */
export async function observeNetem(
  kernel: KernelClient,
  wanted: ImpairedLink,
  link: Link | undefined,
  mark: string,
): Promise<ObservedNetem | undefined> {
  const isWanted = wanted.netem !== undefined;
  if (link === undefined || (isWanted ? link.qdisc === NONE : !SHOWN.includes(link.qdisc))) return undefined;
  const root = await observeRoot(kernel, wanted, await showQdiscs(kernel, wanted.namespace, wanted.name));
  if (root === undefined) return undefined;
  const isOwn =
    (isSetByHand(root) && (isWanted || root.kind === netem.kind)) || isOurHandle(root.handle, wanted, mark, ["link"]);
  if (!isWanted && !isOwn) return undefined;
  return {
    root,
    options: readQdisc(root, wantedBy(wanted, mark)),
    isOurs: isOwn || isOurHandle(root.handle, wanted, mark, ["resource"]),
  };
}

/** What `ip` shows for a link without a queue. */
const NONE = "noqueue";

/** The root qdiscs that `ip` shows for a link with a netem, or with one for each of several destinations. */
const SHOWN: readonly (string | undefined)[] = [netem.kind, WITH_CLASSES];

/** Returns the observed netem of a link in terms of its arguments. */
export const netemState = ({ options }: Partial<ObservedNetem> = {}): Pick<ImpairedLink, "netem"> =>
  options === undefined ? {} : { netem: options };

/** Plans the change of a link's netem to the desired one. */
export function planNetem(seen: ObservedNetem | undefined, link: ImpairedLink, mark: string): Plan {
  const { netem: desired } = link;
  if (desired === undefined) return seen === undefined ? [] : [deleteQdisc(link, seen.root.handle)];
  if (seen?.isOurs === false) throw foreignQdisc(link);
  return planQdisc(
    seen?.root,
    wantedBy(link, mark),
    (is) => changes({ entries: netemFields }, is, desired).length === 0,
  );
}

const wantedBy = ({ namespace, name, netem: options = {} }: ImpairedLink, mark: string): WantedQdisc<NetemOptions> => ({
  spec: netem,
  at: { namespace, name },
  mark,
  holder: "link",
  options,
  mtu: undefined,
});

const foreignQdisc = ({ namespace, name }: LinkPlace): UserError =>
  new UserError(
    `netem of ${placeId(namespace, name)} cannot be set: the interface has a queueing discipline of another stack`,
    "delete it with that stack's program, or remove netem",
  );
