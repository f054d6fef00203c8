import { type At, OWN_STACK } from "./flat.ts";

/** The state of the lab host, as facts: texts by name. */
export type Facts = ReadonlyMap<string, string>;

/** Types of facts that report the existence of an object. Others report its properties. */
const EXISTENCE = [
  ...[
    "namespace",
    "link",
    "routes",
    "nexthops",
    "rules",
    "filter",
    "policy",
    "neighbors",
    "tables",
    "qdisc",
    "hosts",
    "processes",
    "notes",
  ],
];

export const isExistence = (fact: string): boolean => EXISTENCE.includes(fact.split(" ")[0] ?? "");

/** A namespace that exists outside all programs, which refer to it by its name. */
export const OUTSIDE = "outside";

/** The placeholder for notes in a place in which a program changes settings or creates routes. */
export const NOTED = "whatever the provider notes";

/** Returns the name of a place in facts. */
export const placeName = (at: At): string => at ?? OWN_STACK;

/** Returns the name of a link in its place in facts. */
export const linkName = (at: At, name: string): string => `${placeName(at)}/${name}`;

/** Adds lines to a fact. */
export function append(facts: Map<string, string>, fact: string, text: string): void {
  const before = facts.get(fact);
  facts.set(fact, before === undefined ? text : `${before}\n${text}`);
}
