import { isSameLine, roomIn } from "./room.ts";
import type { Line, Link, Place, Topology, Wire } from "./topology.ts";

/** A changed topology in two parts. */
export interface Divided {
  /** The parts of the topology before the change, with their marks. It has the same boxes, ports and wires, so it has the same layout. */
  readonly kept: Topology;
  /** The additions, with the boxes that they are in. A changed text is here if it is longer than the texts of its box. */
  readonly added: Topology;
}

/** Divides a topology after a change into what the topology before had, and what is added. */
export function divide(before: Topology, after: Topology): Divided {
  const places = new Map(after.places.map((place) => [place.key, place]));
  const olds = new Map(linksOf(before).map(({ link, place }) => [link.key, { link, place }]));
  const news = new Map(linksOf(after).map(({ link, place }) => [link.key, { link, place }]));
  const stays = (key: string): boolean => {
    const [old, is] = [olds.get(key), news.get(key)];
    return old !== undefined && is !== undefined && old.place.key === is.place.key && isAlike(old.link, is.link);
  };
  const ownerOf = new Map(
    linksOf(after).flatMap(({ link }) => [link.key, ...link.joints].map((end) => [end, link.key])),
  );
  const wires = new Map(after.wires.map((wire) => [wire.key, wire]));
  const known = new Map(before.wires.map((wire) => [wire.key, wire]));
  const isKept = (wire: Wire): boolean =>
    isSameWire(known.get(wire.key), wire) && wire.ends.every((end) => stays(ownerOf.get(end) ?? ""));
  const fits = roomIn(before, after);
  /** Returns the lines that the lines before lack, and those whose texts have no room there. */
  const newLines = (was: readonly Line[], is: readonly Line[], texts: readonly Line[] = []): Line[] =>
    is.filter((line) => {
      const old = was.find((one) => isSameLine(one, line));
      return old === undefined || !fits(old, line, texts);
    });
  const addedWires = after.wires.filter((wire) => !isKept(wire));

  const keptLink = (link: Link): Link => {
    const is = news.get(link.key)?.link;
    if (is === undefined) return removed(link);
    const { mark, details } = is;
    const texts = [...link.addresses, ...link.about];
    return {
      ...{ ...link, mark, details, lines: is.lines },
      addresses: link.addresses.map((line) => keptLine(line, is.addresses, (one) => fits(line, one, texts))),
      about: link.about.map((line) => keptLine(line, is.about, (one) => fits(line, one, texts))),
    };
  };
  const keptPlace = (place: Place): Place => {
    const { mark, details, lines } = places.get(place.key) ?? { ...place, mark: "removed" as const, lines: [] };
    return {
      ...{ ...place, mark, details },
      lines: place.lines.map((line) => keptLine(line, lines, (one) => fits(line, one, place.lines))),
      links: place.links.map(keptLink),
    };
  };

  const ends = new Set(addedWires.flatMap((wire) => wire.ends));
  const shown = new Map<string, Link>();
  const show = (key: string | undefined): void => {
    const is = news.get(key ?? "")?.link;
    if (is === undefined || shown.has(is.key)) return;
    const old = stays(is.key) ? olds.get(is.key)?.link : undefined;
    const texts = old && [...old.addresses, ...old.about];
    shown.set(is.key, {
      ...is,
      mark: old === undefined ? is.mark : undefined,
      joints: is.joints.filter((joint) => ends.has(joint)),
      addresses: newLines(old?.addresses ?? [], is.addresses, texts),
      about: newLines(old?.about ?? [], is.about, texts),
    });
    show(is.master);
    show(is.within);
  };
  for (const end of ends) show(ownerOf.get(end));
  for (const [key, { link }] of news) {
    const old = stays(key) ? olds.get(key)?.link : undefined;
    const texts = old && [...old.addresses, ...old.about];
    const more = [old?.addresses ?? [], old?.about ?? []].some(
      (lines, index) => newLines(lines, [link.addresses, link.about][index] ?? [], texts).length > 0,
    );
    if (old === undefined || more) show(key);
  }
  const old = new Map(before.places.map((place) => [place.key, place]));
  const addedPlaces = after.places.flatMap((place) => {
    const was = old.get(place.key);
    const lines = newLines(was?.lines ?? [], place.lines, was?.lines);
    const links = place.links.flatMap((link) => shown.get(link.key) ?? []);
    const isShown = was === undefined || lines.length > 0 || links.length > 0;
    return isShown ? [{ ...place, mark: was === undefined ? place.mark : undefined, lines, links }] : [];
  });
  return {
    kept: {
      places: before.places.map(keptPlace),
      machines: before.machines.map((machine) => after.machines.find(({ key }) => key === machine.key) ?? machine),
      wires: before.wires.map((wire) => {
        const is = wires.get(wire.key);
        return is === undefined
          ? { ...wire, mark: "removed" }
          : { ...wire, mark: is.mark, details: is.details, isDown: is.isDown };
      }),
    },
    added: {
      places: addedPlaces,
      machines: after.machines.filter(({ host }) => addedPlaces.some((place) => place.host === host)),
      wires: addedWires,
    },
  };
}

const linksOf = ({ places }: Topology) => places.flatMap((place) => place.links.map((link) => ({ link, place })));

/** Returns true if an interface is drawn in the same way and at the same place as before. */
const isAlike = (old: Link, is: Link): boolean =>
  old.name === is.name && old.isEnd === is.isEnd && old.master === is.master && old.within === is.within;

const isSameWire = (old: Wire | undefined, { ends: [a, b] }: Wire): boolean =>
  old !== undefined && old.ends[0] === a && old.ends[1] === b;

const removed = (link: Link): Link => ({
  ...{ ...link, mark: "removed" },
  addresses: link.addresses.map((line) => ({ ...line, mark: "removed" })),
  about: link.about.map((line) => ({ ...line, mark: "removed" })),
});

/** Returns a line as it is after the change; with its former text if the new one has no room. */
function keptLine(old: Line, after: readonly Line[], hasRoom: (is: Line) => boolean): Line {
  const is = after.find((line) => isSameLine(old, line));
  if (is === undefined) return { ...old, mark: "removed" };
  if (!hasRoom(is)) return { ...is, text: old.text, brief: old.brief };
  return is.text === old.text ? is : { ...is, before: old.text };
}
