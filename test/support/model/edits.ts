import type { Dice } from "./dice.ts";
import { exchangeEdits } from "./edits-exchanges.ts";
import { hostEdits } from "./edits-hosts.ts";
import { nameEdits } from "./edits-names.ts";
import { nexthopEdits } from "./edits-nexthops.ts";
import { placeEdits } from "./edits-places.ts";
import { valueEdits } from "./edits-values.ts";
import type { Flat } from "./flat.ts";
import type { Lab, Thing } from "./lab.ts";
import { references } from "./things.ts";
import { isValid } from "./valid.ts";

/** Returns a changed program; undefined if there is nothing to change. */
export type Edit = (dice: Dice, lab: Lab) => Lab | undefined;

/** A program after some edits, with the names of the edits. */
export interface Edited {
  readonly lab: Lab;
  readonly by: readonly string[];
}

/** Edits a program at random, so that it can still coexist with the others on its lab host. */
export function edited(dice: Dice, lab: Lab, others: readonly Flat[]): Edited {
  let now: Edited = { lab, by: [] };
  const edits = lab.some(({ kind }) => kind === "labHost") ? WITH_HOSTS : EDITS;
  const count = dice.of(1, 1, 1, 2, 2, 3);
  for (let turn = 0; turn < 30 && now.by.length < count; turn += 1) {
    const [name, edit] = dice.of(...edits);
    const next = edit(dice, now.lab);
    const sorted = next && inOrder(next);
    if (sorted !== undefined && !isSame(sorted, now.lab) && isValid(sorted, others))
      now = { lab: sorted, by: [...now.by, name] };
  }
  return now;
}

const all = [
  ...Object.entries({ ...nameEdits, ...placeEdits, ...valueEdits }),
  // Most labs have few resources of one kind, so that most of these edits change nothing.
  ...repeated(exchangeEdits),
  ...repeated(nexthopEdits),
];
const EDITS = all as [(typeof all)[0], ...typeof all];
/** All edits, with those of lab hosts repeated, so that they are a third. */
const WITH_HOSTS = [...EDITS, ...repeated(hostEdits)] as typeof EDITS;

function repeated(edits: Readonly<Record<string, Edit>>): [string, Edit][] {
  return Array.from({ length: 4 }, () => Object.entries(edits)).flat();
}

/** Sorts a program so that each object follows those to which it refers, and as few as possible move. */
export function inOrder(lab: Lab): Lab {
  const left = [...lab];
  const sorted: Thing[] = [];
  while (left.length > 0) {
    const at = left.findIndex((thing) => references(thing).every((key) => sorted.some((one) => one.key === key)));
    // Objects with unresolved or circular references stay where they are, and later fail validation.
    sorted.push(...left.splice(Math.max(at, 0), 1));
  }
  return sorted;
}

const isSame = (left: Lab, right: Lab): boolean => JSON.stringify(left) === JSON.stringify(right);
