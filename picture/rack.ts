import { PAD, portLines, portSize, type Rack } from "./boxes.ts";
import type { Cable, Layout, PlacedPort, Point } from "./geometry.ts";

/** A rack with its leaves in rows, above lines that lead to one trunk in the middle. */
export interface Pack {
  readonly width: number;
  readonly height: number;
  /** The position on its lower side at which the trunk leaves. */
  readonly out: number;
  /** Returns the leaves at the rack's position, with the trunk that continues from it. */
  at(corner: Point, trunk: readonly Point[]): Pick<Layout, "boxes" | "ports" | "cables">;
}

/** A rack and its layout. */
export interface PackedRack {
  readonly rack: Rack;
  readonly pack: Pack;
}

/** Packs a rack so that its width is about one and a half times its height. */
export function packRack({ leaves }: Rack): Pack {
  const sizes = leaves.map(({ port }) => portSize(port));
  const width = Math.max(
    ...leaves.map(({ box }, index) => Math.max(box.head.width, (sizes[index]?.width ?? 0) + 2 * PAD)),
  );
  const tall = leaves.map(({ box }, index) => box.head.height + (sizes[index]?.height ?? 0) + PORT_GAP);
  const height = Math.max(...tall);
  const [cell, row] = [width + GAP, height + DROP];
  const half = Math.ceil(Math.sqrt((leaves.length * row * ASPECT) / cell) / 2);
  const columns = 2 * half;
  const rows = Math.ceil(leaves.length / columns);
  const out = half * cell + (TRUNK - GAP) / 2;
  return {
    width: columns * cell - GAP + TRUNK,
    height: rows * row,
    out,
    at(corner, trunk) {
      const parts = leaves.map(({ box, port, peer, wire }, index) => {
        const [column, line] = [index % columns, Math.floor(index / columns)];
        const x = corner.x + column * cell + (column >= half ? TRUNK : 0);
        const y = corner.y + line * row;
        const foot: Point = { x: x + Math.round(width / 2), y: y + height };
        const bus = foot.y + DROP - 12;
        const frame: Layout["boxes"][number] = { box, x, y, width, height, head: y };
        const size = portSize(port);
        const label = { x: foot.x - size.width / 2, y: foot.y - PORT_GAP - portLines(port).length * LINE + 4 };
        const placed: PlacedPort = { link: port, key: port.key, owner: box.key, ...foot, label };
        const points = [foot, { x: foot.x, y: bus }, { x: trunk[0]?.x ?? corner.x + out, y: bus }, ...trunk];
        const cable: Cable = { wire, points, peer };
        return { frame, placed, cable };
      });
      return {
        boxes: parts.map(({ frame }) => frame),
        ports: parts.map(({ placed }) => placed),
        cables: parts.map(({ cable }) => cable),
      };
    },
  };
}

const [GAP, DROP, TRUNK, PORT_GAP, LINE, ASPECT] = [20, 38, 44, 10, 17, 1.5];
