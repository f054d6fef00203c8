import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { interfaceIn } from "../provider/sysctl-key.ts";
import { field, isRecord, text, texts } from "./arguments.ts";
import type { Known } from "./known.ts";
import type { MatchFact } from "./model.ts";
import type { NamedInterface } from "./named-interface.ts";

/** Returns the names of interfaces that arguments of a rule match. */
export const matchIn = (args: unknown, ...keys: readonly string[]): MatchFact =>
  named(
    args,
    keys.flatMap((argument) => namesIn(args, argument)),
  );

/** Returns the names of interfaces that the rules of a filter chain match. */
export const matchedBy = (args: unknown, rules: readonly Known<FilterRule>[]): MatchFact =>
  named(
    args,
    rules.flatMap((rule, index) =>
      MATCHES.flatMap((key) => valuesOf(rule?.[key]).map((name) => ({ argument: `rules[${index}].${key}`, name }))),
    ),
  );

/** Returns the names of the interfaces on which an object is: that of its argument `interface`, and those of its next hops. */
export function onInterfaces(args: unknown): MatchFact {
  const hops = field(args, "nexthops");
  const ofHops = (Array.isArray(hops) ? hops : []).flatMap((hop: unknown, index) =>
    nameIn(hop, "interface").map(({ name }) => ({ argument: `nexthops[${index}].interface`, name })),
  );
  return named(
    args,
    [...nameIn(args, "interface"), ...ofHops].map((one) => ({ ...one, orAltname: true })),
  );
}

/** Returns the name of the interface of a sysctl, which is a part of its key unless an argument of its own gives it. */
export function inKey(args: unknown, key: Known<string>): MatchFact {
  const given = nameIn(args, "interface");
  const name = key === null || given.length > 0 ? undefined : interfaceIn(key);
  return named(args, name === undefined ? given : [{ argument: "key", name }]);
}

const named = (args: unknown, names: readonly NamedInterface[]): MatchFact => ({
  ...{ is: "interface match", namespace: text(args, "namespace"), names },
});

function nameIn(args: unknown, argument: string): readonly NamedInterface[] {
  const name = isRecord(args) ? text(args, argument) : undefined;
  return typeof name === "string" ? [{ argument, name }] : [];
}

/** Returns the known names of an argument that is one name or a list of them. */
const namesIn = (args: unknown, argument: string): readonly NamedInterface[] =>
  (isRecord(args) ? texts(args, argument) : []).flatMap((name) => (name === null ? [] : [{ argument, name }]));

const MATCHES = ["inInterface", "outInterface"] as const;
