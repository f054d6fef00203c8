import { type Box, headOf, LABEL, labelled, type Rack } from "./box.ts";
import { racksOf } from "./racks.ts";
import type { Link, Machine, Place, Topology, Wire } from "./topology.ts";

/** Divides a topology into boxes that stand alone and racks of leaves. */
export function boxesOf(topology: Topology): { boxes: Box[]; racks: Rack[]; free: Wire[] } {
  const { places, machines, wires } = topology;
  const links = new Map(places.flatMap((place) => place.links.map((link) => [link.key, { link, place }] as const)));
  const tunnels = new Set(wires.flatMap(({ isTunnel, ends }) => (isTunnel ? ends : [])));
  const within = new Set(
    wires.flatMap(({ ends: [a, b] }) => (links.get(a)?.place === links.get(b)?.place ? [a, b] : [])),
  );
  const machineOf = (place: Place | undefined): Machine | undefined =>
    machines.find(({ host }) => place !== undefined && host === place.host);
  const boxes = places.map((place) => boxOf(place, within, tunnels, machines.length > 0));
  const racks = racksOf(topology, boxes, (place) => machineOf(place)?.key);
  const packed = new Set(racks.flatMap(({ leaves }) => leaves.map(({ wire }) => wire)));
  const gone = new Set(racks.flatMap(({ leaves }) => leaves.flatMap(({ box, peer }) => [box.key, peer.key])));
  const kept = boxes.filter(({ key }) => !gone.has(key)).map((box) => without(box, gone));
  const placed = Map.groupBy(kept, ({ subject }) => machineOf("links" in subject ? subject : undefined));
  return {
    boxes: [
      ...(placed.get(undefined) ?? []),
      ...machines.map((machine) => machineBox(machine, placed.get(machine) ?? [])),
    ],
    racks,
    free: wires.filter((wire) => !packed.has(wire)),
  };
}

const without = (box: Box, gone: ReadonlySet<string>): Box => ({
  ...box,
  ports: box.ports.filter(({ key }) => !gone.has(key)),
  inner: box.inner.map((inner) => without(inner, gone)),
});

const machineBox = (machine: Machine, inner: readonly Box[]): Box => ({
  ...{ key: machine.key, look: "machine", kind: "lab host", subject: machine },
  ...{ lines: [], ports: [], joints: [], tunnels: [], inner, head: headOf(machine, "lab host", [], 0) },
});

/** @param isInMachine Whether its lab host is a box, too. */
function boxOf(place: Place, within: ReadonlySet<string>, tunnels: ReadonlySet<string>, isInMachine: boolean): Box {
  const plugged = Map.groupBy(place.links, ({ master }) => master);
  const loose = plugged.get(undefined)?.filter(({ isEnd }) => isEnd) ?? [];
  // An end is a port on the border of its place, unless wires within the place lead to it.
  const isInside = ({ key, joints }: Link): boolean => within.has(key) || joints.length > 0;
  const inner = [...place.links.filter(({ isEnd }) => !isEnd), ...loose.filter(isInside)];
  const members = Map.groupBy(inner, ({ within: vrf }) => vrf);
  const inBox = (link: Link): Box => {
    const ports = plugged.get(link.key) ?? [];
    const joints = [link, ...ports].flatMap((one) => one.joints);
    return linkBox(link, ports, {
      joints: joints.filter((end) => !tunnels.has(end)),
      tunnels: joints.filter((end) => tunnels.has(end)),
      inner: (members.get(link.key) ?? []).map(inBox),
    });
  };
  const kind = place.isHost ? (isInMachine ? "network stack" : "") : "namespace";
  return {
    key: place.key,
    look: place.isHost ? "host" : "namespace",
    kind,
    subject: place,
    lines: place.lines,
    ports: loose.filter((link) => !isInside(link)),
    joints: [],
    tunnels: [],
    inner: (members.get(undefined) ?? []).map(inBox),
    head: headOf(place, kind, place.lines, LABEL),
  };
}

function linkBox(link: Link, plugged: readonly Link[], rest: Pick<Box, "joints" | "tunnels" | "inner">): Box {
  const lines = [...link.addresses, ...link.about.map(labelled)];
  return {
    key: link.key,
    look: link.device === "bridge" ? "bridge" : "link",
    kind: link.device,
    subject: link,
    lines,
    ports: plugged,
    ...rest,
    head: headOf(link, link.device, lines, 0),
  };
}
