import * as v from "valibot";

/** Returns the reason for an argument that is missing, with what it should be and an example. */
export function missingArgument(entry: v.ObjectEntries[string] | undefined): string {
  const refused = entry && v.safeParse(entry, undefined).issues?.[0].message;
  if (refused?.startsWith(MISSING)) return refused;
  const [, required] = /^nothing is not (.*)$/s.exec(refused ?? "") ?? [];
  // The rules of the value are for one that is wrong.
  const [, what, example] = /^([^:,"]+)[:,] .*?(e\.g\. .*)$/s.exec(required ?? "") ?? [];
  const wanted = what === undefined ? required : `${what}, ${example}`;
  return `${MISSING}${wanted === undefined ? "" : `: ${wanted}`}`;
}

const MISSING = "missing required argument";
