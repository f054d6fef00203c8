import type { Dice } from "./dice.ts";
import { LAB_HOSTS, type Lab, type LabHostThing, type Thing } from "./lab.ts";
import type { OnLabHost } from "./lab-refs.ts";
import { namesIn } from "./names.ts";
import { ofKind, references } from "./things.ts";

/** Returns a lab host, which may turn out to be declared already. */
export const aLabHost = (dice: Dice, key: number): LabHostThing => ({ key, kind: "labHost", id: aLabHostName(dice) });

export const aLabHostName = (dice: Dice): string => dice.pick(Object.keys(LAB_HOSTS)) ?? "";

/** Returns the beginning of a lab on several lab hosts: most often two, each under its own name. */
export function labHostsOf(dice: Dice): Lab {
  const names = dice.shuffle(Object.keys(LAB_HOSTS)).slice(0, dice.of(1, 2, 2, 2, 3));
  return names.map((id, index): Thing => ({ key: 1 + index, kind: "labHost", id }));
}

/**
 * Returns the part of a lab that is on one lab host: most objects refer to others of the same one. A lab without lab hosts is all of it.
 */
export function partOf(dice: Dice, lab: Lab): Lab {
  const labHosts = ofKind(lab, "labHost");
  if (labHosts.length === 0) return lab;
  const chosen = dice.chance(0.2) ? undefined : dice.pick(labHosts);
  const names = namesIn(lab);
  const on = new Map<number, string | undefined>();
  for (const thing of lab) {
    const places = references(thing).map((key) => on.get(key));
    on.set(thing.key, thing.kind === "labHost" ? thing.id : "lab" in thing ? names.lab(thing.lab) : places[0]);
  }
  return lab.filter(({ key }) => on.get(key) === chosen?.id);
}

/** Returns the lab host of a part of a lab, for a new object. */
export function labHostIn(part: Lab): OnLabHost {
  const [only, ...others] = ofKind(part, "labHost");
  return only === undefined || others.length > 0 ? {} : { lab: only.key };
}
