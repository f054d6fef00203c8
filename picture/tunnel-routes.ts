import { portSize, ROW } from "./box.ts";
import type { Cable, Frame, Layout, PlacedPort, Point } from "./geometry.ts";
import { Grid } from "./grid.ts";
import type { Wire } from "./topology.ts";

/**
 * Adds the tunnels to a layout. A tunnel does not decide where the boxes of its ends are: it leads around all boxes and texts, from one side
 * of a box to one side of the other.
 */
export function withTunnels(layout: Layout, tunnels: readonly Wire[]): Layout {
  const owners = new Map(layout.boxes.flatMap((frame) => frame.box.tunnels.map((end) => [end, frame] as const)));
  const pairs = tunnels.flatMap((wire) => {
    const [one, other] = wire.ends.map((end) => owners.get(end));
    return one === undefined || other === undefined ? [] : [{ wire, one, other }];
  });
  if (pairs.length === 0) return layout;
  const taken: Point[] = [...layout.ports];
  const ends = pairs.map(({ wire, one, other }) => ({
    wire,
    starts: exitsOf(one, taken),
    goals: exitsOf(other, taken),
  }));
  const grid = gridOf(
    layout,
    ends.flatMap(({ starts, goals }) => [...starts, ...goals].map(({ outside }) => outside)),
  );
  const [ports, cables]: [PlacedPort[], Cable[]] = [[], []];
  for (const { wire, starts, goals } of ends) {
    const isFree = ({ border }: Exit) => !ports.some((port) => isNear(port, border));
    const [from, to] = [starts.filter(isFree), goals.filter(isFree)];
    const outside = (exits: readonly Exit[]) => exits.map((exit) => exit.outside);
    const found = grid.route(outside(from), outside(to)) ?? direct(from[0] ?? starts[0], to[0] ?? goals[0]);
    const exit = (exits: readonly Exit[], at: Point | undefined) =>
      exits.find(({ outside: { x, y } }) => x === at?.x && y === at.y)?.border ?? at ?? { x: 0, y: 0 };
    const [begin, end] = [exit(starts, found[0]), exit(goals, found.at(-1))];
    const points = [begin, ...found, end];
    for (const [index, point] of points.slice(1).entries()) grid.avoid(points[index] ?? point, point);
    for (const [index, at] of [begin, end].entries()) {
      const key = wire.ends[index] ?? "";
      ports.push({ link: undefined, key, owner: owners.get(key)?.box.key ?? "", ...at, label: at });
    }
    cables.push({ wire, points });
  }
  const all = cables.flatMap(({ points }) => points);
  return {
    ...layout,
    width: Math.max(layout.width, ...all.map(({ x }) => x + EDGE)),
    height: Math.max(layout.height, ...all.map(({ y }) => y + EDGE)),
    ports: [...layout.ports, ...ports],
    cables: [...layout.cables, ...cables],
  };
}

const [STUB, EDGE, LANE] = [10, 16, 14];

/** A point at the border of a box at which a tunnel may end, and the point beside it outside the box. */
interface Exit {
  readonly border: Point;
  readonly outside: Point;
}

/** Returns the exits of a box that no port takes: at its sides, then at its bottom and its top. */
function exitsOf({ x, y, width, height }: Frame, taken: readonly Point[]): Exit[] {
  const [left, right, top, bottom] = [x, x + width, y, y + height].map(Math.round) as [number, number, number, number];
  const parts = [2, 1, 3].map((quarter) => quarter / 4);
  const across = parts.map((part) => Math.round(left + part * (right - left)));
  const down = parts.map((part) => Math.round(top + part * (bottom - top)));
  return [
    ...down.flatMap((at) => [
      { border: { x: right, y: at }, outside: { x: right + STUB, y: at } },
      { border: { x: left, y: at }, outside: { x: left - STUB, y: at } },
    ]),
    ...across.flatMap((at) => [
      { border: { x: at, y: bottom }, outside: { x: at, y: bottom + STUB } },
      { border: { x: at, y: top }, outside: { x: at, y: top - STUB } },
    ]),
  ].filter(({ border }) => !taken.some((port) => isNear(port, border)));
}

const isNear = (one: Point, other: Point): boolean => Math.abs(one.x - other.x) + Math.abs(one.y - other.y) < 12;

/** Returns a route for the case that boxes leave no way between its ends. */
function direct(from: Exit | undefined, to: Exit | undefined): Point[] {
  if (from === undefined || to === undefined) return [];
  return [from.outside, { x: from.outside.x, y: to.outside.y }, to.outside];
}

/** Returns the grid with the lines around all obstacles. */
function gridOf({ width, height, boxes, ports, cables, captions }: Layout, ends: readonly Point[]): Grid {
  const ofRacks = captions.map(({ caption, x, head, width: wide }) => ({
    x,
    y: head,
    width: wide,
    height: caption.head.height,
  }));
  const obstacles = [...boxes.flatMap(textsOf), ...ports.flatMap(labelOf), ...ofRacks];
  const beside = [...obstacles, ...boxes];
  const lines = (from: readonly number[], to: readonly number[], size: number, own: readonly number[]) => [
    ...from.flatMap((at) => [at - STUB, at - STUB - LANE]),
    ...to.flatMap((at) => [at + STUB, at + STUB + LANE]),
    ...[EDGE / 2, size - EDGE / 2, size + EDGE, size + EDGE + LANE],
    ...own,
  ];
  const grid = new Grid(
    lines(
      beside.map(({ x }) => x),
      beside.map((one) => one.x + one.width),
      width,
      ends.map(({ x }) => x),
    ).filter((at) => at > 0),
    lines(
      beside.map(({ y }) => y),
      beside.map((one) => one.y + one.height),
      height,
      ends.map(({ y }) => y),
    ).filter((at) => at > 0),
  );
  for (const obstacle of obstacles) grid.block(obstacle);
  for (const { x, y, width: wide, height: high } of boxes) {
    const corners = [
      { x, y },
      { x: x + wide, y },
      { x: x + wide, y: y + high },
      { x, y: y + high },
    ];
    for (const [index, corner] of corners.entries()) grid.avoid(corner, corners[(index + 1) % 4] ?? corner);
  }
  for (const { points } of cables)
    for (const [index, point] of points.slice(1).entries()) grid.avoid(points[index] ?? point, point);
  return grid;
}

/** Returns the parts of a box through which no wire leads: all of it, or its title and its lines if it contains boxes. */
function textsOf({ box, x, y, width, height, head }: Layout["boxes"][number]): Frame[] {
  if (box.inner.length === 0) return [{ x, y, width, height }];
  return [
    { x, y: head + 4, width, height: 20 },
    { x, y: head + 20, width: box.head.width, height: 2 + box.lines.length * ROW },
  ];
}

function labelOf({ link, label }: PlacedPort): Frame[] {
  if (typeof link !== "object") return [];
  const size = portSize(link);
  return [{ x: label.x - size.width / 2, y: label.y, ...size }];
}
