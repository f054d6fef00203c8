import { type At, placeOn } from "./flat.ts";
import type { DeviceThing, EndFields, Lab, SysctlThing } from "./lab.ts";
import type { HopRef, LinkRef, Place } from "./lab-refs.ts";
import { find } from "./things.ts";

/** The kernel names of a lab's objects. */
export interface Names {
  place(place: Place | undefined): At;
  /** Returns the name of a lab host, by its key; undefined for this machine. */
  lab(key: number | undefined): string | undefined;
  link(ref: LinkRef): string;
  /** Returns the place of a link. */
  placeOf(ref: LinkRef): At;
  placeOfLink(fields: Fields): At;
  sysctl(thing: SysctlThing): string;
  /** Returns the number of a next hop. */
  nhid(ref: HopRef): number;
}

export function namesIn(things: Lab): Names {
  const lab = (key: number | undefined): string | undefined => (key === undefined ? undefined : find(things, key)?.id);

  function place(at: Place | undefined): At {
    if (at === undefined) return undefined;
    if ("outside" in at) return at.outside;
    const thing = find(things, at.key);
    if (thing?.kind === "labHost") return placeOn(thing.id, undefined);
    if (thing?.kind === "namespace") return placeOn(lab(thing.lab), thing.name);
    if (thing?.kind === "host" || thing?.kind === "router") return placeOn(lab(thing.lab), thing.name ?? thing.id);
    throw new Error(`${at.key} is no place`);
  }

  const linkAt = (ref: LinkRef): Fields => {
    const fields = fieldsOf(things, ref);
    if (fields === undefined) throw new Error(`${ref.key} is no link`);
    return fields;
  };

  const placeOfLink = ({ place: own, parent }: Fields): At =>
    own === undefined && parent !== undefined ? placeOf(parent) : place(own);

  const placeOf = (ref: LinkRef): At => placeOfLink(linkAt(ref));

  return {
    place,
    lab,
    link: (ref) => linkAt(ref).name,
    placeOf,
    placeOfLink,
    sysctl: ({ name, on }) => (on === undefined ? name : name.replace("*", linkAt(on).name.replaceAll(".", "/"))),
    nhid: ({ key }) => {
      const thing = find(things, key);
      if (thing?.kind !== "nexthop") throw new Error(`${key} is no next hop`);
      return thing.nhid;
    },
  };
}

/** The fields of a link or of an end, with the parent of a child. */
export type Fields = EndFields & Partial<Pick<DeviceThing, "parent">>;

/** Returns a link, or an end of a veth pair; undefined if the reference is to neither. */
export function fieldsOf(lab: Lab, { key, end }: LinkRef): Fields | undefined {
  const thing = find(lab, key);
  if (thing?.kind === "bridge" || thing?.kind === "device") return thing;
  return thing?.kind === "veth" ? thing[end ?? "a"] : undefined;
}
