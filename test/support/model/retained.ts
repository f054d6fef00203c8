import { linkName } from "./facts.ts";
import { type Flat } from "./flat.ts";
import { flatten } from "./flatten.ts";
import type { Lab } from "./lab.ts";

/** What stays in the kernel although no program declares it any more, since one had said so: by the facts that it is there. */
export interface Retained {
  readonly facts: ReadonlySet<string>;
}

export const nothingRetained: Retained = { facts: new Set() };

/** What is left behind once a program has become another. What is declared again is left behind no more. */
export function retainedAfter({ facts }: Retained, before: Lab, after: Lab): Retained {
  const [was, is] = [flatten(before), flatten(after)];
  const declared = new Set(existenceOf(is));
  return { facts: new Set([...facts, ...factsOf(was, (retained) => retained)].filter((fact) => !declared.has(fact))) };
}

/** What says that the things of a lab are there. */
export const existenceOf = (flat: Flat): string[] => factsOf(flat, () => true);

const factsOf = ({ namespaces, bridges, cables }: Flat, which: (retained: boolean) => boolean): string[] => [
  ...namespaces.filter(({ retained }) => which(retained)).map(({ name }) => `namespace ${name}`),
  ...bridges.filter(({ retained }) => which(retained)).map(({ at, name }) => `link ${linkName(at, name)}`),
  ...cables
    .filter(({ retained }) => which(retained))
    .flatMap(({ a, b }) => [`link ${linkName(a.at, a.name)}`, `link ${linkName(b.at, b.name)}`]),
];
