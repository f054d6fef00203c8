import { allIn, type Box } from "../box.ts";
import { boxesOf } from "../boxes.ts";
import type { ChangeMark } from "../drawn.ts";
import { MEANINGS } from "../style.ts";
import type { Line, Link, Machine, Place, Topology } from "../topology.ts";

/** The data for the page's script. */
export interface PageData {
  readonly nodes: Readonly<Record<string, PageNode>>;
  /** The two nodes at the ends of each wire. */
  readonly wires: Readonly<Record<string, readonly string[]>>;
  /** The wires that end at each interface. The key of an interface is the name of its namespace, a slash and its own name. */
  readonly ports: Readonly<Record<string, readonly string[]>>;
}

/** A box of the picture, and the contents of its panel. */
export interface PageNode {
  readonly name: string;
  readonly kind: string;
  readonly mark: ChangeMark | undefined;
  readonly state: string;
  /** The properties that differ or will change. */
  readonly told: readonly string[];
  readonly groups: readonly Group[];
  /** The searchable text, in lower case. */
  readonly find: string;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly label: string;
  readonly texts: readonly string[];
  readonly mark: ChangeMark | undefined;
  readonly state: string | undefined;
  readonly told: readonly string[];
  /** The key of the interface that it describes; see {@link PageData}. */
  readonly port?: string | undefined;
  /** The name of the resource, if it is a process with a log. */
  readonly process?: string | undefined;
  /** The node to which it links. */
  readonly go: { readonly key: string; readonly name: string } | undefined;
}

/** Returns the boxes of a topology for the page, by key. `unmarked` is the state of objects without a mark. */
export function pageData(topology: Topology, unmarked: string): PageData {
  const { boxes, racks } = boxesOf(topology);
  const leaves = racks.flatMap((rack) => rack.leaves.map(({ box }) => box));
  const shown = [...boxes.flatMap(allIn), ...leaves];
  const names = new Map(shown.map(({ key, subject }) => [key, subject.name]));
  // A wire ends at its own box, at the box of the master, or else at its place.
  const ends = new Map(
    topology.places.flatMap((place) =>
      place.links.flatMap((link) => {
        const node = names.has(link.key) ? link.key : (link.master ?? place.key);
        return [link.key, ...link.joints].map((end) => [end, { link, node }] as const);
      }),
    ),
  );
  const links = [...new Set([...ends.values()].map(({ link }) => link))];
  const wires = new Map(
    topology.wires.flatMap(({ name, ends: [a, b] }) => [
      [a, { name, far: b }] as const,
      [b, { name, far: a }] as const,
    ]),
  );
  const ports = new Map(
    topology.places.flatMap(({ place, links }) => links.map((link) => [link.key, `${place}/${link.name}`] as const)),
  );
  const rowOf = (link: Link): Row => {
    const cable = wires.get(link.key);
    // A link without a cable leads to its own box.
    const key = ends.get(cable?.far ?? link.key)?.node;
    return {
      label: link.name,
      port: ports.get(link.key),
      texts: [
        ...link.addresses.map(({ text }) => text),
        ...[...link.about, ...link.lines].map(({ label, text }) => `${label} ${text}`),
        ...(cable === undefined ? [] : [`cable ${cable.name} to ${ends.get(cable.far)?.link.name ?? "?"}`]),
      ],
      ...marked(link),
      go: key === undefined ? undefined : { key, name: names.get(key) ?? "" },
    };
  };
  const jointRow = (joint: string): Row => {
    const { name = "", far = "" } = wires.get(joint) ?? {};
    const { link, node = "" } = ends.get(far) ?? {};
    const go = { key: node, name: names.get(node) ?? "" };
    return { label: link?.name ?? "?", texts: [name], mark: undefined, state: undefined, told: [], go };
  };
  const placeRow = (place: Place): Row => ({
    ...{ label: place.name, texts: [], ...marked(place) },
    go: { key: place.key, name: place.name },
  });
  const nodeIn = ({ key, look, kind, subject }: Box): PageNode => {
    const plugged = links.filter(({ master }) => master === key);
    const groups =
      "links" in subject
        ? placeGroups(subject, rowOf)
        : !("joints" in subject)
          ? [group("Namespaces", topology.places.filter(({ host }) => host === subject.host).map(placeRow))]
          : [
              ...linkGroups(subject, rowOf),
              group("Members", links.filter(({ within: vrf }) => vrf === key).map(rowOf)),
              group("Ports", plugged.map(rowOf)),
              group("Links", subject.joints.map(jointRow)),
            ];
    return {
      name: subject.name,
      kind: look === "link" ? `interface, ${kind}` : KINDS[look],
      mark: subject.mark,
      state: subject.mark === undefined ? unmarked : MEANINGS[subject.mark],
      told: [...(subject.details ?? []), ...within(groups)],
      groups: groups.filter(({ rows }) => rows.length > 0),
      find: findable(subject, rowOf).join("\n").toLowerCase(),
    };
  };
  return {
    nodes: Object.fromEntries(shown.map((box) => [box.key, nodeIn(box)])),
    wires: Object.fromEntries(
      topology.wires.map(({ key, ends: both }) => [key, both.map((end) => ends.get(end)?.node ?? "")]),
    ),
    ports: Object.fromEntries(
      links.map((link) => [
        ports.get(link.key) ?? "",
        topology.wires
          .filter(({ ends: both }) => [link.key, ...link.joints].some((end) => both.includes(end)))
          .map(({ key }) => key),
      ]),
    ),
  };
}

const KINDS: Readonly<Record<Exclude<Box["look"], "link">, string>> = {
  machine: "lab host",
  host: "the machine that the lab is on",
  namespace: "namespace",
  bridge: "bridge",
};

/** Summarizes the marks within a node, so that they are visible without reading each row. */
function within(groups: readonly Group[]): string[] {
  const states = groups.flatMap(({ rows }) => rows.flatMap(({ state }) => state ?? []));
  return [...new Set(states)].map((state) => `${states.filter((one) => one === state).length} of its parts: ${state}`);
}

/** Returns the searchable text. Ports are found by their other ends, so that a search for a host omits the bridges it connects to. */
function findable(subject: Machine | Place | Link, rowOf: (link: Link) => Row): string[] {
  if (!("links" in subject) && !("addresses" in subject)) return [subject.name];
  if (!("links" in subject)) return [subject.name, ...[...subject.addresses, ...subject.about].map(({ text }) => text)];
  const own = subject.links.filter(({ isEnd, master }) => isEnd && master === undefined).map(rowOf);
  const rows = own.flatMap(({ label, texts }) => [label, ...texts]);
  return [subject.name, ...rows, ...subject.lines.flatMap(({ resource, text }) => [resource, text])];
}

function placeGroups({ lines, links }: Place, rowOf: (link: Link) => Row): Group[] {
  const labels = [...new Set([...Object.keys(TITLES), ...lines.map(({ label }) => label)])];
  return [
    group("Bridges", links.filter(({ device }) => device === "bridge").map(rowOf)),
    group("Interfaces", links.filter(({ device }) => device !== "bridge").map(rowOf)),
    ...labels.map((label) => group(TITLES[label] ?? label, lines.filter((line) => line.label === label).map(lineRow))),
  ];
}

const linkGroups = (link: Link, rowOf: (link: Link) => Row): Group[] => [
  group("Addresses", link.addresses.map(lineRow)),
  group(
    "Settings",
    [...link.about, ...link.lines].map((line) => ({ ...lineRow(line), label: line.label })),
  ),
  group("Cable", link.isEnd ? [rowOf(link)] : []),
];

const TITLES: Readonly<Record<string, string>> = { route: "Routes", nat: "NAT", sysctl: "Sysctls" };

const group = (title: string, rows: readonly Row[]): Group => ({ title, rows });

const lineRow = (line: Line): Row => ({
  ...{ label: line.resource, texts: [line.text], ...marked(line), go: undefined },
  process: line.label === "process" ? line.resource : undefined,
});

const marked = ({ mark, details, was }: { mark: Line["mark"]; details?: Line["details"]; was?: Line["was"] }) => ({
  mark,
  state: mark && MEANINGS[mark],
  told: [...(details ?? []), ...(was === undefined ? [] : [`was ${was}`])],
});
