import { expect } from "vitest";
import { allIn } from "../../picture/box.ts";
import { boxesOf } from "../../picture/boxes.ts";
import type { Frame } from "../../picture/geometry.ts";
import { layoutOf } from "../../picture/layout.ts";
import { topologyOf } from "../../picture/topology-of.ts";

/** Returns true if two frames have a part in common. */
export const overlap = (one: Frame, other: Frame): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const holds = (outer: Frame, inner: Frame) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** Expects that boxes do not overlap and contain their text, and that wires are straight and end on ports. */
export async function sound(resources: Parameters<typeof topologyOf>[0]): Promise<void> {
  const topology = topologyOf(resources);
  const { boxes, ports, cables, captions } = await layoutOf(topology);
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const nested = allIn(one.box).includes(other.box);
      const isHeld = nested || (one.box.look === "machine" && holds(one, other));
      expect(isHeld ? holds(one, other) : !overlap(one, other), `${one.box.key} and ${other.box.key}`).toBe(true);
    }
  }
  for (const { box, width } of boxes) expect(width, box.key).toBeGreaterThan(box.head.width - 0.5);
  const leaves = new Map(boxesOf(topology).racks.map((rack) => [rack.key, rack.leaves.map(({ box }) => box.key)]));
  for (const { key, caption, head, ...frame } of captions) {
    const text = { ...frame, y: head, height: caption.head.height };
    expect(holds(frame, text), key).toBe(true);
    for (const one of boxes) {
      const isLeaf = leaves.get(key)?.includes(one.box.key) === true;
      const isAround = one.box.look === "machine" && holds(one, frame);
      expect(isLeaf ? holds(frame, one) : isAround || !overlap(one, frame), `${key} and ${one.box.key}`).toBe(true);
      expect(isAround || !overlap(one, text), `${key} and ${one.box.key}`).toBe(true);
    }
  }
  // A tunnel is routed around the texts of all boxes.
  const texts = boxes.flatMap(({ box, x, y, width, height, head }) =>
    box.inner.length === 0
      ? [{ x, y, width, height }]
      : [{ x, y: head + 6, width: box.head.width, height: box.head.height - 22 }],
  );
  for (const { wire, points } of cables.filter(({ wire: { isTunnel } }) => isTunnel))
    for (const [index, to] of points.slice(1).entries()) {
      const from = points[index]!;
      const part = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y) };
      const line = { ...part, width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) };
      expect(
        texts.filter((text) => overlap(line, text)),
        wire.name,
      ).toEqual([]);
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
