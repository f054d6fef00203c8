import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { ip, type Link, namespaceWord } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, parsePlaceId, placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, field, group, isUnknown, rule } from "../schema.ts";
import { mtu } from "../values.ts";
import { routesThrough } from "./address-routes.ts";
import { type AddressingChange, addressingClaims, type ObservedAddressing, routesOnOthers } from "./addressing.ts";
import { gatewaysAreReachable } from "./addressing-args.ts";
import { portNeedsMaster } from "./bridge-port.ts";
import { importedAddressing } from "./imported-addressing.ts";
import { configureInterface, interfaceFields, interfaceState, observeInterface } from "./interface.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import { createWords, deleteCommand, deleteStep, initialLink, initialMac, withDefaultMac } from "./link.ts";
import { distinctNames, linkClaims, type NameConflict, releaseNames } from "./link-names.ts";
import { netemClaims } from "./link-netem.ts";
import { removeLink } from "./nic-loan.ts";

const fields = { ...interfaceFields, mtu: v.optional(field(mtu()), 1500) };

const end = () =>
  group(fields, (known) => v.pipe(known, gatewaysAreReachable(), ipv6NeedsMtu(), distinctNames(), portNeedsMaster()));

const ends = args({ a: end(), b: end() });

type VethArgs = v.InferOutput<typeof ends>;
type End = VethArgs["a"];

const distinctEnds = rule<VethArgs, "a" | "b">(["a", "b"], ({ a, b }) =>
  a.name === b.name && a.namespace === b.namespace && !isUnknown(a.name) && !isUnknown(a.namespace)
    ? { at: "b", why: `both ends are named "${a.name}" in the same namespace; change one of the names or namespaces` }
    : undefined,
);

interface ObservedVeth extends Observed<VethArgs> {
  /** The existing links in the places of the ends, of any kind. */
  readonly occupants: readonly Occupant[];
  /** The addresses and default routes of the ends, or the routes that conflict with them. */
  readonly addressing: { readonly a: ObservedAddressing; readonly b: ObservedAddressing };
  /** Other links that have the names of the ends. */
  readonly conflicts: readonly NameConflict[];
}

interface Occupant {
  /** The end that the place is for. */
  readonly end: End;
  readonly link?: Link;
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
  withContents: async (kernel, { a, b }) => ({
    a: { ...a, ...(await importedAddressing(kernel, a)) },
    b: { ...b, ...(await importedAddressing(kernel, b)) },
  }),
  restores: (kernel, { a, b }, isDeclared) => routesThrough(kernel, [a, b], isDeclared),
  claims: ({ a, b }) => [a, b].flatMap((end) => [...linkClaims(end), ...addressingClaims(end), ...netemClaims(end)]),

  async observe(kernel, { a, b }, mark) {
    const [left, right] = await Promise.all([observeEnd(kernel, a, mark), observeEnd(kernel, b, mark)]);
    const pair = arePair(left.addressing.link, right.addressing.link);
    const found = [left.holder ?? [], right.holder ?? []].flat();
    const addressing = { a: left.addressing, b: right.addressing };
    const conflicts = [...left.conflicts, ...right.conflicts];
    // The mark of one end counts for the pair, and an alias takes precedence over a MAC address.
    const alias = pair ? found.find((occupant) => occupant.alias !== undefined)?.alias : undefined;
    const occupants = found.map((occupant) => ({ ...occupant, mark: occupant.alias ?? alias ?? occupant.mark }));
    const [first] = occupants;
    if (first === undefined) {
      // Even if there is no link, another link's name or default route may conflict.
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
    // If the two links are not peers, report the foreign one, so that it is never overwritten.
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
      // Deleting one end deletes the other. If the two are not peers, each with the mark in its alias is deleted: the MAC address
      // is the same for an end with which another resource of the stack has taken over the place.
      const ours =
        state === undefined
          ? occupants.filter(({ alias }) => alias === mark)
          : occupants.filter((occupant) => occupant.mark === mark).slice(0, 1);
      return ours.map(({ end }) => deleteStep(end));
    }
    const [first, second] = creationOrder(desired);
    const [marked, unmarked] = markOrder(first, second);
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
        const alias =
          occupant?.alias ?? (to === unmarked && occupant?.mark === mark ? initialMark(to, mark) : undefined);
        return configureInterface({
          current: { ...state, alias },
          ...{ seen: state, addressing: seen.addressing[name], was: was?.[name], desired: to, mark },
        });
      };
      return [...free, ...change("a", seen.occupants[0]), ...change("b", seen.occupants[1])];
    }
    // The first end is created up, so that it needs no further command for that.
    const created = (end: End) => ({ ...initialLink(end, mark), ...(end === first && { up: first.up }) });
    return [
      ...(seen?.occupants ?? []).flatMap(({ end, link }) => removeLink(end, link)),
      ...free,
      {
        // Both ends are created in their places, so no name is needed in any other place. The command runs in the place of the first
        // end: a kernel before 6.15 refuses a name that a link has where the command runs.
        run: ip(
          first.namespace,
          "link",
          "add",
          ...[...createWords(first, mark), ...(first.up ? ["up"] : [])],
          ...["type", "veth", "peer", ...createWords(second, mark)],
          ...(second.namespace === first.namespace ? [] : ["netns", namespaceWord(second.namespace ?? "")]),
        ),
        undo: deleteCommand(first),
      },
      ...configureInterface({ current: created(marked), ...obstructing(marked), desired: marked, mark }),
      ...configureInterface({
        current: { ...created(unmarked), alias: initialMark(unmarked, mark) },
        ...{ ...obstructing(unmarked), desired: unmarked, mark },
      }),
    ];
  },
};

/** Returns the ends in the order in which they are created. An end on the lab host is the first, because its place has no name. */
const creationOrder = ({ a, b }: VethArgs): [End, End] =>
  a.namespace !== undefined && b.namespace === undefined ? [b, a] : [a, b];

/** Returns the end that gets the mark as its alias, and the other one. An end on the lab host is found there by its alias. */
const markOrder = (first: End, second: End): [marked: End, unmarked: End] =>
  first.namespace === undefined && second.namespace !== undefined ? [first, second] : [second, first];

/** Returns the mark that an end without the alias has from creation on, if its MAC address is the initial one. */
const initialMark = (end: End, mark: string): string | undefined =>
  end.mac === initialMac(end, mark) ? mark : undefined;

async function observeEnd(kernel: KernelClient, end: End, mark: string) {
  const { link, addressing, conflicts, mark: linkMark } = await observeInterface(kernel, end, mark);
  if (link === undefined) return { addressing, conflicts };
  const occupant: Occupant = { end, link, alias: link.ifalias, mark: linkMark };
  const state: End = interfaceState(end, link, addressing);
  return { holder: occupant, state, addressing, conflicts };
}

/** Returns whether the conflict is about the name, not only the altname, of one of the ends. */
const hasEndName = ({ a, b }: VethArgs, { name }: NameConflict): boolean => name === a.name || name === b.name;

/** Returns whether two links are peers. `ip` shows the peer by name in the same namespace, and by index in another. */
function arePair(left: Link | undefined, right: Link | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.linkinfo?.info_kind !== "veth" || right.linkinfo?.info_kind !== "veth") return false;
  if (left.link_index === undefined) return left.link === right.ifname && right.link === left.ifname;
  return left.link_index === right.ifindex && right.link_index === left.ifindex;
}
