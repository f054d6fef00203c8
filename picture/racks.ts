import { type Box, type Caption, headOf, LABEL, type Leaf, type Rack } from "./box.ts";
import { captionLine, type SharedLine, sharedLines } from "./shared-lines.ts";
import { type Line, type Link, order, type Place, type Topology } from "./topology.ts";

/**
 * Returns the racks of a topology: the places that are connected to one bridge, each by its only link, if they are too many to be side by
 * side.
 *
 * @param boxes The boxes of all places.
 * @param machineOf Returns the key of the lab host of a place.
 */
export function racksOf(
  { places, wires }: Topology,
  boxes: readonly Box[],
  machineOf: (place: Place | undefined) => string | undefined,
): Rack[] {
  const links = new Map(places.flatMap((place) => place.links.map((link) => [link.key, { link, place }] as const)));
  const boxByKey = new Map(boxes.map((box) => [box.key, box]));
  const found = wires.flatMap((wire) => {
    const [a, b] = wire.ends.map((end) => links.get(end));
    if (a === undefined || b === undefined) return [];
    return [[a, b] as const, [b, a] as const].flatMap(([own, other]) => {
      const [box, hub] = [boxByKey.get(own.place.key), other.link.master];
      if (!isLeaf(own) || hub === undefined || box === undefined) return [];
      return [{ hub, layer: own.place.layer, leaf: { box, port: own.link, peer: other.link, wire } }];
    });
  });
  const groups = [...Map.groupBy(found, ({ hub, layer }) => [hub, layer].join(" ").trimEnd())];
  return groups
    .filter(([, group]) => group.length > MOST_SIDE_BY_SIDE)
    .map(([key, group]) => {
      const hub = group[0]?.hub ?? "";
      const leaves = group.map(({ leaf }) => leaf).sort((x, y) => order(x.box.key, y.box.key));
      return { key: `rack ${key}`, hub, machine: machineOf(links.get(hub)?.place), ...withShared(leaves) };
    });
}

const MOST_SIDE_BY_SIDE = 6;

const isLeaf = ({ place, link }: { readonly place: Place; readonly link: Link }): boolean =>
  place.links.length === 1 && !place.isHost && link.master === undefined && link.joints.length === 0;

/** Takes the lines that all leaves have out of their boxes and ports. */
function withShared(leaves: readonly Leaf[]): Pick<Rack, "leaves" | "shared" | "caption"> {
  const ofPlaces = sharedLines(leaves.map(({ box }) => box.lines));
  const ofPorts = sharedLines(leaves.map(({ port }) => port.about));
  const shared = [...ofPlaces, ...ofPorts];
  if (shared.length === 0) return { leaves, shared, caption: undefined };
  const common = new Set(shared.flat());
  const own = (lines: readonly Line[]): Line[] => lines.filter((line) => !common.has(line));
  return {
    leaves: leaves.map(({ box, port, ...rest }, index) => {
      const lines = own(box.lines);
      const notes = shared.flatMap((all) => noteOf(all, index));
      const head = headOf(box.subject, box.kind, lines, LABEL);
      return { box: { ...box, lines, notes, head }, port: { ...port, about: own(port.about) }, ...rest };
    }),
    shared,
    caption: captionOf(leaves, ofPlaces, ofPorts),
  };
}

/** Returns the line of one leaf if it has a mark that not all have. */
function noteOf(all: SharedLine, index: number): Line[] {
  const line = all[index];
  return line?.mark === undefined || captionLine(all).mark !== undefined ? [] : [line];
}

function captionOf(leaves: readonly Leaf[], ofPlaces: readonly SharedLine[], ofPorts: readonly SharedLine[]): Caption {
  const title = `${leaves.length} namespaces, each with`;
  const names = new Set(leaves.map(({ port }) => port.name));
  const port = names.size === 1 ? (leaves[0]?.port.name ?? "") : "port";
  const lines = [
    ...ofPlaces.map(captionLine),
    ...ofPorts
      .map(captionLine)
      .map((line) => ({ ...line, label: port, text: `${line.label} ${line.text}`.trimStart() })),
  ];
  return { title, lines, head: headOf({ name: title, mark: undefined }, "", lines, LABEL) };
}
