import * as v from "valibot";
import type { Kernel } from "../kernel/kernel.ts";
import { ip, type Link, namespaceWord } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, place, placed } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, field, group, rule } from "../schema.ts";
import { interfaceName, mtu } from "../values.ts";
import {
  type Carried,
  type CarriedChange,
  carriedClaims,
  carriedState,
  carry,
  observeCarried,
  routesOnOthers,
} from "./endpoint.ts";
import { addresses, gateways, reachable } from "./endpoint-args.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import { adjust, birth, birthMac, deletion, drop, linkFields, linkState, markIn, newborn, withMac } from "./link.ts";
import { freeNames, linkClaims, observeNames, type Rival, setAltname, twoNames } from "./link-names.ts";

const fields = {
  ...linkFields,
  mtu: v.optional(field(mtu()), 1500),
  master: v.optional(field(interfaceName())),
  addresses: addresses(),
  gateways: gateways(),
};

const end = () => group(fields, (known) => v.pipe(known, reachable(), ipv6NeedsMtu(), twoNames()));

const ends = args({ a: end(), b: end() });

type VethArgs = v.InferOutput<typeof ends>;
type End = VethArgs["a"];

const twoPlaces = rule<VethArgs, "a" | "b">(["a", "b"], ({ a, b }) =>
  a.name === b.name && a.namespace === b.namespace
    ? { at: "b", why: `both ends are named "${a.name}" in the same namespace; change one of the names or namespaces` }
    : undefined,
);

interface Seen extends Observed<VethArgs> {
  /** The links that stand where the ends are to be, of whatever kind. */
  readonly holders: readonly Holder[];
  /** What the ends carry, or what stands in the way of that. */
  readonly carried: { readonly a: Carried; readonly b: Carried };
  /** Other links that have the names of the ends. */
  readonly rivals: readonly Rival[];
}

interface Holder {
  /** The end that the place is for. */
  readonly end: End;
  readonly alias: string | undefined;
  readonly mark: string | undefined;
}

export const veth: Kind<VethArgs, Seen> = {
  type: "Veth",
  schema: v.pipe(ends, twoPlaces),
  proof: "mark",
  eager: () => true,
  remakes: true,
  interfaces: ({ a, b }) => ({ a, b }),
  complete: ({ a, b }, mark) => ({ a: withMac(a, mark), b: withMac(b, mark) }),
  id: ({ a, b }) => `${place(a.namespace, a.name)}:${place(b.namespace, b.name)}`,
  locate: (id) => {
    const [a = "", b = ""] = id.split(":");
    return { a: { ...placed(a), mtu: 1500, up: true }, b: { ...placed(b), mtu: 1500, up: true } };
  },
  claims: ({ a, b }) => [...linkClaims(a), ...linkClaims(b), ...carriedClaims(a), ...carriedClaims(b)],

  async observe(kernel, { a, b }, mark) {
    const [left, right] = await Promise.all([look(kernel, a, mark), look(kernel, b, mark)]);
    const pair = arePair(left.carried.link, right.carried.link);
    const found = [left.holder ?? [], right.holder ?? []].flat();
    const carried = { a: left.carried, b: right.carried };
    const rivals = [...left.rivals, ...right.rivals];
    // One end says whose a pair is, and a mark that it bears says more than a MAC address.
    const alias = pair ? found.find((holder) => holder.alias !== undefined)?.alias : undefined;
    const holders = found.map((holder) => ({ ...holder, mark: holder.alias ?? alias ?? holder.mark }));
    const [first] = holders;
    if (first === undefined) {
      // Without a link, another link's name or default route may be in the way.
      const foreignRival = rivals.find((rival) => isTakenFrom({ a, b }, rival) && !isOfStack(rival.mark, mark));
      const routes = [...left.carried.routes, ...right.carried.routes];
      return rivals.length > 0 || routes.some(({ seen }) => seen !== undefined)
        ? { state: undefined, mark: foreignRival === undefined ? mark : foreignRival.mark, holders, carried, rivals }
        : undefined;
    }
    const foreign = holders.find((holder) => !isOfStack(holder.mark, mark));
    const own = holders.find((holder) => holder.mark === mark);
    // Of two that are no pair, a stranger's is the one to be careful with.
    return pair && left.state !== undefined && right.state !== undefined
      ? { state: { a: left.state, b: right.state }, mark: (own ?? foreign ?? first).mark, holders, carried, rivals }
      : { state: undefined, mark: (foreign ?? own ?? first).mark, holders, carried, rivals };
  },

  plan({ seen, was, desired, mark }) {
    if (desired === undefined) {
      const { state, holders = [] } = seen ?? {};
      // One end takes the other with it. Of two that are no pair, each that bears the mark goes: a MAC address is also that
      // of an end with which another resource of the stack has taken the place over.
      const ours =
        state === undefined
          ? holders.filter(({ alias }) => alias === mark)
          : holders.filter((holder) => holder.mark === mark).slice(0, 1);
      return ours.map(({ end }) => drop(end));
    }
    const [first, second] = inOrder(desired);
    const free = freeNames(seen?.rivals ?? [], mark);
    const inTheWay = (end: End): Pick<CarriedChange, "carried"> => {
      const carried = seen?.carried[end === desired.a ? "a" : "b"];
      return {
        carried:
          carried &&
          routesOnOthers(
            carried,
            seen.holders.map((holder) => holder.end),
          ),
      };
    };
    if (seen?.state !== undefined) {
      const change = (name: "a" | "b", holder: Holder | undefined): Plan => {
        const [state, to] = [seen.state?.[name], desired[name]];
        if (state === undefined) return [];
        const alias = holder?.alias ?? (to === first && holder?.mark === mark ? bornMark(to, mark) : undefined);
        return bring({ ...state, alias }, to, mark, { seen: state, carried: seen.carried[name], was: was?.[name] });
      };
      return [...free, ...change("a", seen.holders[0]), ...change("b", seen.holders[1])];
    }
    return [
      ...(seen?.holders ?? []).map(({ end }) => drop(end)),
      ...free,
      {
        // Both ends are born in their places, so no name is needed, or taken, anywhere else.
        run: ip(
          undefined,
          "link",
          "add",
          ...[...born(first, mark), ...(first.up ? ["up"] : [])],
          ...["type", "veth", "peer", ...born(second, mark)],
        ),
        undo: deletion(first),
      },
      ...bring(newborn(second, mark), second, mark, inTheWay(second)),
      ...bring({ ...newborn(first, mark), up: first.up, alias: bornMark(first, mark) }, first, mark, inTheWay(first)),
    ];
  },
};

/**
 * The ends in the order in which they are born. The first can be born up, so it is one in a namespace, where each further
 * command costs a process.
 */
const inOrder = ({ a, b }: VethArgs): [End, End] =>
  a.namespace === undefined && b.namespace !== undefined ? [b, a] : [a, b];

/** What marks the first end from its birth on, as long as it keeps that MAC address: the second one bears the alias. */
const bornMark = (end: End, mark: string): string | undefined => (end.mac === birthMac(end, mark) ? mark : undefined);

const bring = (
  is: Parameters<typeof adjust>[0],
  desired: End,
  mark: string,
  found: Pick<CarriedChange, "seen" | "carried" | "was"> = {},
): Plan => [
  ...adjust(is, desired, mark),
  ...setAltname({ seen: found.seen, was: found.was, desired }),
  ...carry({ ...found, desired, mark }),
];

const born = (end: End, mark: string): (string | number)[] => [
  ...birth(end, mark),
  ...(end.namespace === undefined ? [] : ["netns", namespaceWord(end.namespace)]),
];

async function look(kernel: Kernel, end: End, mark: string) {
  const { link, rivals } = await observeNames(kernel, end, mark);
  const carried = await observeCarried(kernel, end, link, mark);
  if (link === undefined) return { carried, rivals };
  const holder: Holder = { end, alias: link.ifalias, mark: markIn(end, link, mark) };
  const state: End = { ...linkState(link, end), ...carriedState(end, carried) };
  return { holder, state, carried, rivals };
}

/** Whether a link has the name, not only the altname, of one of the ends. */
const isTakenFrom = ({ a, b }: VethArgs, { name }: Rival): boolean => name === a.name || name === b.name;

/** `ip` tells of the other end by name in the same namespace, and by number in another. */
function arePair(left: Link | undefined, right: Link | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.linkinfo?.info_kind !== "veth" || right.linkinfo?.info_kind !== "veth") return false;
  if (left.link_index === undefined) return left.link === right.ifname && right.link === left.ifname;
  return left.link_index === right.ifindex && right.link_index === left.ifindex;
}
