import { createHash } from "node:crypto";
import { type Claim, exclusiveClaims } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { ip, type Link, showLink } from "../kernel/tools/ip.ts";
import { type Qdisc, showIngressFilters, showQdiscs, type TcFilter, tc } from "../kernel/tools/tc.ts";
import { placeId } from "../kind.ts";
import { digest, isOfStack, stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import {
  deleteCommand,
  deleteStep,
  initialGroup,
  initialMac,
  isInInitialGroup,
  type LinkPlace,
  linkMark,
  updateLink,
} from "./link.ts";
import { linkClaims } from "./link-names.ts";

/*
 * The way of packets that arrive at an interface through a queueing discipline: a filter redirects them to an ifb (intermediate
 * functional block) of the interface's own. If the ifb is missing or down, the kernel drops all packets that arrive, so the filter is
 * the last to be created and the first to be deleted.
 */

/** What was observed of the redirection of an interface's arriving packets. */
export interface ObservedIngress {
  /** The qdisc of the interface that holds the filters; undefined if there is none. */
  readonly holder: Qdisc | undefined;
  /** The filters with the preference of ours. */
  readonly filters: readonly TcFilter[];
  /** Whether there are other filters. */
  readonly isShared: boolean;
  readonly ifb: Link | undefined;
  /** The qdiscs of the ifb. */
  readonly qdiscs: readonly Qdisc[];
}

/** Returns the place of the ifb of an interface. */
export const ifbOf = ({ namespace, name }: LinkPlace): LinkPlace => ({
  namespace,
  name: name.length <= LONGEST ? `ifb-${name}` : `ifb-${digest(name)}`,
});

const LONGEST = 11;

/** Returns the claims of the redirection of an interface's arriving packets. */
export const ingressClaims = (at: LinkPlace): Claim[] => [
  ...exclusiveClaims(`ingress of ${placeId(at.namespace, at.name)}`),
  ...linkClaims(ifbOf(at)),
];

/** Queries the redirection of an interface's arriving packets. */
export async function observeIngress(
  kernel: KernelClient,
  at: LinkPlace,
  qdiscs: readonly Qdisc[],
): Promise<ObservedIngress> {
  const holder = qdiscs.find(({ kind }) => kind === "ingress" || kind === "clsact");
  const { namespace, name } = ifbOf(at);
  const [ifb, filters = []] = await Promise.all([
    showLink(kernel, namespace, name),
    holder && showIngressFilters(kernel, at.namespace, at.name),
  ]);
  return {
    holder,
    filters: filters.filter(isWithPreference),
    isShared: filters.some((filter) => !isWithPreference(filter)),
    ifb,
    qdiscs: ifb === undefined ? [] : ((await showQdiscs(kernel, namespace, name)) ?? []),
  };
}

/** Returns whether the filter and the ifb belong to the stack, as far as they exist. */
export const isOurIngress = ({ filters, ifb }: ObservedIngress, at: LinkPlace, mark: string): boolean =>
  (filters.length === 0 || cookiesOf(filters).includes(cookieOf(at, mark))) &&
  (ifb === undefined || isOfStack(linkMark(ifbOf(at), ifb, mark), mark));

/** Returns whether any part of a redirection exists. */
export const hasIngress = ({ filters, ifb }: ObservedIngress): boolean => filters.length > 0 || ifb !== undefined;

/** Returns whether packets that arrive take their way through the ifb. */
export const isRedirected = ({ filters, ifb }: ObservedIngress, at: LinkPlace): boolean =>
  isUp(ifb) && devicesOf(filters).includes(ifbOf(at).name);

/**
 * Plans the redirection of an interface's arriving packets.
 *
 * @param shape Plans the qdisc of the ifb.
 */
export function planIngress(seen: ObservedIngress | undefined, at: LinkPlace, mark: string, shape: Plan): Plan {
  const { holder, filters = [], ifb } = seen ?? {};
  const to = ifbOf(at);
  const isWhole = seen !== undefined && isRedirected(seen, at);
  return [
    ...(filters.length > 0 && !isWhole ? [deleteFilter(at)] : []),
    ...(ifb === undefined
      ? [
          {
            run: ip(
              to.namespace,
              "link",
              "add",
              ...["name", to.name, "group", initialGroup(to, mark), "address", initialMac(to, mark), "type", "ifb"],
            ),
            undo: deleteCommand(to),
          },
        ]
      : []),
    ...updateLink(
      {
        ...to,
        up: isUp(ifb),
        alias: ifb?.ifalias,
        isInInitialGroup: ifb === undefined || isInInitialGroup(to, ifb, mark),
      },
      { ...to, up: true },
      mark,
    ),
    ...shape,
    ...(holder === undefined
      ? [
          {
            run: tc(at.namespace, at.name, "qdisc", "add", "dev", at.name, "handle", "ffff:", "ingress"),
            undo: tc(at.namespace, at.name, "qdisc", "del", "dev", at.name, "ingress"),
          },
        ]
      : []),
    ...(isWhole ? [] : [{ run: addFilter(at, mark), undo: deleteFilter(at).run }]),
  ];
}

/** Plans the delete of a redirection. A qdisc that holds filters of others stays. */
export const deleteIngress = ({ holder, filters, isShared, ifb }: ObservedIngress, at: LinkPlace): Plan => [
  ...(filters.length > 0 ? [deleteFilter(at)] : []),
  ...(holder?.kind === "ingress" && !isShared
    ? [
        {
          run: tc(at.namespace, at.name, "qdisc", "del", "dev", at.name, "ingress"),
          tolerate: ["absent"] as const,
        },
      ]
    : []),
  ...(ifb === undefined ? [] : [deleteStep(ifbOf(at))]),
];

const isUp = (link: Link | undefined): boolean => link?.flags.includes("UP") ?? false;

const isWithPreference = ({ pref }: TcFilter): boolean => pref === PREFERENCE;

/** The preference of our filter, after those that others choose: a smaller number is evaluated first. */
const PREFERENCE = 40_201;

const actionsOf = (filters: readonly TcFilter[]) => filters.flatMap(({ options }) => options?.actions ?? []);
const cookiesOf = (filters: readonly TcFilter[]) => actionsOf(filters).flatMap(({ cookie }) => cookie ?? []);
const devicesOf = (filters: readonly TcFilter[]) => actionsOf(filters).flatMap(({ to_dev: device }) => device ?? []);

/** Returns the mark of the filter, which its action keeps: 16 bytes that are derived from the stack and the interface. */
const cookieOf = ({ namespace, name }: LinkPlace, mark: string): string =>
  createHash("sha256")
    .update(`${stackOf(mark)} ${placeId(namespace, name)}`)
    .digest("hex")
    .slice(0, 32);

// A filter that matches every packet; the classifier "matchall" is missing in some kernels.
const addFilter = (at: LinkPlace, mark: string) =>
  tc(
    at.namespace,
    at.name,
    ...["filter", "add", "dev", at.name, "ingress", "protocol", "all", "pref", PREFERENCE, "u32", "match", "u32", 0, 0],
    ...["action", "mirred", "egress", "redirect", "dev", ifbOf(at).name, "cookie", cookieOf(at, mark)],
  );

const deleteFilter = ({ namespace, name }: LinkPlace) => ({
  run: tc(namespace, name, "filter", "del", "dev", name, "ingress", "protocol", "all", "pref", PREFERENCE),
  tolerate: ["absent"] as const,
});
