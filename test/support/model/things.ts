import type { EndFields, Kind, Lab, Thing, ThingOf } from "./lab.ts";
import type { Joined } from "./lab-components.ts";
import type { HopRef, LinkRef, OnLabHost, Place } from "./lab-refs.ts";

/** Returns the objects of a kind, in program order. */
export const ofKind = <K extends Kind>(lab: Lab, ...kinds: readonly K[]): ThingOf<K>[] =>
  lab.filter((thing): thing is ThingOf<K> => (kinds as readonly Kind[]).includes(thing.kind));

export const find = (lab: Lab, key: number): Thing | undefined => lab.find((thing) => thing.key === key);

/** Returns the keys of all objects to which an object refers, and which must therefore exist before it. */
export function references(thing: Thing): number[] {
  const { place, on, outInterface, a, b, router, joins, master, parent, refs, lab, spans, seats, hop, members } = {
    ...thing,
    seats: thing.kind === "lan" ? thing.hosts : [],
  } as {
    place?: Place;
    on?: LinkRef;
    outInterface?: LinkRef;
    a?: EndFields | number;
    b?: EndFields | number;
    router?: number;
    joins?: readonly Joined[];
    master?: LinkRef;
    parent?: LinkRef;
    refs?: Readonly<Record<string, LinkRef>>;
    lab?: number;
    spans?: readonly OnLabHost[];
    seats: readonly OnLabHost[];
    hop?: HopRef;
    members?: readonly HopRef[];
  };
  const ofEnd = (end: EndFields | number | undefined): (Place | LinkRef | undefined | number)[] =>
    typeof end === "object" ? [end.place, end.master] : [end];
  const links = [on, outInterface, master, parent, ...Object.values(refs ?? {})];
  const nodes = [router, ...(joins ?? []).map(({ node }) => node)];
  const labs = [lab, ...[...(spans ?? []), ...seats].map((one) => one.lab)];
  return [place, ...links, ...ofEnd(a), ...ofEnd(b), ...nodes, ...labs, hop, ...(members ?? [])].flatMap((ref) =>
    typeof ref === "number" ? ref : ref !== undefined && "key" in ref ? ref.key : [],
  );
}

/** Returns a lab in which an object is replaced. */
export const withThing = (lab: Lab, thing: Thing): Lab => lab.map((old) => (old.key === thing.key ? thing : old));

/** Returns a lab without an object, and without all objects that refer to it. */
export function without(lab: Lab, key: number): Lab {
  const gone = new Set([key]);
  for (const thing of lab) if (references(thing).some((ref) => gone.has(ref))) gone.add(thing.key);
  return lab.filter((thing) => !gone.has(thing.key));
}

/** Returns a key for a new object that none of the labs contains. */
export const freshKey = (...labs: readonly Lab[]): number =>
  Math.max(0, ...labs.flatMap((lab) => lab.map(({ key }) => key))) + 1;
