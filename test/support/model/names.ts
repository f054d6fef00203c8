import type { DeviceThing, EndFields, Lab, LinkRef, Place, SysctlThing } from "./lab.ts";
import { find } from "./things.ts";

/** The kernel names of a lab's objects. */
export interface Names {
  /** Returns the name of a namespace; undefined for the lab host. */
  place(place: Place | undefined): string | undefined;
  link(ref: LinkRef): string;
  /** Returns the name of a link's namespace. */
  placeOf(ref: LinkRef): string | undefined;
  placeOfLink(fields: Fields): string | undefined;
  sysctl(thing: SysctlThing): string;
}

export function namesIn(lab: Lab): Names {
  function place(at: Place | undefined): string | undefined {
    if (at === undefined) return undefined;
    if ("outside" in at) return at.outside;
    const thing = find(lab, at.key);
    if (thing?.kind === "namespace") return thing.name;
    if (thing?.kind === "host" || thing?.kind === "router") return thing.name ?? thing.id;
    throw new Error(`${at.key} is no place`);
  }

  const linkAt = (ref: LinkRef): Fields => {
    const fields = fieldsOf(lab, ref);
    if (fields === undefined) throw new Error(`${ref.key} is no link`);
    return fields;
  };

  const placeOfLink = ({ place: own, parent }: Fields): string | undefined =>
    own === undefined && parent !== undefined ? placeOf(parent) : place(own);

  const placeOf = (ref: LinkRef): string | undefined => placeOfLink(linkAt(ref));

  return {
    place,
    link: (ref) => linkAt(ref).name,
    placeOf,
    placeOfLink,
    sysctl: ({ name, on }) => (on === undefined ? name : name.replace("*", linkAt(on).name.replaceAll(".", "/"))),
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
