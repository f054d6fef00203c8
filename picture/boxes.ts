import { ICON } from "./icon.ts";
import { SIGNS } from "./style.ts";
import { shortened, widthOf } from "./text.ts";
import { type Line, type Link, type Machine, order, type Place, type Topology, type Wire } from "./topology.ts";

/** A box of the picture, with its contents. */
export interface Box {
  readonly key: string;
  readonly look: "machine" | "host" | "namespace" | "bridge" | "link";
  /** The type that is shown beside the title. */
  readonly kind: string;
  readonly subject: Machine | Place | Link;
  readonly lines: readonly Line[];
  readonly ports: readonly Link[];
  /** The points without a label at which wires end; see {@link Link}. */
  readonly joints: readonly string[];
  /** The ends of tunnels, which may be at any side of the box. */
  readonly tunnels: readonly string[];
  /** The boxes in it: the interfaces of a place, the members of a VRF. */
  readonly inner: readonly Box[];
  readonly head: Size;
}

/** A place whose bridge is shared by many similar places. They are packed in rows, and share the last part of their wires. */
export interface Rack {
  readonly key: string;
  readonly hub: string;
  /** The key of the box of its lab host; undefined if there is one lab host. */
  readonly machine: string | undefined;
  readonly leaves: readonly { readonly box: Box; readonly port: Link; readonly peer: Link; readonly wire: Wire }[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const TEXT = 12;
export const TITLE = 14;
export const ROW = 17;
export const PAD = 12;
/** The width of the column of labels before lines. */
export const LABEL = 52;

/** Divides a topology into boxes that stand alone and racks of leaves. */
export function boxesOf({ places, machines, wires }: Topology): { boxes: Box[]; racks: Rack[]; free: Wire[] } {
  const links = new Map(places.flatMap((place) => place.links.map((link) => [link.key, { link, place }] as const)));
  const tunnels = new Set(wires.flatMap(({ isTunnel, ends }) => (isTunnel ? ends : [])));
  const within = new Set(
    wires.flatMap(({ ends: [a, b] }) => (links.get(a)?.place === links.get(b)?.place ? [a, b] : [])),
  );
  const machineOf = (place: Place | undefined): Machine | undefined =>
    machines.find(({ host }) => place !== undefined && host === place.host);
  const boxes = places.map((place) => boxOf(place, within, tunnels, machines.length > 0));
  const hubs = new Map<string, Rack["leaves"][number][]>();
  for (const wire of wires) {
    const [a, b] = wire.ends.map((end) => links.get(end));
    if (a === undefined || b === undefined) continue;
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const isLeaf =
        own.place.links.length === 1 &&
        !own.place.isHost &&
        own.link.master === undefined &&
        own.link.joints.length === 0;
      const box = boxes.find(({ key }) => key === own.place.key);
      if (!isLeaf || other.link.master === undefined || box === undefined) continue;
      hubs.set(other.link.master, [
        ...(hubs.get(other.link.master) ?? []),
        { box, port: own.link, peer: other.link, wire },
      ]);
    }
  }
  const racks = [...hubs]
    .filter(([, leaves]) => leaves.length > MOST_SIDE_BY_SIDE)
    .map(([hub, leaves]) => ({
      ...{ key: `rack ${hub}`, hub, machine: machineOf(links.get(hub)?.place)?.key },
      leaves: leaves.sort((x, y) => order(x.box.key, y.box.key)),
    }));
  const packed = new Set(racks.flatMap(({ leaves }) => leaves.map(({ wire }) => wire)));
  const gone = new Set(racks.flatMap(({ leaves }) => leaves.flatMap(({ box, peer }) => [box.key, peer.key])));
  const kept = boxes.filter(({ key }) => !gone.has(key)).map((box) => without(box, gone));
  const placed = Map.groupBy(kept, ({ subject }) => machineOf("links" in subject ? subject : undefined));
  return {
    boxes: [
      ...(placed.get(undefined) ?? []),
      ...machines.map((machine) => machineBox(machine, placed.get(machine) ?? [])),
    ],
    racks,
    free: wires.filter((wire) => !packed.has(wire)),
  };
}

/** Returns a box and all boxes in it, outer ones first. */
export const allIn = (box: Box): Box[] => [box, ...box.inner.flatMap(allIn)];

/** Returns true if a box is the end of a cable, so that the cable leads to the box itself. */
export const isEndBox = ({ subject }: Box): boolean => "isEnd" in subject && subject.isEnd;

/** Returns the text at a port: its name, and below it its addresses and VLANs. */
export const portLines = ({ name, mark, addresses, about }: Link): Pick<Line, "text" | "mark" | "icon">[] => [
  { text: signed(name, mark), mark },
  ...[...addresses, ...about.map(labelled)].map((line) => ({
    text: signed(line.text, line.mark === mark ? undefined : line.mark),
    ...{ mark: line.mark, icon: line.icon },
  })),
];

const labelled = (line: Line): Line => ({ ...line, text: `${line.label} ${line.text}`.trimStart() });

/** Returns the width of a text with its icon. */
export const lineWidth = ({ text, icon }: Pick<Line, "text" | "icon">): number =>
  (icon === undefined ? 0 : ICON) + widthOf(text, TEXT);

/** Returns a text after the sign of its mark. */
export const signed = (text: string, mark: Line["mark"]): string =>
  `${mark === undefined ? "" : `${SIGNS[mark]} `}${shortened(text)}`;

/** Returns the size of the text at a port. */
export function portSize(link: Link): Size {
  const lines = portLines(link);
  return { width: Math.max(...lines.map(lineWidth)), height: lines.length * ROW };
}

const MOST_SIDE_BY_SIDE = 6;

const without = (box: Box, gone: ReadonlySet<string>): Box => ({
  ...box,
  ports: box.ports.filter(({ key }) => !gone.has(key)),
  inner: box.inner.map((inner) => without(inner, gone)),
});

const machineBox = (machine: Machine, inner: readonly Box[]): Box => ({
  ...{ key: machine.key, look: "machine", kind: "lab host", subject: machine },
  ...{ lines: [], ports: [], joints: [], tunnels: [], inner, head: headOf(machine, [], 0) },
});

/** @param isInMachine Whether its lab host is a box, too. */
function boxOf(place: Place, within: ReadonlySet<string>, tunnels: ReadonlySet<string>, isInMachine: boolean): Box {
  const plugged = Map.groupBy(place.links, ({ master }) => master);
  const loose = plugged.get(undefined)?.filter(({ isEnd }) => isEnd) ?? [];
  // An end is a port on the border of its place, unless wires within the place lead to it.
  const isInside = ({ key, joints }: Link): boolean => within.has(key) || joints.length > 0;
  const inner = [...place.links.filter(({ isEnd }) => !isEnd), ...loose.filter(isInside)];
  const members = Map.groupBy(inner, ({ within: vrf }) => vrf);
  const inBox = (link: Link): Box => {
    const ports = plugged.get(link.key) ?? [];
    const joints = [link, ...ports].flatMap((one) => one.joints);
    return linkBox(link, ports, {
      joints: joints.filter((end) => !tunnels.has(end)),
      tunnels: joints.filter((end) => tunnels.has(end)),
      inner: (members.get(link.key) ?? []).map(inBox),
    });
  };
  return {
    key: place.key,
    look: place.isHost ? "host" : "namespace",
    kind: place.isHost ? (isInMachine ? "network stack" : "") : "namespace",
    subject: place,
    lines: place.lines,
    ports: loose.filter((link) => !isInside(link)),
    joints: [],
    tunnels: [],
    inner: (members.get(undefined) ?? []).map(inBox),
    head: headOf(place, place.lines, LABEL),
  };
}

function linkBox(link: Link, plugged: readonly Link[], rest: Pick<Box, "joints" | "tunnels" | "inner">): Box {
  const lines = [...link.addresses, ...link.about.map(labelled)];
  return {
    key: link.key,
    look: link.device === "bridge" ? "bridge" : "link",
    kind: link.device,
    subject: link,
    lines,
    ports: plugged,
    ...rest,
    head: headOf(link, lines, 0),
  };
}

/** Returns the size of a title and the lines below it. */
function headOf({ name, mark }: Pick<Machine, "name" | "mark">, lines: readonly Line[], indent: number): Size {
  const titles = widthOf(signed(name, mark), TITLE) + KIND;
  return {
    width:
      Math.max(
        titles,
        ...lines.map((line) => indent + lineWidth({ ...line, text: signed(line.brief ?? line.text, line.mark) })),
      ) +
      2 * PAD +
      SPARE,
    height: 22 + lines.length * ROW + PAD,
  };
}

/** With the padding, it is the width of a sign before a text: a mark does not change the size of a box. */
const SPARE = 4;

/** The width of the type beside a title. */
const KIND = 76;
