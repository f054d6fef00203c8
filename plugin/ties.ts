import { type Attachments, attachmentList } from "../provider/attachments.ts";
import { contains } from "../provider/cidr.ts";
import { CYCLING_MASTER, type Generation, type Generations, type Need, needsOf } from "../provider/generations.ts";
import { type LinkEnd, placeId } from "../provider/kind.ts";
import type { Properties } from "../provider/properties.ts";
import { hasUnknown, isUnknown } from "../provider/schema.ts";
import { interfaceIn, normalizeSysctlKey } from "../provider/sysctl-key.ts";

/*
 * The kernel deletes objects together with the links that they are on. The classes of the SDK derive these ties from the references of a
 * program. A program in another language has property references instead, by which the engine creates the links first: by the time that
 * it checks an object, the link that the object names has been checked.
 */

/** The links of one run with their addresses, and the ties of other objects to them. */
export interface Ties {
  /** Records a checked link. */
  record(type: string, ends: Readonly<Record<string, LinkEnd>>, generations: Generations | undefined): void;
  /** Records a checked Address: a gateway in its network is reached over its link. Objects of other kinds have none. */
  recordAddress(type: string, args: Readonly<Record<string, unknown>>): void;
  /** Returns the ties of an object to the links that have been checked. Ties to others are those in the state. */
  of(type: string, args: Readonly<Record<string, unknown>>, olds: Properties): Pick<Properties, "__on" | "__follows">;
}

interface KnownEnd {
  /** The names of all ends of the link. */
  readonly ends: string;
  readonly generation: Generation;
  readonly cyclesMembers: boolean;
  readonly master: string | undefined;
  readonly namespace: string | undefined;
  readonly addresses: unknown[];
}

/** The arguments of a route or next hop that lead to its link. */
interface Hop {
  readonly interface?: unknown;
  readonly via?: unknown;
}

export function ties(): Ties {
  const known = new Map<string, KnownEnd>();

  return {
    record(type, ends, generations = {}) {
      if (Object.values(ends).some((end) => isUnknown(end) || hasUnknown([end.namespace, end.name]))) return;
      const names = Object.values(ends).map(({ namespace, name }) => placeId(namespace, name));
      for (const [side, { namespace, name, master, addresses = [] }] of Object.entries(ends)) {
        const generation = generations[side];
        if (generation === undefined) continue;
        const [cyclesMembers, all] = [type === "Vrf", isUnknown(addresses) ? [] : [...addresses]];
        const end = { ends: names.join(":"), generation, cyclesMembers, master, namespace, addresses: all };
        known.set(placeId(namespace, name), end);
      }
    },

    recordAddress(type, args) {
      if (type === "Address") endAt(args["namespace"], args["interface"])?.addresses.push(args["address"]);
    },

    of(type, args, olds) {
      const on = onLinks(type, args);
      const follows = groupsOf(args).flatMap(({ namespace, master }) => mastersOf(namespace, master));
      return {
        ...kept("__on", on, olds.__on),
        ...kept("__follows", follows, olds.__follows),
      };
    },
  };

  function onLinks(type: string, args: Readonly<Record<string, unknown>>): string[] {
    const { namespace, linkNamespace, link, key, nexthops } = args;
    const hops: readonly Hop[] = [args, ...(Array.isArray(nexthops) ? (nexthops as Hop[]) : [])];
    const named = [...hops.map((hop) => hop.interface), interfaceOfKey(key)];
    const under = [
      ...named.map((name) => endAt(namespace, name)),
      ...(link === undefined ? [] : [endAt(linkNamespace, link)]),
      ...hops.flatMap((hop) => (hop.interface === undefined ? endsTowards(namespace, hop.via) : [])),
    ].filter((end) => end !== undefined);
    const needs = NEEDS[type];
    const texts = under.map((end) => tie(end, ...(needs === undefined ? [] : needsOf(addressesIn(args, hops), needs))));
    const ofMembership = needs?.includes("membership") ? under : [];
    const masters = ofMembership.flatMap(({ master }) => endAt(namespace, master) ?? []);
    return [...new Set([...texts, ...masters.map((end) => tie(end))])];
  }

  /** Returns the ends in a namespace through which a gateway is reached: those with an address whose network contains it. */
  function endsTowards(namespace: unknown, via: unknown): KnownEnd[] {
    if (typeof via !== "string" || isUnknown(via)) return [];
    return [...known.values()].filter(
      (end) =>
        end.namespace === namespace &&
        end.addresses.some((address) => typeof address === "string" && contains(address, via)),
    );
  }

  function mastersOf(namespace: unknown, master: unknown): string[] {
    const end = endAt(namespace, master);
    if (end === undefined) return [];
    return [tie(end), ...(end.cyclesMembers ? [CYCLING_MASTER + end.ends] : [])];
  }

  function endAt(namespace: unknown, name: unknown): KnownEnd | undefined {
    return typeof name === "string" ? known.get(placeId(namespace as string | undefined, name)) : undefined;
  }
}

/** The properties of a link with which the kernel deletes objects of a kind, beside the link itself. */
const NEEDS: Readonly<Record<string, readonly Need[]>> = {
  Address: [],
  Route: ["routes"],
  Nexthop: ["routes"],
  Neighbor: ["neighbors"],
  FdbEntry: ["membership"],
};

const addressesIn = (
  { destination, source, address }: Readonly<Record<string, unknown>>,
  hops: readonly Hop[],
): readonly unknown[] => [destination, ...hops.map(({ via }) => via), source, address];

const tie = ({ ends, generation }: KnownEnd, ...needs: readonly Need[]): string =>
  `${ends}#${(["object", ...needs] as const).map((need) => generation[need]).join(".")}`;

/** Returns the arguments of a link, or those of both its ends. */
const groupsOf = (
  args: Readonly<Record<string, unknown>>,
): { readonly namespace?: unknown; readonly master?: unknown }[] =>
  [args, args["a"], args["b"]].filter((one) => typeof one === "object" && one !== null);

const interfaceOfKey = (key: unknown): string | undefined =>
  typeof key === "string" ? interfaceIn(normalizeSysctlKey(key) ?? key) : undefined;

/** Returns ties, or those in the state if none is known. */
const kept = (name: "__on" | "__follows", now: readonly string[], was: Attachments): Partial<Properties> => {
  const all = now.length > 0 ? now : attachmentList(was);
  return all.length > 0 ? { [name]: all } : {};
};
