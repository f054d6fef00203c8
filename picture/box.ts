import { ICON } from "./icon.ts";
import type { SharedLine } from "./shared-lines.ts";
import { SIGNS } from "./style.ts";
import { shortened, widthOf } from "./text.ts";
import type { Line, Link, Machine, Place, Wire } from "./topology.ts";

/** A box of the picture, with its contents. */
export interface Box {
  readonly key: string;
  readonly look: "machine" | "host" | "namespace" | "bridge" | "link";
  /** The type that is shown beside the title. */
  readonly kind: string;
  readonly subject: Machine | Place | Link;
  readonly lines: readonly Line[];
  /**
   * Its lines that its rack shows for all of its boxes, if they have a mark that not all have. Undefined for a box that is not in such a
   * rack.
   */
  readonly notes?: readonly Line[] | undefined;
  readonly ports: readonly Link[];
  /** The points without a label at which wires end; see {@link Link}. */
  readonly joints: readonly string[];
  /** The ends of tunnels, which may be at any side of the box. */
  readonly tunnels: readonly string[];
  /** The boxes in it: the interfaces of a place, the members of a VRF. */
  readonly inner: readonly Box[];
  readonly head: Size;
}

/** Places that are connected to one bridge, each by its only link. They are packed in rows, and share the last part of their wires. */
export interface Rack {
  readonly key: string;
  readonly hub: string;
  /** The key of the box of its lab host; undefined if there is one lab host. */
  readonly machine: string | undefined;
  readonly leaves: readonly Leaf[];
  /** The lines that all of its boxes and their ports have. The rack shows them, and the boxes do not. */
  readonly shared: readonly SharedLine[];
  readonly caption: Caption | undefined;
}

/** A place of a rack, its port, and the port of the bridge. */
export interface Leaf {
  readonly box: Box;
  readonly port: Link;
  readonly peer: Link;
  readonly wire: Wire;
}

/** The text of a rack with shared lines. */
export interface Caption {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly head: Size;
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

/** Returns a line whose label is part of its text. */
export const labelled = (line: Line): Line => ({ ...line, text: `${line.label} ${line.text}`.trimStart() });

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

/** Returns the size of a title with a kind beside it, and of the lines below. */
export function headOf(
  { name, mark }: Pick<Machine, "name" | "mark">,
  kind: string,
  lines: readonly Line[],
  indent: number,
): Size {
  // The letters of a kind are 10 pixels high, and six hundredths of that apart.
  const kinds = widthOf(kind, 10) + Math.ceil(kind.length * 0.6);
  const titles = widthOf(signed(name, mark), TITLE) + Math.max(KIND, kinds + 16);
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

/** The least width beside a title: that of the kind `namespace`, and a gap. */
const KIND = 76;
