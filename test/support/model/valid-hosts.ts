import { type At, type Flat, partsOf } from "./flat.ts";
import { overlayMtu } from "./flatten.ts";
import type { EndFields, Lab, Thing } from "./lab.ts";
import type { LinkRef, Place } from "./lab-refs.ts";
import { namesIn } from "./names.ts";
import { find } from "./things.ts";

/** Checks the nodes of LANs and links, and their MTU, on the lab hosts of their program. */
export function labHostFault(lab: Lab): string | undefined {
  const names = namesIn(lab);
  const nodeOn = (key: number | undefined): string | undefined => {
    const node = key === undefined ? undefined : find(lab, key);
    return node !== undefined && "lab" in node ? names.lab(node.lab) : undefined;
  };
  for (const thing of lab) {
    if (thing.kind === "link") {
      const ends = [nodeOn(thing.a), nodeOn(thing.b)];
      if (ends[0] === ends[1]) continue;
      if (ends.includes(undefined)) return `${thing.id} leads to this machine`;
      if ((thing.mtu ?? 0) > overlayMtu(lab, ends)) return `${thing.id} has packets that are too large`;
    }
    if (thing.kind === "lan") {
      const { spans = [], router, hosts, joins, mtu = 0 } = thing;
      const all = spans.length === 0 ? [nodeOn(router)] : spans.map((span) => names.lab(span.lab));
      const nodes = [
        ...(router === undefined ? [] : [nodeOn(router)]),
        ...joins.map(({ node }) => nodeOn(node)),
        ...hosts.flatMap((seat) => (seat.lab === undefined ? [] : [names.lab(seat.lab)])),
      ];
      const joined = [...joins.map(({ node }) => node), ...(router === undefined ? [] : [router])];
      const called = [...hosts.map(({ name }) => name), ...joined.map((key) => nameOf(find(lab, key)))];
      if (new Set(called).size < called.length) return `${thing.id} has two nodes of one name`;
      if (new Set(all).size < all.length) return `${thing.id} spans a lab host twice`;
      if (nodes.some((node) => !all.includes(node))) return `${thing.id} does not span the lab host of a node`;
      if (all.length > 1 && mtu > overlayMtu(lab, all)) return `${thing.id} has packets that are too large`;
    }
  }
  return undefined;
}

/** Returns the name of a node, from which a LAN makes the names of its cable. */
const nameOf = (thing: Thing | undefined): string | undefined =>
  thing?.kind === "host" || thing?.kind === "router" ? (thing.name ?? thing.id) : undefined;

/** Checks that objects other than LANs and links are on one lab host, and that names alone refer to none of another one. */
export function crossingFault(lab: Lab, flat: Flat): string | undefined {
  const names = namesIn(lab);
  const across = flat.cables.find(({ a, b }) => partsOf(a.at).lab !== partsOf(b.at).lab);
  if (across !== undefined) return `${across.a.name} is on two lab hosts`;
  for (const thing of lab) {
    const { place, on, outInterface, a, b, parent } = thing as object as Partial<
      Record<string, Place & LinkRef & EndFields>
    >;
    const places = [place, a?.place, b?.place].flatMap((at) => (at === undefined ? [] : [at]));
    const links = [on, outInterface, parent].flatMap((ref) => (ref === undefined ? [] : [ref]));
    const isFar = (at: At): boolean => partsOf(at).lab !== undefined;
    if (places.some((at) => "by" in at && at.by === "name" && isFar(names.place(at))))
      return `${thing.id} names a place of another lab host`;
    if (links.some((ref) => ref.by === "name" && isFar(names.placeOf(ref))))
      return `${thing.id} names a link of another lab host`;
    if (outInterface !== undefined && partsOf(names.placeOf(outInterface)).lab !== partsOf(names.place(place)).lab)
      return `${thing.id} names an interface of another lab host`;
    if (thing.kind === "hosts" && partsOf(names.place(place)).namespace === undefined)
      return `${thing.id} has the files of no namespace`;
  }
  return undefined;
}
