import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { ip, type Link, namespaceWord } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, parsePlaceId, placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, field, group, rule } from "../schema.ts";
import { interfaceName, mtu } from "../values.ts";
import {
  type AddressingChange,
  addressingClaims,
  addressingState,
  type ObservedAddressing,
  observeAddressing,
  planAddressing,
  routesOnOthers,
} from "./addressing.ts";
import { addresses, gateways, gatewaysAreReachable } from "./addressing-args.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import {
  createWords,
  deleteCommand,
  deleteStep,
  initialLink,
  initialMac,
  linkFields,
  linkMark,
  linkState,
  updateLink,
  withDefaultMac,
} from "./link.ts";
import {
  distinctNames,
  linkClaims,
  type NameConflict,
  observeByNames,
  releaseNames,
  setAltname,
} from "./link-names.ts";

const fields = {
  ...linkFields,
  mtu: v.optional(field(mtu()), 1500),
  master: v.optional(field(interfaceName())),
  addresses: addresses(),
  gateways: gateways(),
};

const end = () => group(fields, (known) => v.pipe(known, gatewaysAreReachable(), ipv6NeedsMtu(), distinctNames()));

const ends = args({ a: end(), b: end() });

type VethArgs = v.InferOutput<typeof ends>;
type End = VethArgs["a"];

const distinctEnds = rule<VethArgs, "a" | "b">(["a", "b"], ({ a, b }) =>
  a.name === b.name && a.namespace === b.namespace
    ? { at: "b", why: `both ends are named "${a.name}" in the same namespace; change one of the names or namespaces` }
    : undefined,
);

interface ObservedVeth extends Observed<VethArgs> {
  /** The links that stand where the ends are to be, of whatever kind. */
  readonly occupants: readonly Occupant[];
  /** What the ends carry, or what stands in the way of that. */
  readonly addressing: { readonly a: ObservedAddressing; readonly b: ObservedAddressing };
  /** Other links that have the names of the ends. */
  readonly conflicts: readonly NameConflict[];
}

interface Occupant {
  /** The end that the place is for. */
  readonly end: End;
  readonly alias: string | undefined;
  readonly mark: string | undefined;
}

export const veth: Kind<VethArgs, ObservedVeth> = {
  type: "Veth",
  schema: v.pipe(ends, distinctEnds),
  ownership: "mark",
  createOptimistically: () => true,
  recreatesSibling: true,
  interfaces: ({ a, b }) => ({ a, b }),
  applyDefaults: ({ a, b }, mark) => ({ a: withDefaultMac(a, mark), b: withDefaultMac(b, mark) }),
  id: ({ a, b }) => `${placeId(a.namespace, a.name)}:${placeId(b.namespace, b.name)}`,
  argsFromId: (id) => {
    const [a = "", b = ""] = id.split(":");
    return { a: { ...parsePlaceId(a), mtu: 1500, up: true }, b: { ...parsePlaceId(b), mtu: 1500, up: true } };
  },
  claims: ({ a, b }) => [...linkClaims(a), ...linkClaims(b), ...addressingClaims(a), ...addressingClaims(b)],

  async observe(kernel, { a, b }, mark) {
    const [left, right] = await Promise.all([observeEnd(kernel, a, mark), observeEnd(kernel, b, mark)]);
    const pair = arePair(left.addressing.link, right.addressing.link);
    const found = [left.holder ?? [], right.holder ?? []].flat();
    const addressing = { a: left.addressing, b: right.addressing };
    const conflicts = [...left.conflicts, ...right.conflicts];
    // One end says whose a pair is, and a mark that it bears says more than a MAC address.
    const alias = pair ? found.find((occupant) => occupant.alias !== undefined)?.alias : undefined;
    const occupants = found.map((occupant) => ({ ...occupant, mark: occupant.alias ?? alias ?? occupant.mark }));
    const [first] = occupants;
    if (first === undefined) {
      // Without a link, another link's name or default route may be in the way.
      const foreignConflict = conflicts.find(
        (conflict) => hasEndName({ a, b }, conflict) && !isOfStack(conflict.mark, mark),
      );
      const routes = [...left.addressing.routes, ...right.addressing.routes];
      return conflicts.length > 0 || routes.some(({ seen }) => seen !== undefined)
        ? {
            state: undefined,
            mark: foreignConflict === undefined ? mark : foreignConflict.mark,
            occupants,
            addressing,
            conflicts,
          }
        : undefined;
    }
    const foreign = occupants.find((occupant) => !isOfStack(occupant.mark, mark));
    const own = occupants.find((occupant) => occupant.mark === mark);
    // Of two that are no pair, a stranger's is the one to be careful with.
    return pair && left.state !== undefined && right.state !== undefined
      ? {
          state: { a: left.state, b: right.state },
          mark: (own ?? foreign ?? first).mark,
          occupants,
          addressing,
          conflicts,
        }
      : { state: undefined, mark: (foreign ?? own ?? first).mark, occupants, addressing, conflicts };
  },

  plan({ seen, was, desired, mark }) {
    if (desired === undefined) {
      const { state, occupants = [] } = seen ?? {};
      // One end takes the other with it. Of two that are no pair, each that bears the mark goes: a MAC address is also that
      // of an end with which another resource of the stack has taken the place over.
      const ours =
        state === undefined
          ? occupants.filter(({ alias }) => alias === mark)
          : occupants.filter((occupant) => occupant.mark === mark).slice(0, 1);
      return ours.map(({ end }) => deleteStep(end));
    }
    const [first, second] = creationOrder(desired);
    const free = releaseNames(seen?.conflicts ?? [], mark);
    const obstructing = (end: End): Pick<AddressingChange, "addressing"> => {
      const addressing = seen?.addressing[end === desired.a ? "a" : "b"];
      return {
        addressing:
          addressing &&
          routesOnOthers(
            addressing,
            seen.occupants.map((occupant) => occupant.end),
          ),
      };
    };
    if (seen?.state !== undefined) {
      const change = (name: "a" | "b", occupant: Occupant | undefined): Plan => {
        const [state, to] = [seen.state?.[name], desired[name]];
        if (state === undefined) return [];
        const alias = occupant?.alias ?? (to === first && occupant?.mark === mark ? initialMark(to, mark) : undefined);
        return configureEnd({ ...state, alias }, to, mark, {
          seen: state,
          addressing: seen.addressing[name],
          was: was?.[name],
        });
      };
      return [...free, ...change("a", seen.occupants[0]), ...change("b", seen.occupants[1])];
    }
    return [
      ...(seen?.occupants ?? []).map(({ end }) => deleteStep(end)),
      ...free,
      {
        // Both ends are born in their places, so no name is needed, or taken, anywhere else.
        run: ip(
          undefined,
          "link",
          "add",
          ...[...endWords(first, mark), ...(first.up ? ["up"] : [])],
          ...["type", "veth", "peer", ...endWords(second, mark)],
        ),
        undo: deleteCommand(first),
      },
      ...configureEnd(initialLink(second, mark), second, mark, obstructing(second)),
      ...configureEnd(
        { ...initialLink(first, mark), up: first.up, alias: initialMark(first, mark) },
        first,
        mark,
        obstructing(first),
      ),
    ];
  },
};

/**
 * The ends in the order in which they are born. The first can be born up, so it is one in a namespace, where each further
 * command costs a process.
 */
const creationOrder = ({ a, b }: VethArgs): [End, End] =>
  a.namespace === undefined && b.namespace !== undefined ? [b, a] : [a, b];

/** What marks the first end from its birth on, as long as it keeps that MAC address: the second one bears the alias. */
const initialMark = (end: End, mark: string): string | undefined =>
  end.mac === initialMac(end, mark) ? mark : undefined;

const configureEnd = (
  current: Parameters<typeof updateLink>[0],
  desired: End,
  mark: string,
  found: Pick<AddressingChange, "seen" | "addressing" | "was"> = {},
): Plan => [
  ...updateLink(current, desired, mark),
  ...setAltname({ seen: found.seen, was: found.was, desired }),
  ...planAddressing({ ...found, desired, mark }),
];

const endWords = (end: End, mark: string): (string | number)[] => [
  ...createWords(end, mark),
  ...(end.namespace === undefined ? [] : ["netns", namespaceWord(end.namespace)]),
];

async function observeEnd(kernel: KernelClient, end: End, mark: string) {
  const { link, conflicts } = await observeByNames(kernel, end, mark);
  const addressing = await observeAddressing(kernel, end, link, mark);
  if (link === undefined) return { addressing, conflicts };
  const occupant: Occupant = { end, alias: link.ifalias, mark: linkMark(end, link, mark) };
  const state: End = { ...linkState(link, end), ...addressingState(end, addressing) };
  return { holder: occupant, state, addressing, conflicts };
}

/** Whether a link has the name, not only the altname, of one of the ends. */
const hasEndName = ({ a, b }: VethArgs, { name }: NameConflict): boolean => name === a.name || name === b.name;

/** `ip` tells of the other end by name in the same namespace, and by number in another. */
function arePair(left: Link | undefined, right: Link | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.linkinfo?.info_kind !== "veth" || right.linkinfo?.info_kind !== "veth") return false;
  if (left.link_index === undefined) return left.link === right.ifname && right.link === left.ifname;
  return left.link_index === right.ifindex && right.link_index === left.ifindex;
}
