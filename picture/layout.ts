import type { ElkNode } from "elkjs/lib/elk.bundled.js";
import { allIn, type Box, portSize, ROW } from "./box.ts";
import { boxesOf } from "./boxes.ts";
import { upperEnds } from "./edge-direction.ts";
import { align, pointsOf, snapToPorts } from "./edge-points.ts";
import { farEndsOf, idOf, leastWidth, nodesIn, PORT, roomOf, type Wiring } from "./elk-node.ts";
import type { Cable, Layout, PlacedPort, Point } from "./geometry.ts";
import { packRack } from "./rack.ts";
import type { Topology, Wire } from "./topology.ts";
import { withTunnels } from "./tunnel-routes.ts";

/**
 * Computes the layout of a topology. The same topology always has the same layout.
 *
 * @param upper The upper end of each wire.
 */
export async function layoutOf(topology: Topology, upper = upperEnds(topology)): Promise<Layout> {
  const { boxes, racks, free: wires } = boxesOf(topology);
  const [free, tunnels] = [wires.filter(({ isTunnel }) => !isTunnel), wires.filter(({ isTunnel }) => isTunnel)];
  const packs = racks.map((rack) => {
    const isBelow = rack.leaves.some(({ peer }) => upper.has(peer.key));
    return { rack, pack: packRack(rack, isBelow), isBelow };
  });
  const wiring: Wiring = { packs, upper, farEnds: farEndsOf(free), narrow: new Map() };
  const parts = { boxes, free, wiring };
  let layout = await arranged(parts);
  // ELK gives a box with inner boxes no minimum width, and how many of them it puts side by side is not known before.
  for (let left = 3; left > 0; left -= 1) {
    const missing = layout.boxes.map(({ box, width }) => ({ box, more: leastWidth(box, wiring) - width }));
    const narrow = missing.filter(({ box, more }) => box.inner.length > 0 && more > 0.1);
    if (narrow.length === 0) break;
    for (const { box, more } of narrow) wiring.narrow.set(box.key, (wiring.narrow.get(box.key) ?? 0) + more);
    layout = await arranged(parts);
  }
  return withTunnels(layout, tunnels);
}

/** The parts of a picture: boxes, and the wires between them except tunnels. */
interface Parts {
  readonly boxes: readonly Box[];
  readonly free: readonly Wire[];
  readonly wiring: Wiring;
}

async function arranged({ boxes, free, wiring }: Parts): Promise<Layout> {
  const graph: ElkNode = {
    id: "root",
    children: nodesIn(undefined, boxes, wiring),
    edges: [
      ...wiring.packs.map(({ rack: { key }, isBelow }) => {
        const [out, into] = [`${key} out`, `${key} in`];
        return { id: key, sources: [isBelow ? into : out], targets: [isBelow ? out : into] };
      }),
      ...free.map(({ key, ends: [a, b] }) => {
        const [from, to] = wiring.upper.has(a) ? [a, b] : [b, a];
        return { id: key, sources: [from], targets: [to] };
      }),
    ],
  };
  // Loaded here, because it takes longer to load than most commands take.
  const { default: elk } = await import("elkjs/lib/elk.bundled.js");
  const lay = (more: Readonly<Record<string, string>>) =>
    new elk.default().layout({ ...graph, layoutOptions: { ...ROOT, ...more } });
  const straightDown = await lay({});
  const laid = isRibbon(straightDown) ? await lay(WRAPPED) : straightDown;
  return toLayout(laid, { boxes, free, wiring });
}

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

function toLayout(laid: ElkNode, { boxes, free, wiring }: Parts): Layout {
  const { packs } = wiring;
  const known = new Map(boxes.flatMap(allIn).map((box) => [idOf(box), box]));
  const links = new Map([...known.values()].flatMap((box) => box.ports.map((link) => [link.key, link] as const)));
  const [frames, ports, cables]: [Layout["boxes"][number][], PlacedPort[], Cable[]] = [[], [], []];
  const captions: Layout["captions"][number][] = [];
  const routes = new Map((laid.edges ?? []).map((edge) => [edge.id, pointsOf(edge)]));

  const visit = (node: ElkNode, at: Point): void => {
    const [box, own] = [known.get(node.id), { x: at.x + (node.x ?? 0), y: at.y + (node.y ?? 0) }];
    if (box !== undefined) {
      const { above, headBelow, below } = roomOf(box, wiring);
      const height = node.height ?? 0;
      const head = headBelow ? height - below - box.head.height : above;
      frames.push({ box, ...own, width: node.width ?? 0, height, head: own.y + head });
      for (const port of node.ports ?? []) {
        const [top, middle] = [own.y + (port.y ?? 0), own.x + (port.x ?? 0) + (port.width ?? PORT) / 2];
        const rack = packs.find((one) => `${one.rack.key} in` === port.id)?.rack;
        const link = rack?.leaves.length ?? links.get(port.id);
        const isAtTop = top < own.y + height / 2;
        const text = { x: middle, y: isAtTop ? top + PORT : top - 1 - labelHeight(link) };
        ports.push({ link, key: port.id, owner: box.key, x: middle, y: top + PORT / 2, label: text });
      }
    }
    const pack = packs.find(({ rack }) => rack.key === node.id);
    if (pack !== undefined) {
      const route = routes.get(pack.rack.key) ?? [];
      const moved = pack.pack.at(own, pack.isBelow ? route.toReversed() : route);
      frames.push(...moved.boxes);
      ports.push(...moved.ports);
      cables.push(...moved.cables);
      captions.push(...moved.captions);
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
    captions,
  };
}

const labelHeight = (link: PlacedPort["link"]): number => (typeof link === "object" ? portSize(link).height : ROW);
