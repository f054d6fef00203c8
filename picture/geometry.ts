import type { Box } from "./boxes.ts";
import type { Link, Wire } from "./topology.ts";

/** A picture: where everything stands. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Boxes, those that hold others first; `head` is where their title begins. */
  readonly boxes: readonly (Frame & { readonly box: Box; readonly head: number })[];
  readonly ports: readonly PlacedPort[];
  readonly cables: readonly Cable[];
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
  /** The interface, or how many share the port; undefined where a wire ends that needs no text there. */
  readonly link: Link | number | undefined;
  readonly key: string;
  /** The box that it is on. */
  readonly owner: string;
  /** Where its text begins. */
  readonly label: Point;
}

export interface Cable {
  readonly wire: Wire;
  readonly points: readonly Point[];
  /** The name of its far end, where no port bears it. */
  readonly peer?: Link | undefined;
}
