import type { Declared, Lab } from "./lab.ts";

/** Something in a lab that is allowed and hardly meant. */
export interface Finding {
  /** The resource that it is shown at. */
  readonly about: Declared;
  readonly message: string;
}

export type Check = (lab: Lab) => Finding[];

/** A resource, as messages name it. */
export const told = ({ kind, name }: Declared): string => `${kind} ${name}`;

/** A place, as messages name it. */
export const where = (place: string): string => (place === "" ? "the lab host" : `the namespace ${place}`);

/** The items of a list under what they have in common. */
export function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const of = key(item);
    const group = groups.get(of);
    if (group === undefined) groups.set(of, [item]);
    else group.push(item);
  }
  return groups;
}
