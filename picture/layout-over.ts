import { allIn } from "./box.ts";
import { boxesOf } from "./boxes.ts";
import { type Divided, divide } from "./divide.ts";
import { upperEnds } from "./edge-direction.ts";
import type { Layout, Point } from "./geometry.ts";
import { layoutOf } from "./layout.ts";
import type { Topology } from "./topology.ts";

/**
 * Computes the layout of a topology after a change. All boxes, ports and wires of the topology before the change have the coordinates that
 * they have in its own picture. The additions are below, in a part of their own.
 */
export async function layoutOver(before: Topology, after: Topology): Promise<Layout> {
  if (before.places.length === 0) return layoutOf(after);
  const divided = divide(before, after);
  const upper = withParts(await layoutOf(before), divided.kept);
  if (divided.added.places.length === 0) return upper;
  const lower = await layoutOf(divided.added, upperEnds(after));
  const down = upper.height + GAP;
  return {
    width: Math.max(upper.width, lower.width),
    height: down + lower.height,
    additions: upper.height,
    boxes: [...upper.boxes, ...lower.boxes.map((frame) => ({ ...frame, y: frame.y + down, head: frame.head + down }))],
    ports: [
      ...upper.ports,
      ...lower.ports.map((port) => ({ ...port, y: port.y + down, label: moved(port.label, down) })),
    ],
    captions: [
      ...upper.captions,
      ...lower.captions.map((frame) => ({ ...frame, y: frame.y + down, head: frame.head + down })),
    ],
    cables: [
      ...upper.cables,
      ...lower.cables.map((cable) => ({ ...cable, points: cable.points.map((point) => moved(point, down)) })),
    ],
  };
}

/** The height of the line between the two parts. */
const GAP = 16;

const moved = ({ x, y }: Point, down: number): Point => ({ x, y: y + down });

/** Puts the parts of another topology with the same keys into a layout. */
function withParts(layout: Layout, kept: Divided["kept"]): Layout {
  const { boxes, racks } = boxesOf(kept);
  const own = [...boxes.flatMap(allIn), ...racks.flatMap(({ leaves }) => leaves.map(({ box }) => box))];
  const boxByKey = new Map(own.map((box) => [box.key, box]));
  const links = new Map([
    ...kept.places.flatMap((place) => place.links.map((link) => [link.key, link] as const)),
    ...racks.flatMap(({ leaves }) => leaves.map(({ port }) => [port.key, port] as const)),
  ]);
  const captions = new Map(racks.map(({ key, caption }) => [key, caption]));
  const wires = new Map(kept.wires.map((wire) => [wire.key, wire]));
  return {
    ...layout,
    boxes: layout.boxes.map((frame) => ({ ...frame, box: boxByKey.get(frame.box.key) ?? frame.box })),
    ports: layout.ports.map((port) => ({
      ...port,
      link: typeof port.link === "object" ? (links.get(port.link.key) ?? port.link) : port.link,
    })),
    captions: layout.captions.map((frame) => ({ ...frame, caption: captions.get(frame.key) ?? frame.caption })),
    cables: layout.cables.map((cable) => ({
      ...cable,
      wire: wires.get(cable.wire.key) ?? cable.wire,
      peer: cable.peer && (links.get(cable.peer.key) ?? cable.peer),
    })),
  };
}
