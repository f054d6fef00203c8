import { count, text } from "./arguments.ts";
import type { Known } from "./known.ts";

/** The number of the routing table `main`. */
export const MAIN_TABLE = 254;

/** A rule that selects a routing table. */
export interface RoutingRuleFact {
  readonly is: "routing rule";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  /** The number of the table; undefined for a rule that drops packets. */
  readonly table: Known<number> | undefined;
}

/** Reads a rule that selects a routing table. */
export const routingRuleIn = (args: unknown): RoutingRuleFact => ({
  is: "routing rule",
  namespace: text(args, "namespace"),
  table: count(args, "table"),
});

/** The rules of a lab that select routing tables. */
export interface RoutingRules<R> {
  /** The places with such rules; "" for the lab host. */
  readonly routingRules: ReadonlySet<string>;
  /** The rules, each with its table, which is null if it is unknown. */
  readonly lookups: readonly {
    readonly resource: R;
    readonly place: string;
    readonly table: RoutingRuleFact["table"];
  }[];
}

/** Returns the rules of a lab, and the places that have some. */
export const routingRulesOf = <R>(
  rules: readonly {
    readonly resource: R;
    readonly namespace?: string | undefined;
    readonly table: RoutingRuleFact["table"];
  }[],
): RoutingRules<R> => ({
  routingRules: new Set(rules.map(({ namespace: place = "" }) => place)),
  lookups: rules.map(({ resource, namespace: place = "", table }) => ({ resource, place, table })),
});
