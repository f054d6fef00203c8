import { type Leaf, PAD, portLines, portSize, type Rack, type Size } from "./box.ts";
import type { Cable, Layout, PlacedPort, Point } from "./geometry.ts";

/** A rack with its leaves in rows, beside lines that lead to one trunk in the middle. */
export interface Pack extends Size {
  /** The position at which the trunk leaves, on the side of the bridge. */
  readonly out: number;
  /** Returns the leaves at the rack's position, with the trunk that continues from it. */
  at(corner: Point, trunk: readonly Point[]): Pick<Layout, "boxes" | "ports" | "cables" | "captions">;
}

/** A rack and its layout. */
export interface PackedRack {
  readonly rack: Rack;
  readonly pack: Pack;
  /** Whether it is below its bridge. */
  readonly isBelow: boolean;
}

/** Packs a rack so that its width is about one and a half times its height. Its caption is on the side away from the bridge. */
export function packRack(rack: Rack, isBelow: boolean): Pack {
  const { key, leaves, caption } = rack;
  const cells = cellsOf(leaves);
  const half = Math.ceil(Math.sqrt((leaves.length * cells.row * ASPECT) / cells.cell) / 2);
  const columns = 2 * half;
  const edge =
    caption === undefined ? NO_EDGE : { side: FRAME, head: caption.head.height + (isBelow ? 8 : 0), foot: 4 };
  const inner = columns * cells.cell - GAP + TRUNK;
  const width = Math.max(inner + 2 * edge.side, caption?.head.width ?? 0);
  const left = (width - inner) / 2;
  const rows = Math.ceil(leaves.length / columns) * cells.row;
  const height = edge.head + rows + edge.foot;
  const out = left + half * cells.cell + (TRUNK - GAP) / 2;
  return {
    width,
    height,
    out,
    at(corner, trunk) {
      const top = corner.y + (isBelow ? edge.foot : edge.head);
      const parts = leaves.map((leaf, index) => {
        const [column, line] = [index % columns, Math.floor(index / columns)];
        const x = corner.x + left + column * cells.cell + (column >= half ? TRUNK : 0);
        return cells.place(leaf, { x, y: top + line * cells.row }, isBelow, trunk[0]?.x ?? corner.x + out);
      });
      const head = isBelow ? corner.y + height - edge.head + 8 : corner.y;
      return {
        boxes: parts.map(({ frame }) => frame),
        ports: parts.map(({ placed }) => placed),
        cables: parts.map(({ cable }) => ({ ...cable, points: [...cable.points, ...trunk] })),
        captions: caption === undefined ? [] : [{ key, caption, ...corner, width, height, head }],
      };
    },
  };
}

const NO_EDGE = { side: 0, head: 0, foot: 0 };

const [GAP, DROP, TRUNK, PORT_GAP, LINE, ASPECT, FRAME] = [20, 38, 44, 10, 17, 1.5, 14];

/** Returns the size of the cells of a rack, which are equal, and how a leaf is placed in its cell. */
function cellsOf(leaves: readonly Leaf[]) {
  const sizes = leaves.map(({ port }) => portSize(port));
  const width = Math.max(
    ...leaves.map(({ box }, index) => Math.max(box.head.width, (sizes[index]?.width ?? 0) + 2 * PAD)),
  );
  const height = Math.max(...leaves.map(({ box }, index) => box.head.height + (sizes[index]?.height ?? 0) + PORT_GAP));
  return {
    cell: width + GAP,
    row: height + DROP,
    /** @param trunk The position of the trunk. */
    place({ box, port, peer, wire }: Leaf, at: Point, isBelow: boolean, trunk: number) {
      const size = portSize(port);
      const y = isBelow ? at.y + DROP : at.y;
      const head = isBelow ? y + PORT_GAP + size.height : y;
      const frame: Layout["boxes"][number] = { box, x: at.x, y, width, height, head };
      const foot: Point = { x: at.x + Math.round(width / 2), y: isBelow ? y : y + height };
      const bus = isBelow ? at.y + 12 : foot.y + DROP - 12;
      const text = isBelow ? y + PORT_GAP - 2 : foot.y - PORT_GAP - portLines(port).length * LINE + 4;
      const label = { x: foot.x, y: text };
      const placed: PlacedPort = { link: port, key: port.key, owner: box.key, ...foot, label };
      const points = [foot, { x: foot.x, y: bus }, { x: trunk, y: bus }];
      const cable: Cable = { wire, points, peer };
      return { frame, placed, cable };
    },
  };
}
