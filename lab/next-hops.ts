import { count, field, flag, keyOf, needed, text } from "./arguments.ts";
import type { Known } from "./known.ts";

/** A next hop with a number, to which routes and groups refer. */
export interface NextHopFact {
  readonly is: "next hop";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  readonly nhid: Known<number>;
  /** The key of its interface. */
  readonly link: Known<string> | undefined;
  readonly via: Known<string> | undefined;
  /** Whether the gateway counts as on-link regardless of its network. */
  readonly onlink: Known<boolean>;
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

/** Reads a next hop. */
export function nextHopIn(args: unknown): NextHopFact {
  const at = text(args, "namespace");
  return {
    is: "next hop",
    namespace: at,
    nhid: needed(count(args, "nhid")),
    link: keyOf(at, text(args, "interface")),
    via: text(args, "via"),
    onlink: flag(args, "onlink", false),
  };
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

function referenceTo(args: unknown, from: unknown, argument: string): ReferenceFact[] {
  const nhid = count(from, "nhid");
  return typeof nhid === "number" ? [{ is: "reference", namespace: text(args, "namespace"), argument, nhid }] : [];
}
