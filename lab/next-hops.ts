import { familyOf } from "../provider/cidr.ts";
import { count, field, flag, keyOf, needed, text } from "./arguments.ts";
import type { Known } from "./known.ts";

/** How a route or a next hop with a number leads to a gateway. */
export interface Hop {
  /** The key of its interface. */
  readonly link: Known<string> | undefined;
  readonly via: Known<string> | undefined;
  /** The argument that gives the gateway, such as `nexthops[1].via`. */
  readonly argument: string;
  /** Whether the gateway counts as on-link regardless of its network. */
  readonly onlink: Known<boolean>;
}

/** A next hop with a number, to which routes and groups refer. */
export interface NextHopFact extends Hop {
  readonly is: "next hop";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  readonly nhid: Known<number>;
  /** Its address family; undefined for a group. */
  readonly family: Known<string> | undefined;
}

/** A number by which a route or a group refers to a next hop of its namespace. */
export interface ReferenceFact {
  readonly is: "reference";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  /** The argument, such as `group[0].nhid`. */
  readonly argument: string;
  readonly nhid: number;
}

/** Reads the next hops of a route: those of its argument `nexthops`, or its own one. An unknown list is one unknown next hop. */
export function hopsIn(args: unknown): Hop[] {
  const at = text(args, "namespace");
  const hops = field(args, "nexthops");
  if (hops === undefined) return [hopIn(at, args, "via")];
  return (Array.isArray(hops) ? hops : [null]).map((hop: unknown, index) => hopIn(at, hop, `nexthops[${index}].via`));
}

/** Reads a next hop. */
export function nextHopIn(args: unknown): NextHopFact {
  const at = text(args, "namespace");
  const hop = hopIn(at, args, "via");
  return { is: "next hop", namespace: at, nhid: needed(count(args, "nhid")), ...hop, family: familyIn(args, hop) };
}

/** Reads the number of the next hop to which a route refers. An unknown one is omitted. */
export const referenceIn = (args: unknown): ReferenceFact[] => referenceTo(args, args, "nhid");

/** Reads the numbers of the members of a group. */
export function membersIn(args: unknown): ReferenceFact[] {
  const group = field(args, "group");
  return (Array.isArray(group) ? group : []).flatMap((member: unknown, index) =>
    referenceTo(args, member, `group[${index}].nhid`),
  );
}

const hopIn = (at: Known<string> | undefined, from: unknown, argument: string): Hop => ({
  link: keyOf(at, text(from, "interface")),
  via: text(from, "via"),
  argument,
  onlink: flag(from, "onlink", false),
});

/** Returns the family of a next hop: the kernel takes one without a gateway for IPv4. */
function familyIn(args: unknown, { via }: Hop): Known<string> | undefined {
  if (field(args, "group") !== undefined) return undefined;
  const given = text(args, "family");
  return given !== undefined || via === null ? (given ?? null) : familyOf(via ?? "");
}

function referenceTo(args: unknown, from: unknown, argument: string): ReferenceFact[] {
  const nhid = count(from, "nhid");
  return typeof nhid === "number" ? [{ is: "reference", namespace: text(args, "namespace"), argument, nhid }] : [];
}
