import Elk, { type ElkNode, type ElkPort } from "elkjs/lib/elk.bundled.js";
import { type Box, boxesOf, PAD, portSize, type Rack } from "./boxes.ts";
import { packed } from "./rack.ts";
import type { Link, Topology, Wire } from "./topology.ts";

/** A picture: where everything stands. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Boxes, those that hold others first. */
  readonly boxes: readonly (Frame & { readonly box: Box })[];
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
  /** The interface, or how many share the port. */
  readonly link: Link | number;
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

/** Lays a topology out. The same topology always gets the same layout. */
export async function layoutOf(topology: Topology): Promise<Layout> {
  const { boxes, racks, free } = boxesOf(topology);
  const depth = depths(topology);
  const packs = racks.map((rack) => ({ rack, pack: packed(rack) }));
  const graph: ElkNode = {
    id: "root",
    layoutOptions: ROOT,
    children: [
      ...packs.map(({ rack, pack }) => ({
        id: rack.key,
        width: pack.width,
        height: pack.height,
        layoutOptions: { "elk.portConstraints": "FIXED_POS" },
        ports: [{ id: `${rack.key} out`, x: pack.out - PORT / 2, y: pack.height, width: PORT, height: 0 }],
      })),
      ...boxes.map((box) => nodeOf(box, racks)),
    ],
    edges: [
      ...racks.map(({ key }) => ({ id: key, sources: [`${key} out`], targets: [`${key} in`] })),
      ...free.map(({ key, ends: [a, b] }) => {
        const [from, to] = (depth.get(a) ?? 0) >= (depth.get(b) ?? 0) ? [a, b] : [b, a];
        return { id: key, sources: [from], targets: [to] };
      }),
    ],
  };
  const laid = await new Elk.default().layout(graph);
  return placed(laid, boxes, packs, free);
}

const PORT = 8;

const ROOT = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.json.edgeCoords": "ROOT",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.spacing.nodeNode": "32",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.componentComponent": "40",
  "elk.aspectRatio": "1.6",
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
};

function nodeOf(box: Box, racks: readonly Rack[]): ElkNode {
  const shared = racks.filter(({ hub }) => hub === box.key);
  return {
    id: box.key,
    layoutOptions: {
      "elk.portLabels.placement": "[INSIDE]",
      "elk.nodeSize.constraints": "[PORTS, PORT_LABELS, MINIMUM_SIZE]",
      "elk.nodeSize.options": "[DEFAULT_MINIMUM_SIZE, COMPUTE_PADDING]",
      "elk.nodeSize.minimum": `(${box.head.width}, ${box.head.height + (box.ports.length > 0 ? 2 * ROOM : 0)})`,
      "elk.padding": `[top=${box.head.height + 14},left=${PAD + 4},bottom=${PAD + 4},right=${PAD + 4}]`,
      "elk.spacing.labelPortHorizontal": "0",
      "elk.spacing.labelPortVertical": "4",
      "elk.spacing.portPort": "20",
      "elk.port.borderOffset": String(-PORT / 2),
    },
    ports: [
      ...box.ports.map((link) => portOf(link.key, portSize(link))),
      ...shared.map(({ key }) => portOf(`${key} in`, { width: 80, height: 17 })),
    ],
    children: box.inner.map((inner) => nodeOf(inner, racks)),
    ...(box.look === "link" && { ports: [portOf(`${box.key}`, { width: 0, height: 0 })], id: `${box.key} box` }),
  };
}

/** Room above and below the head, where the text of a port may come to stand. */
const ROOM = 34;

const portOf = (id: string, label: { width: number; height: number }): ElkPort => ({
  id,
  width: PORT,
  height: PORT,
  labels: [{ text: id, ...label }],
  layoutOptions: { "elk.port.borderOffset": String(-PORT / 2) },
});

/** How far each interface is from the lab host, or from the busiest place where nothing leads to it. Wires lead down to it. */
function depths({ places, wires }: Topology): ReadonlyMap<string, number> {
  const placeOf = new Map(places.flatMap((place) => place.links.map((link) => [link.key, place.key] as const)));
  const next = new Map(places.map(({ key }) => [key, [] as string[]]));
  for (const {
    ends: [a, b],
  } of wires) {
    const [left, right] = [placeOf.get(a) ?? "", placeOf.get(b) ?? ""];
    next.get(left)?.push(right);
    next.get(right)?.push(left);
  }
  const far = new Map<string, number>();
  const starts = [...places].sort((x, y) => Number(y.isHost) - Number(x.isHost) || y.links.length - x.links.length);
  for (const { key } of starts) {
    const queue = far.has(key) ? [] : [key];
    if (queue.length > 0) far.set(key, 0);
    for (const at of queue) {
      for (const to of next.get(at) ?? []) {
        if (far.has(to)) continue;
        far.set(to, (far.get(at) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  return new Map([...placeOf].map(([link, place]) => [link, far.get(place) ?? 0]));
}

type Packs = readonly { readonly rack: Rack; readonly pack: ReturnType<typeof packed> }[];

function placed(laid: ElkNode, boxes: readonly Box[], packs: Packs, free: readonly Wire[]): Layout {
  const known = new Map(boxes.flatMap((box) => [box, ...box.inner]).map((box) => [idOf(box), box]));
  const links = new Map([...known.values()].flatMap((box) => box.ports.map((link) => [link.key, link] as const)));
  const [frames, ports, cables]: [Layout["boxes"][number][], PlacedPort[], Cable[]] = [[], [], []];
  const routes = new Map((laid.edges ?? []).map((edge) => [edge.id, pointsOf(edge)]));

  const visit = (node: ElkNode, at: Point): void => {
    const [box, own] = [known.get(node.id), { x: at.x + (node.x ?? 0), y: at.y + (node.y ?? 0) }];
    if (box !== undefined) {
      frames.push({ box, ...own, width: node.width ?? 0, height: node.height ?? 0 });
      for (const port of node.ports ?? []) {
        const corner = { x: own.x + (port.x ?? 0), y: own.y + (port.y ?? 0) };
        const label = port.labels?.[0];
        const rack = packs.find((one) => `${one.rack.key} in` === port.id)?.rack;
        const link = rack?.leaves.length ?? links.get(port.id) ?? (box.subject as Link);
        const text = { x: corner.x + (label?.x ?? 0), y: corner.y + (label?.y ?? 0) };
        ports.push({ link, key: port.id, owner: box.key, x: corner.x + PORT / 2, y: corner.y + PORT / 2, label: text });
      }
    }
    const pack = packs.find(({ rack }) => rack.key === node.id);
    if (pack !== undefined) {
      const moved = pack.pack.at(own, routes.get(pack.rack.key) ?? []);
      frames.push(...moved.boxes);
      ports.push(...moved.ports);
      cables.push(...moved.cables);
    }
    for (const child of node.children ?? []) visit(child, box === undefined && pack === undefined ? at : own);
  };
  visit(laid, { x: 0, y: 0 });
  const centre = new Map(ports.map((port) => [port.key, port]));
  for (const wire of free) {
    const points = [...(routes.get(wire.key) ?? [])];
    cables.push({
      wire,
      points: met(
        points,
        wire.ends.map((end) => centre.get(end)),
      ),
    });
  }
  for (const [index, cable] of cables.entries()) {
    const hub = packs.find(({ rack }) => rack.leaves.some(({ wire }) => wire === cable.wire));
    const end = hub && centre.get(`${hub.rack.key} in`);
    if (end !== undefined) cables[index] = { ...cable, points: [...cable.points.slice(0, -1), { x: end.x, y: end.y }] };
  }
  return { width: laid.width ?? 0, height: laid.height ?? 0, boxes: frames, ports, cables };
}

const idOf = (box: Box): string => (box.look === "link" ? `${box.key} box` : box.key);

/** Brings the ends of a route from the borders of its ports to their middles. */
function met(points: Point[], ends: readonly (Point | undefined)[]): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return points;
  const near = (at: Point): Point =>
    ends.filter((end) => end !== undefined).sort((x, y) => gap(x, at) - gap(y, at))[0] ?? at;
  const [from, to] = [near(first), near(last)];
  return [{ x: from.x, y: from.y }, ...points.slice(1, -1), { x: to.x, y: to.y }];
}

const gap = (one: Point, other: Point): number => Math.abs(one.x - other.x) + Math.abs(one.y - other.y);

const pointsOf = (edge: NonNullable<ElkNode["edges"]>[number]): Point[] =>
  (edge.sections ?? []).flatMap(({ startPoint, bendPoints, endPoint }) =>
    [startPoint, ...(bendPoints ?? []), endPoint].map(({ x, y }) => ({ x, y })),
  );
