import type { Dice } from "./dice.ts";
import type { Edit } from "./edits.ts";
import type { Kind, Lab, Thing } from "./lab.ts";
import { ofKind, without, withThing } from "./things.ts";

/** Edits in which resources take all arguments of others of their kind, and keep their names and positions. */
export const exchangeEdits: Record<string, Edit> = {
  "two resources exchange all arguments": (dice, lab) => turned(lab, someOfOneKind(dice, lab, 2)),

  "three resources take all arguments of the next": (dice, lab) => turned(lab, someOfOneKind(dice, lab, 3)),

  "a resource takes all arguments of one that goes": (dice, lab) => {
    const [takes, goes] = someOfOneKind(dice, lab, 2);
    return takes && goes && withThing(without(lab, goes.key), withArguments(takes, goes));
  },
};

/** The kinds of objects on which no link is. */
const KINDS = [
  ...["address", "filter", "hosts", "nat", "neighbor", "nexthop", "process", "route", "rule", "shaper", "sysctl"],
] as const satisfies readonly Kind[];

function someOfOneKind(dice: Dice, lab: Lab, count: number): Thing[] {
  const kind = dice.pick(KINDS.filter((one) => ofKind(lab, one).length >= count));
  return kind === undefined ? [] : dice.shuffle(ofKind<Kind>(lab, kind)).slice(0, count);
}

const turned = (lab: Lab, things: readonly Thing[]): Lab =>
  things.reduce(
    (now, thing, index) => withThing(now, withArguments(thing, things[index + 1] ?? things[0] ?? thing)),
    lab,
  );

const withArguments = ({ key, id, options }: Thing, other: Thing): Thing => ({ ...other, key, id, options });
