import { linkName } from "./fact-names.ts";
import { type Flat } from "./flat.ts";
import { flatten } from "./flatten.ts";
import type { Lab } from "./lab.ts";
import { type NetworkOfLink, networksOf } from "./valid.ts";

/** Objects that remain in the kernel after no program declares them, because of `retainOnDelete`. */
export interface Retained {
  /** The facts that they exist. */
  readonly facts: ReadonlySet<string>;
  /** The altnames of the links among them, as facts of links with these names. */
  readonly altnames: ReadonlySet<string>;
  /** The networks of the links among them. */
  readonly networks: readonly NetworkOfLink[];
}

export const nothingRetained: Retained = { facts: new Set(), altnames: new Set(), networks: [] };

/** Returns the retained objects after a change of a program. An object that is declared again is no longer retained. */
export function retainedAfter({ facts, altnames, networks }: Retained, before: Lab, after: Lab): Retained {
  const [was, is] = [flatten(before), flatten(after)];
  const declared = new Set(existenceOf(is));
  const left = new Set([...facts, ...factsOf(was, (retained) => retained)].filter((fact) => !declared.has(fact)));
  return {
    facts: left,
    altnames: new Set([...altnames, ...altnamesOf(was, (retained) => retained)]),
    networks: [...networks, ...networksOf(was)].filter(({ link }) => left.has(`link ${link}`)),
  };
}

/** Returns whether a lab has none of the networks of retained links in their places: the kernel would choose one of the two links. */
export function reachesNone(flat: Flat, { networks }: Retained): boolean {
  const taken = new Set(networks.map(({ where }) => where));
  return networksOf(flat).every(({ where }) => !taken.has(where));
}

/** Returns whether a lab declares none of the retained objects of another stack, and no link with one of their names. */
export const avoids = (flat: Flat, { facts, altnames }: Retained): boolean =>
  [...existenceOf(flat), ...altnamesOf(flat, () => true)].every((fact) => !facts.has(fact) && !altnames.has(fact));

/** Returns the existence facts of a lab's objects. */
export const existenceOf = (flat: Flat): string[] => factsOf(flat, () => true);

const factsOf = (
  { namespaces, bridges, devices, cables, overlays }: Flat,
  which: (retained: boolean) => boolean,
): string[] => [
  ...namespaces.filter(({ retained }) => which(retained)).map(({ name }) => `namespace ${name}`),
  ...[...bridges, ...devices]
    .filter(({ retained }) => which(retained))
    .map(({ at, name }) => `link ${linkName(at, name)}`),
  ...cables
    .filter(({ retained }) => which(retained))
    .flatMap(({ a, b }) => [`link ${linkName(a.at, a.name)}`, `link ${linkName(b.at, b.name)}`]),
  ...overlays
    .filter(({ retained }) => which(retained))
    .flatMap(({ ends }) => ends.map(({ at, name }) => `link ${linkName(at, name)}`)),
];

const altnamesOf = ({ bridges, devices, cables }: Flat, which: (retained: boolean) => boolean): string[] =>
  [
    ...[...bridges, ...devices].filter(({ retained }) => which(retained)),
    ...cables.filter(({ retained }) => which(retained)).flatMap(({ a, b }) => [a, b]),
  ].flatMap(({ at, altname }) => (altname === undefined ? [] : `link ${linkName(at, altname)}`));
