import type { Dice } from "./dice.ts";
import type { Edit } from "./edits.ts";
import { aLabHostName } from "./generate-hosts.ts";
import type { Lab, Thing } from "./lab.ts";
import { ofKind, without, withThing } from "./things.ts";
import { aBridgeName, aLinkName, aNamespaceName, aNodeName, anId } from "./values.ts";

/** Edits of names: resource names, kernel names, and exchanges between objects. */
export const nameEdits: Record<string, Edit> = {
  "rename a resource and keep the kernel's name": (dice, lab) => {
    const thing = dice.pick(lab);
    return thing && withThing(lab, renamed(dice, thing));
  },

  "rename a resource, with an alias": (dice, lab) => {
    const thing = dice.pick(lab);
    if (thing === undefined) return undefined;
    const { id, options } = thing;
    const next = renamed(dice, thing);
    return withThing(lab, { ...next, options: { ...options, aliases: [...(options?.aliases ?? []), id] } });
  },

  "rename several resources": (dice, lab) =>
    dice
      .shuffle(lab)
      .slice(0, 2 + dice.below(3))
      .reduce((now: Lab, thing) => withThing(now, renamed(dice, thing)), lab),

  "rename in the kernel": (dice, lab) => {
    const thing = dice.pick(lab.filter(hasName));
    return thing && withThing(lab, renamedInKernel(dice, thing));
  },

  "rename both": (dice, lab) => {
    const thing = dice.pick(lab.filter(hasName));
    return thing && withThing(lab, renamed(dice, renamedInKernel(dice, thing)));
  },

  "swap the kernel's names of two": (dice, lab) => {
    const [one, other] = dice.shuffle(slotsOf(lab));
    if (one === undefined || other === undefined) return undefined;
    const [first, second] = [nameIn(lab, one), nameIn(lab, other)];
    return withName(withName(lab, one, second), other, first);
  },

  "a link takes the name of one that goes": (dice, lab) => {
    const [goes, takes] = dice.shuffle(slotsOf(lab).filter(({ of }) => of !== "namespace"));
    if (goes === undefined || takes === undefined || goes.key === takes.key) return undefined;
    return withName(without(lab, goes.key), takes, nameIn(lab, goes));
  },

  "swap the names of two resources": (dice, lab) => {
    const one = dice.pick(lab);
    const other = dice.pick(lab.filter((thing) => thing.kind === one?.kind && thing.key !== one.key));
    if (one === undefined || other === undefined) return undefined;
    return withThing(withThing(lab, { ...one, id: other.id }), { ...other, id: one.id });
  },

  "shift the names of a list's resources": (dice, lab) => shifted(dice, lab, false),
  "shift the names of a list that has become shorter": (dice, lab) => shifted(dice, lab, true),

  "shift the kernel's names of a list": (dice, lab) => {
    const kind = dice.of("namespace", "bridge", "device", "a", "b");
    const slots = slotsOf(lab).filter((slot) => slot.of === kind);
    const names = slots.map((slot) => nameIn(lab, slot));
    return slots.reduce((now, slot, index) => withName(now, slot, names[(index + 1) % names.length] ?? ""), lab);
  },
};

/** Gives each resource of a kind the name of the next one, as in a loop over a list whose first item was removed or rotated. */
function shifted(dice: Dice, lab: Lab, shorter: boolean): Lab | undefined {
  const kind = dice.pick(lab)?.kind;
  if (kind === undefined) return undefined;
  const things = ofKind(lab, kind);
  const ids = things.map(({ id }) => id);
  const [first] = things;
  const turned = things.reduce(
    (now: Lab, thing, index) => withThing(now, { ...thing, id: ids[(index + ids.length - 1) % ids.length] ?? "" }),
    lab,
  );
  if (!shorter || first === undefined || things.length < 2) return turned;
  // References to the first object become references to the next.
  const next = things[1]?.key ?? 0;
  return redirected(
    turned.filter(({ key }) => key !== first.key),
    first.key,
    next,
  );
}

/** Returns a lab in which references to one object are replaced with references to another. */
export const redirected = (lab: Lab, from: number, to: number): Lab =>
  JSON.parse(
    JSON.stringify(lab, function (this: unknown, name: string, value: unknown) {
      const isRef = (name === "key" && "by" in (this as object)) || ["router", "node", "lab"].includes(name);
      return isRef && value === from ? to : value;
    }),
  ) as Lab;

const renamed = (dice: Dice, thing: Thing): Thing => ({
  ...thing,
  id:
    thing.kind === "labHost"
      ? aLabHostName(dice)
      : ["host", "router", "lan", "link"].includes(thing.kind)
        ? aNodeName(dice)
        : anId(dice),
});

const hasName = (thing: Thing): boolean =>
  ["namespace", "bridge", "device", "veth", "host", "router"].includes(thing.kind);

function renamedInKernel(dice: Dice, thing: Thing): Thing {
  switch (thing.kind) {
    case "namespace":
      return { ...thing, name: aNamespaceName(dice) };
    case "host":
    case "router":
      return { ...thing, name: aNamespaceName(dice) };
    case "bridge":
      return { ...thing, name: aBridgeName(dice) };
    case "device":
      return { ...thing, name: aLinkName(dice) };
    case "veth": {
      const end = dice.of("a", "b");
      return { ...thing, [end]: { ...thing[end], name: aLinkName(dice) } };
    }
    default:
      return thing;
  }
}

/** A position in a lab that holds a kernel name. */
interface Slot {
  readonly key: number;
  readonly of: "namespace" | "bridge" | "device" | "a" | "b";
}

const slotsOf = (lab: Lab): Slot[] =>
  lab.flatMap(({ kind, key }): Slot[] =>
    kind === "namespace" || kind === "bridge" || kind === "device"
      ? [{ key, of: kind }]
      : kind === "veth"
        ? [
            { key, of: "a" },
            { key, of: "b" },
          ]
        : [],
  );

function nameIn(lab: Lab, { key, of }: Slot): string {
  const thing = lab.find((one) => one.key === key);
  if (thing?.kind === "veth" && (of === "a" || of === "b")) return thing[of].name;
  return thing !== undefined && "name" in thing ? (thing.name ?? "") : "";
}

function withName(lab: Lab, { key, of }: Slot, name: string): Lab {
  return lab.map((thing) =>
    thing.key !== key
      ? thing
      : thing.kind === "veth" && (of === "a" || of === "b")
        ? { ...thing, [of]: { ...thing[of], name } }
        : ({ ...thing, name } as Thing),
  );
}
