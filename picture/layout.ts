import Elk, { type ElkNode, type ElkPort } from "elkjs/lib/elk.bundled.js";
import { type Box, boxesOf, isEndBox, PAD, portSize, type Rack, ROW } from "./boxes.ts";
import { upperEnds } from "./edge-direction.ts";
import { align, pointsOf, snapToPorts } from "./edge-points.ts";
import type { Cable, Layout, PlacedPort, Point } from "./geometry.ts";
import { packRack } from "./rack.ts";
import type { Topology, Wire } from "./topology.ts";

/** Computes the layout of a topology. The same topology always has the same layout. */
export async function layoutOf(topology: Topology): Promise<Layout> {
  const { boxes, racks, free } = boxesOf(topology);
  const upper = upperEnds(topology);
  const packs = racks.map((rack) => ({ rack, pack: packRack(rack) }));
  const wiring: Wiring = { racks, upper, farEnds: farEndsOf(free) };
  const graph: ElkNode = {
    id: "root",
    children: [
      ...packs.map(({ rack, pack }) => ({
        id: rack.key,
        width: pack.width,
        height: pack.height,
        layoutOptions: { "elk.portConstraints": "FIXED_POS" },
        ports: [{ id: `${rack.key} out`, x: pack.out - PORT / 2, y: pack.height, width: PORT, height: 0 }],
      })),
      ...boxes.map((box) => nodeOf(box, wiring)),
    ],
    edges: [
      ...racks.map(({ key }) => ({ id: key, sources: [`${key} out`], targets: [`${key} in`] })),
      ...free.map(({ key, ends: [a, b] }) => {
        const [from, to] = upper.has(a) ? [a, b] : [b, a];
        return { id: key, sources: [from], targets: [to] };
      }),
    ],
  };
  const lay = (more: Readonly<Record<string, string>>) =>
    new Elk.default().layout({ ...graph, layoutOptions: { ...ROOT, ...more } });
  const straightDown = await lay({});
  const laid = isRibbon(straightDown) ? await lay(WRAPPED) : straightDown;
  return toLayout(laid, boxes, packs, free, wiring);
}

const PORT = 8;

/** How the boxes are connected. */
interface Wiring {
  readonly racks: readonly Rack[];
  /** The upper end of each wire. */
  readonly upper: ReadonlySet<string>;
  /** The other end of each wire, by each end. */
  readonly farEnds: ReadonlyMap<string, string>;
}

const farEndsOf = (wires: readonly Wire[]): ReadonlyMap<string, string> =>
  new Map(
    wires.flatMap(({ ends: [a, b] }) => [
      [a, b],
      [b, a],
    ]),
  );

/** Returns true if a picture is so much higher than wide that it is unreadable as a whole. */
const isRibbon = ({ width = 0, height = 0 }: ElkNode): boolean => height > 1200 && height > 2.5 * width;

/** Continues a row of routers at the top of a new column. Where this is not needed, it adds bends and detours. */
const WRAPPED = { "elk.layered.wrapping.strategy": "SINGLE_EDGE" };

const ROOT = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.json.edgeCoords": "ROOT",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  // Places lower nodes below the middle of their upper nodes.
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.spacing.nodeNode": "32",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.componentComponent": "40",
  "elk.aspectRatio": "1.6",
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
};

function nodeOf(box: Box, wiring: Wiring): ElkNode {
  const { racks, upper } = wiring;
  const { above, below, headBelow } = roomOf(box, wiring);
  const { width, height } = box.head;
  const side = PAD + 4 + Math.max(0, (width - 2 * PAD - 8 - innerWidth(box)) / 2);
  const shared = racks.filter(({ hub }) => hub === box.key);
  return {
    id: idOf(box),
    layoutOptions: {
      "elk.portLabels.placement": "[INSIDE]",
      // ELK routes the wires inside a parent node before it considers a minimum size or fixed sides, so such a node gets its size
      // from its padding.
      ...(box.inner.length > 0
        ? { "elk.nodeSize.constraints": "[PORTS, PORT_LABELS]" }
        : {
            "elk.portConstraints": "FIXED_SIDE",
            "elk.nodeSize.constraints": "[PORTS, PORT_LABELS, MINIMUM_SIZE]",
            "elk.nodeSize.minimum": `(${width}, ${above + height + below})`,
          }),
      "elk.padding": `[top=${above + (headBelow ? 16 : height + 4)},left=${side},bottom=${below + (headBelow ? height : PAD + 4)},right=${side}]`,
      "elk.spacing.labelPortHorizontal": "0",
      "elk.spacing.labelPortVertical": "4",
      "elk.spacing.portPort": "20",
    },
    ports: [
      ...[...(isEndBox(box) ? [box.key] : []), ...box.joints].map((key) => portOf(key, NO_LABEL, upper.has(key))),
      ...box.ports.map((link) => portOf(link.key, portSize(link), upper.has(link.key))),
      ...shared.map(({ key }) => portOf(`${key} in`, { width: 80, height: ROW }, false)),
    ],
    children: box.inner.map((inner) => nodeOf(inner, wiring)),
  };
}

const NO_LABEL = { width: 0, height: 0 };

/** Returns the minimum width of the inner boxes, side by side. */
const innerWidth = ({ inner }: Box): number =>
  inner.reduce((sum, { head, ports }) => {
    const labels = ports.reduce((wide, link) => wide + portSize(link).width + 20, 0);
    return sum + Math.max(head.width, labels) + 32;
  }, -32);

/** Returns the space that a box needs above and below its head for the labels of its ports, and whether its head is at the bottom. */
function roomOf(box: Box, { racks, upper, farEnds }: Wiring) {
  const heights = (down: boolean) =>
    box.ports.filter(({ key }) => upper.has(key) === down).map((link) => portSize(link).height + 8);
  const shared = racks.some(({ hub }) => hub === box.key) ? [ROW + 8] : [];
  // The wires of the inner boxes that leave the box cross its head, unless that is on their other side.
  const inner = new Set(box.inner.flatMap(endsIn));
  const leaving = [...inner].filter((end) => farEnds.has(end) && !inner.has(farEnds.get(end) ?? ""));
  const downwards = leaving.filter((end) => upper.has(end)).length;
  const upwards =
    leaving.length - downwards + racks.filter(({ hub }) => box.inner.some(({ key }) => key === hub)).length;
  return {
    above: Math.max(0, ...heights(false), ...shared),
    below: Math.max(0, ...heights(true)),
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

const portOf = (id: string, label: { width: number; height: number }, down: boolean): ElkPort => ({
  id,
  width: PORT,
  height: PORT,
  labels: [{ text: id, ...label }],
  layoutOptions: { "elk.port.borderOffset": String(-PORT / 2), "elk.port.side": down ? "SOUTH" : "NORTH" },
});

type Packs = readonly { readonly rack: Rack; readonly pack: ReturnType<typeof packRack> }[];

function toLayout(laid: ElkNode, boxes: readonly Box[], packs: Packs, free: readonly Wire[], wiring: Wiring): Layout {
  const known = new Map(boxes.flatMap((box) => [box, ...box.inner]).map((box) => [idOf(box), box]));
  const links = new Map([...known.values()].flatMap((box) => box.ports.map((link) => [link.key, link] as const)));
  const [frames, ports, cables]: [Layout["boxes"][number][], PlacedPort[], Cable[]] = [[], [], []];
  const routes = new Map((laid.edges ?? []).map((edge) => [edge.id, pointsOf(edge)]));

  const visit = (node: ElkNode, at: Point): void => {
    const [box, own] = [known.get(node.id), { x: at.x + (node.x ?? 0), y: at.y + (node.y ?? 0) }];
    if (box !== undefined) {
      const { above, headBelow, below } = roomOf(box, wiring);
      const height = node.height ?? 0;
      const head = headBelow ? height - below - box.head.height : above;
      frames.push({ box, ...own, width: node.width ?? 0, height, head: own.y + head });
      for (const port of node.ports ?? []) {
        const corner = { x: own.x + (port.x ?? 0), y: own.y + (port.y ?? 0) };
        const label = port.labels?.[0];
        const rack = packs.find((one) => `${one.rack.key} in` === port.id)?.rack;
        const link = rack?.leaves.length ?? links.get(port.id);
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
      points: snapToPorts(
        points,
        wire.ends.map((end) => centre.get(end)),
      ),
    });
  }
  for (const [index, cable] of cables.entries()) {
    const hub = packs.find(({ rack }) => rack.leaves.some(({ wire }) => wire === cable.wire));
    const end = hub && centre.get(`${hub.rack.key} in`);
    if (end !== undefined)
      cables[index] = {
        ...cable,
        points: [...cable.points.slice(0, -1), { x: cable.points.at(-2)?.x ?? end.x, y: end.y }],
      };
  }
  return {
    width: laid.width ?? 0,
    height: laid.height ?? 0,
    boxes: frames,
    ports,
    cables: cables.map((cable) => ({ ...cable, points: align(cable.points) })),
  };
}

const idOf = (box: Box): string => (isEndBox(box) ? `${box.key} box` : box.key);
