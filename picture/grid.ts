import type { Frame, Point } from "./geometry.ts";

/** A grid of horizontal and vertical lines, on which wires are routed around obstacles. */
export class Grid {
  readonly #xs: readonly number[];
  readonly #ys: readonly number[];
  /** The additional cost of each step to the right, and of each step down; infinite through an obstacle. */
  readonly #costs: readonly [Float64Array, Float64Array];

  constructor(xs: readonly number[], ys: readonly number[]) {
    [this.#xs, this.#ys] = [sorted(xs), sorted(ys)];
    const size = this.#xs.length * this.#ys.length;
    this.#costs = [new Float64Array(size), new Float64Array(size)];
  }

  /** Keeps routes out of a rectangle. */
  block({ x, y, width, height }: Frame): void {
    const inside = (at: number, from: number, length: number) => at > from && at < from + length;
    this.#steps({ x, y, width, height }, (from, to) =>
      from.y === to.y
        ? inside(from.y, y, height) && from.x < x + width && to.x > x
          ? Infinity
          : 0
        : inside(from.x, x, width) && from.y < y + height && to.y > y
          ? Infinity
          : 0,
    );
  }

  /** Makes it expensive to draw a route along a line, and a little to cross it. */
  avoid(one: Point, other: Point): void {
    const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)];
    const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)];
    const isFlat = bottom - top < right - left;
    const area = { x: left - NEAR, y: top - NEAR, width: right - left + 2 * NEAR, height: bottom - top + 2 * NEAR };
    this.#steps(area, (from, to) => {
      const isTouched = from.x <= right + NEAR && to.x >= left - NEAR && from.y <= bottom + NEAR && to.y >= top - NEAR;
      if (!isTouched) return 0;
      if (isFlat === (from.y === to.y)) return 50 + 3 * (to.x - from.x + to.y - from.y);
      return from.x < right && to.x > left && from.y < bottom && to.y > top ? CROSSING : 0;
    });
  }

  /** Returns the corners of the cheapest route from one of some points to one of others; undefined if obstacles leave none. */
  route(starts: readonly Point[], goals: readonly Point[]): Point[] | undefined {
    const [from, to] = [new Set(starts.map((point) => this.#index(point))), new Set(goals.map((p) => this.#index(p)))];
    // A state is a point and the direction in which the route arrives at it: 0 is horizontal, 1 vertical.
    const cost = new Map<number, number>();
    const came = new Map<number, number>();
    const open = new Queue();
    for (const start of from)
      for (const axis of [0, 1] as const) {
        cost.set(2 * start + axis, 0);
        open.push(2 * start + axis, 0);
      }
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      const [at, axis] = [state >> 1, state & 1];
      if (to.has(at)) return this.#corners(state, came);
      const soFar = cost.get(state) ?? 0;
      for (const { next, along, price } of this.#neighbours(at)) {
        const total = soFar + price + (along === axis ? 0 : BEND);
        const key = 2 * next + along;
        if (total >= (cost.get(key) ?? Infinity)) continue;
        cost.set(key, total);
        came.set(key, state);
        open.push(key, total);
      }
    }
    return undefined;
  }

  #index({ x, y }: Point): number {
    return this.#ys.indexOf(Math.round(y)) * this.#xs.length + this.#xs.indexOf(Math.round(x));
  }

  #point(index: number): Point {
    const wide = this.#xs.length;
    return { x: this.#xs[index % wide] ?? 0, y: this.#ys[Math.floor(index / wide)] ?? 0 };
  }

  *#neighbours(at: number): Generator<{ next: number; along: 0 | 1; price: number }> {
    const [wide, size] = [this.#xs.length, this.#xs.length * this.#ys.length];
    const here = this.#point(at);
    for (const [along, step] of [
      [0, 1],
      [0, -1],
      [1, wide],
      [1, -wide],
    ] as const) {
      const next = at + step;
      const isOutside = along === 0 ? Math.floor(next / wide) !== Math.floor(at / wide) : next < 0 || next >= size;
      const extra = isOutside ? Infinity : (this.#costs[along][Math.min(at, next)] ?? Infinity);
      if (extra === Infinity) continue;
      const there = this.#point(next);
      yield { next, along, price: Math.abs(there.x - here.x) + Math.abs(there.y - here.y) + extra };
    }
  }

  /** Adds to the cost of each step that touches an area. */
  #steps({ x, y, width, height }: Frame, more: (from: Point, to: Point) => number): void {
    const [wide, high] = [this.#xs.length, this.#ys.length];
    const [columns, rows] = [touching(this.#xs, x, x + width), touching(this.#ys, y, y + height)];
    const add = (costs: Float64Array, index: number, next: number): void => {
      costs[index] = (costs[index] ?? 0) + more(this.#point(index), this.#point(next));
    };
    for (const row of rows)
      for (const column of columns) {
        const index = row * wide + column;
        const [right, down] = this.#costs;
        if (column + 1 < wide) add(right, index, index + 1);
        if (row + 1 < high) add(down, index, index + wide);
      }
  }

  #corners(end: number, came: ReadonlyMap<number, number>): Point[] {
    const points: Point[] = [];
    for (let state: number | undefined = end; state !== undefined; state = came.get(state))
      points.unshift(this.#point(state >> 1));
    return points.filter(({ x, y }, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (before === undefined || after === undefined) return true;
      return !((before.x === x && x === after.x) || (before.y === y && y === after.y));
    });
  }
}

const [NEAR, BEND, CROSSING] = [6, 60, 25];

const sorted = (values: readonly number[]): number[] =>
  [...new Set(values.map(Math.round))].sort((one, other) => one - other);

/** Returns the indexes of the lines from which a step begins that touches a range. */
const touching = (lines: readonly number[], from: number, to: number): number[] =>
  [...lines.keys()].filter((index) => (lines[index] ?? 0) <= to && (lines[index + 1] ?? Infinity) >= from);

/** A queue of states, the cheapest one first; of two with one cost, the earlier one. */
class Queue {
  readonly #heap: { readonly state: number; readonly cost: number; readonly count: number }[] = [];
  #count = 0;

  push(state: number, cost: number): void {
    this.#heap.push({ state, cost, count: (this.#count += 1) });
    for (let at = this.#heap.length - 1; at > 0; ) {
      const up = (at - 1) >> 1;
      if (!this.#isBefore(at, up)) return;
      this.#swap(at, up);
      at = up;
    }
  }

  pop(): number | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || this.#heap.length === 0) return first?.state;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = [left, right].reduce((best, one) => (this.#isBefore(one, best) ? one : best), at);
      if (least === at) return first.state;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    if (left === undefined || right === undefined) return false;
    return left.cost < right.cost || (left.cost === right.cost && left.count < right.count);
  }

  #swap(one: number, other: number): void {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    if (left !== undefined && right !== undefined) [this.#heap[one], this.#heap[other]] = [right, left];
  }
}
