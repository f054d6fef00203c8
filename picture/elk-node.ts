import type { ElkNode, ElkPort } from "elkjs/lib/elk.bundled.js";
import { type Box, isEndBox, PAD, portSize, ROW } from "./box.ts";
import type { PackedRack } from "./rack.ts";
import type { Link, Wire } from "./topology.ts";

/** How the boxes are connected. */
export interface Wiring {
  readonly packs: readonly PackedRack[];
  /** The upper end of each wire. */
  readonly upper: ReadonlySet<string>;
  /** The other end of each wire, by each end. */
  readonly farEnds: ReadonlyMap<string, string>;
  /** The width that boxes with inner boxes need in addition, by their keys. */
  readonly narrow: Map<string, number>;
}

/** Returns the other end of each wire, by each end. */
export const farEndsOf = (wires: readonly Wire[]): ReadonlyMap<string, string> =>
  new Map(
    wires.flatMap(({ ends: [a, b] }) => [
      [a, b],
      [b, a],
    ]),
  );

/** The size of a port. */
export const PORT = 8;

/** Returns the name of a box's node. The name of the box is that of its port, if a cable leads to the box itself. */
export const idOf = (box: Box): string => (isEndBox(box) ? `${box.key} box` : box.key);

/** Returns the nodes of some boxes and of the racks beside them. `key` is that of the box around them; undefined for the picture. */
export const nodesIn = (key: string | undefined, boxes: readonly Box[], wiring: Wiring): ElkNode[] => [
  ...wiring.packs
    .filter(({ rack }) => rack.machine === key)
    .map(({ rack, pack, isBelow }) => ({
      id: rack.key,
      width: pack.width,
      height: pack.height,
      layoutOptions: { "elk.portConstraints": "FIXED_POS" },
      ports: [{ id: `${rack.key} out`, x: pack.out - PORT / 2, y: isBelow ? 0 : pack.height, width: PORT, height: 0 }],
    })),
  ...boxes.map((box) => nodeOf(box, wiring)),
];

function nodeOf(box: Box, wiring: Wiring): ElkNode {
  const { packs, upper, narrow } = wiring;
  const { above, below, headBelow } = roomOf(box, wiring);
  const { width, height } = box.head;
  const missing = leastWidth(box, wiring) - 2 * PAD - 8 - innerWidth(box);
  const side = PAD + 4 + Math.max(0, missing) / 2 + (narrow.get(box.key) ?? 0) / 2;
  const shared = packs.filter(({ rack: { hub } }) => hub === box.key);
  return {
    id: idOf(box),
    layoutOptions: {
      // ELK routes the wires inside a parent node before it considers a minimum size or fixed sides, so such a node gets its size
      // from its padding.
      ...(box.inner.length > 0
        ? { "elk.nodeSize.constraints": "[PORTS]" }
        : {
            "elk.portConstraints": "FIXED_SIDE",
            "elk.nodeSize.constraints": "[PORTS, MINIMUM_SIZE]",
            "elk.nodeSize.minimum": `(${width}, ${above + height + below})`,
          }),
      "elk.padding": `[top=${above + (headBelow ? 16 : height + 4)},left=${side},bottom=${below + (headBelow ? height : PAD + 4)},right=${side}]`,
      "elk.spacing.portPort": "20",
    },
    ports: [
      ...[...(isEndBox(box) ? [box.key] : []), ...box.joints].map((key) => portOf(key, 0, upper.has(key))),
      ...box.ports.map((link) => portOf(link.key, portSize(link).width, upper.has(link.key))),
      ...shared.map(({ rack: { key }, isBelow }) => portOf(`${key} in`, 80, isBelow)),
    ],
    children: nodesIn(box.key, box.inner, wiring),
  };
}

/** Returns the width that a box needs for its head, and for the texts of the ports at its top and at its bottom. */
export function leastWidth(box: Box, { upper }: Wiring): number {
  const texts = (down: boolean) => textWidth(box.ports.filter(({ key }) => upper.has(key) === down));
  return Math.max(box.head.width, texts(false), texts(true));
}

const textWidth = (links: readonly Link[]): number => links.reduce((wide, link) => wide + portSize(link).width + 20, 0);

/** Returns the minimum width of the inner boxes, side by side. */
const innerWidth = ({ inner }: Box): number =>
  inner.reduce((sum, box) => {
    const labels = textWidth(box.ports);
    return sum + Math.max(box.head.width, labels, innerWidth(box) + 2 * PAD) + 32;
  }, -32);

/** Returns the space that a box needs above and below its head for the labels of its ports, and whether its head is at the bottom. */
export function roomOf(box: Box, { packs, upper, farEnds }: Wiring) {
  const heights = (down: boolean) =>
    box.ports.filter(({ key }) => upper.has(key) === down).map((link) => portSize(link).height + 8);
  const shared = (down: boolean) =>
    packs.some(({ rack: { hub }, isBelow }) => hub === box.key && isBelow === down) ? [ROW + 8] : [];
  // The wires of the inner boxes that leave the box cross its head, unless that is on their other side.
  const inner = new Set(box.inner.flatMap(endsIn));
  const leaving = [...inner].filter((end) => farEnds.has(end) && !inner.has(farEnds.get(end) ?? ""));
  const packed = packs.filter(({ rack: { hub } }) => box.inner.some(({ key }) => key === hub));
  const racksBelow = packed.filter(({ isBelow }) => isBelow).length;
  const cablesDown = leaving.filter((end) => upper.has(end)).length;
  const downwards = cablesDown + racksBelow;
  const upwards = leaving.length - cablesDown + packed.length - racksBelow;
  return {
    above: Math.max(0, ...heights(false), ...shared(false)),
    below: Math.max(0, ...heights(true), ...shared(true)),
    headBelow: upwards > downwards,
  };
}

/** Returns the ends of wires in a box. */
const endsIn = (box: Box): string[] => [
  ...(isEndBox(box) ? [box.key] : []),
  ...box.ports.map(({ key }) => key),
  ...box.joints,
  ...box.inner.flatMap(endsIn),
];

/** Returns the port of an interface. It is as wide as its text, because ELK keeps no space for texts in a box with inner boxes. */
const portOf = (id: string, text: number, down: boolean): ElkPort => ({
  id,
  width: Math.max(PORT, text),
  height: PORT,
  layoutOptions: { "elk.port.borderOffset": String(-PORT / 2), "elk.port.side": down ? "SOUTH" : "NORTH" },
});
