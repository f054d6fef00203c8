import { asNetwork, familyOf } from "../cidr.ts";
import type { Command } from "../kernel/command.ts";
import { type Qdisc, type TcFilter, tc } from "../kernel/tools/tc.ts";
import type { LinkPlace } from "./link.ts";
import type { ClassOptions } from "./qdisc-spec.ts";

/** Returns the class of a band, such as `2a1f:2` for band 1. */
export const classOf = (handle: string, band: number): string => `${handle}${(band + 1).toString(16)}`;

/** A filter that sends packets to a destination to a class. */
export interface ClassFilter {
  readonly pref: number;
  readonly protocol: "ip" | "ipv6";
  readonly network: string;
  readonly classid: string;
}

/** Returns the filters of classes. Those of an earlier class are evaluated first. */
export const filtersTo = (classes: readonly ClassOptions<object>[], handle: string): ClassFilter[] =>
  classes
    .flatMap(({ to }, index) => to.map((network) => ({ network, classid: classOf(handle, index + 1) })))
    .map(({ network, classid }, index) => ({
      pref: index + 1,
      protocol: familyOf(network) === "inet" ? "ip" : "ipv6",
      network,
      classid,
    }));

/** Returns whether an entry of `tc filter show` is a filter. It also prints entries without options, which only contain filters. */
export const isRule = ({ kind, options }: TcFilter): boolean =>
  options !== undefined && (kind === "flower" || classIn({ options }) !== undefined || options.actions.length > 0);

const classIn = ({ options }: Pick<TcFilter, "options">): string | undefined => options?.classid ?? options?.flowid;

/** Returns the network whose packets a filter matches; undefined if it matches others. */
function networkOf({ kind, protocol, options }: TcFilter): string | undefined {
  const { eth_type: _type, dst_ip: network, ...others } = options?.keys ?? {};
  const any = { ip: "0.0.0.0/0", ipv6: "::/0" }[protocol];
  if (kind !== "flower" || any === undefined || Object.keys(others).length > 0 || (options?.actions ?? []).length > 0)
    return undefined;
  if (typeof network !== "string") return any;
  return asNetwork(network);
}

export const isSameFilter = (filter: TcFilter, { pref, protocol, network, classid }: ClassFilter): boolean =>
  filter.pref === pref && filter.protocol === protocol && networkOf(filter) === network && classIn(filter) === classid;

/** A root qdisc, with the filters of its classes. */
export interface FilteredRoot extends Qdisc {
  readonly filters: readonly TcFilter[];
}

/** Returns the destinations whose packets a class gets: the wanted ones if its filters match them, else those of the filters. */
export function seenDestinations(root: FilteredRoot, band: number, classes: readonly ClassOptions<object>[]): string[] {
  const classid = classOf(root.handle, band);
  const expected = filtersTo(classes, root.handle);
  const own = expected.filter((one) => one.classid === classid);
  const ids = Array.from({ length: Number(root.options["bands"]) - 1 }, (_, index) => classOf(root.handle, index + 1));
  // A filter that sends packets to none of these classes is shown with the first of them.
  const seen = root.filters.filter(isRule).filter((filter) => {
    const to = classIn(filter) ?? "";
    return (ids.includes(to) ? to : ids[0]) === classid;
  });
  if (seen.length === own.length && own.every((one) => seen.some((filter) => isSameFilter(filter, one))))
    return own.map(({ network }) => network);
  return seen.map((filter) => {
    const network = networkOf(filter);
    const isWanted = own.some((one) => isSameFilter(filter, one));
    const isAdded = !own.some((one) => one.network === network);
    return network !== undefined && (isWanted || isAdded) ? network : `${filter.kind} filter ${filter.pref}`;
  });
}

const filterCommand = (
  verb: "add" | "del",
  { namespace, name }: LinkPlace,
  handle: string,
  ...words: (string | number)[]
) => tc(namespace, name, "filter", verb, "dev", name, "parent", handle, ...words);

export const addFilter = (at: LinkPlace, handle: string, { pref, protocol, network, classid }: ClassFilter): Command =>
  filterCommand("add", at, handle, "protocol", protocol, "pref", pref, "flower", "dst_ip", network, "classid", classid);

export const deleteFilter = (
  at: LinkPlace,
  handle: string,
  { pref, protocol }: Pick<TcFilter, "pref" | "protocol">,
): Command => filterCommand("del", at, handle, "protocol", protocol, "pref", pref);
