import type { Box, Caption } from "./box.ts";
import type { Link, Wire } from "./topology.ts";

/** The layout of a picture: the position of each part. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The top of the part with the additions of a change; undefined if there is none. */
  readonly additions?: number | undefined;
  /** Boxes, outer ones first; `head` is the top of their title. */
  readonly boxes: readonly (Frame & { readonly box: Box; readonly head: number })[];
  readonly ports: readonly PlacedPort[];
  readonly cables: readonly Cable[];
  /** The frames of racks with a caption, by the keys of the racks; `head` is the top of its title. */
  readonly captions: readonly (Frame & { readonly key: string; readonly caption: Caption; readonly head: number })[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Frame extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedPort extends Point {
  /** The interface, or the number of interfaces that share the port; undefined for a wire end without a label. */
  readonly link: Link | number | undefined;
  readonly key: string;
  /** The key of its box. */
  readonly owner: string;
  /** The top of its label, in the middle. */
  readonly label: Point;
}

export interface Cable {
  readonly wire: Wire;
  readonly points: readonly Point[];
  /** The link at its far end, if no port shows it. */
  readonly peer?: Link | undefined;
}
