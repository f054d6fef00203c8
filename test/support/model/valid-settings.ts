import { sysctlNames } from "./fact-texts.ts";
import type { Flat } from "./flat.ts";
import type { Lab, NatThing, Thing } from "./lab.ts";
import type { LinkRef } from "./lab-refs.ts";
import { namesIn } from "./names.ts";

/** Checks that the setting of an interface, and a NAT rule to which an interface is given, are in the interface's place. */
export function misplaced(thing: Thing, lab: Lab): string | undefined {
  if (thing.kind !== "sysctl" && thing.kind !== "nat") return undefined;
  const link = thing.kind === "sysctl" ? thing.on : outOf(thing);
  const names = namesIn(lab);
  return link === undefined || names.placeOf(link) === names.place(thing.place)
    ? undefined
    : `${thing.id} is in another place`;
}

/** A name alone means the interface of that name in the place of the rule. */
const outOf = ({ outInterface }: NatThing): LinkRef | undefined =>
  outInterface?.by === "object" ? outInterface : undefined;

/** Checks that a setting has a single value in all stacks and spellings. */
export function settingFault(flats: readonly Flat[]): string | undefined {
  const values = new Map<string, string>();
  for (const flat of flats) {
    const own = new Set<string>();
    for (const { at, name, value } of flat.sysctls) {
      if (own.has(`${at} ${name}`)) return `${name} is set twice`;
      own.add(`${at} ${name}`);
      for (const key of sysctlNames(name)) {
        if ((values.get(`${at} ${key}`) ?? value) !== value) return `${name} has two values`;
        values.set(`${at} ${key}`, value);
      }
    }
  }
  return undefined;
}
