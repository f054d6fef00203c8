import type { ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Point } from "./geometry.ts";

/** Returns the points of a route, as ELK reports it. */
export const pointsOf = (edge: NonNullable<ElkNode["edges"]>[number]): Point[] =>
  (edge.sections ?? []).flatMap(({ startPoint, bendPoints, endPoint }) =>
    [startPoint, ...(bendPoints ?? []), endPoint].map(({ x, y }) => ({ x, y })),
  );

/** Moves the ends of a route from the borders of its ports to their centers, together with the parts that lead there. */
export function snapToPorts(points: Point[], ends: readonly (Point | undefined)[]): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return points;
  const near = (at: Point): Point =>
    ends.filter((end) => end !== undefined).sort((x, y) => gap(x, at) - gap(y, at))[0] ?? at;
  const [from, to] = [near(first), near(last)];
  const inner = points.slice(1, -1);
  const isStraight = [...inner, to].every(({ x }) => isNear(x, from.x));
  if (isStraight) {
    const middle = (from.x + to.x) / 2;
    return [
      { x: middle, y: from.y },
      { x: middle, y: to.y },
    ];
  }
  const [begin, end] = [inner[0]?.x ?? from.x, inner.at(-1)?.x ?? from.x];
  // In rare cases ELK moves boxes after it has routed a wire between them, and leaves the bends where they were.
  if (!isNear(begin, from.x) || !isNear(end, to.x)) return directRoute(from, to);
  const bend = inner.findIndex(({ x }) => x !== begin);
  if (bend < 0) return directRoute(from, to);
  const lead = inner.map(({ x, y }, index) => ({ x: index < bend ? from.x : x === end ? to.x : x, y }));
  return [from, ...lead, to];
}

/** Returns a direct route from port to port: down, across and down. */
function directRoute(from: Point, to: Point): Point[] {
  const half = (from.y + to.y) / 2;
  return [from, { x: from.x, y: half }, { x: to.x, y: half }, to];
}

/** Removes offsets of a few pixels, smaller than a port, between the parts of a route. */
export function align(points: readonly Point[]): Point[] {
  const done: Point[] = [];
  for (const point of points) {
    const { x, y } = done.at(-1) ?? { x: Infinity, y: Infinity };
    done.push({ x: isNear(point.x, x) ? x : point.x, y: isNear(point.y, y) ? y : point.y });
  }
  return done;
}

const gap = (one: Point, other: Point): number => Math.abs(one.x - other.x) + Math.abs(one.y - other.y);

/** Returns true if two parts of a route are at most a few pixels apart, fewer than the size of a port. */
const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= 4;
