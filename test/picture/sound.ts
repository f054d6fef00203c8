import { expect } from "vitest";
import type { Frame } from "../../picture/geometry.ts";
import { layoutOf } from "../../picture/layout.ts";
import { topologyOf } from "../../picture/topology-of.ts";

const overlap = (one: Frame, other: Frame) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const holds = (outer: Frame, inner: Frame) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** Expects that boxes stand apart, and that wires are straight and end on ports. */
export async function sound(resources: Parameters<typeof topologyOf>[0]): Promise<void> {
  const topology = topologyOf(resources);
  const { boxes, ports, cables } = await layoutOf(topology);
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const nested = one.box.inner.includes(other.box);
      expect(nested ? holds(one, other) : !overlap(one, other), `${one.box.key} and ${other.box.key}`).toBe(true);
    }
  }
  expect(cables.map(({ wire }) => wire.key).sort()).toEqual(topology.wires.map(({ key }) => key).sort());
  for (const { points } of cables) {
    for (const end of [points[0]!, points.at(-1)!]) {
      expect(ports.some(({ x, y }) => Math.abs(x - end.x) <= 4 && Math.abs(y - end.y) <= 4)).toBe(true);
    }
    for (const [index, to] of points.slice(1).entries()) {
      const from = points[index]!;
      expect(Math.min(Math.abs(from.x - to.x), Math.abs(from.y - to.y))).toBeLessThan(0.5);
    }
  }
}
