import { type Box, boxesOf } from "../boxes.ts";
import type { Mark } from "../plan.ts";
import { MEANINGS } from "../style.ts";
import type { Line, Link, Place, Topology } from "../topology.ts";

/** What the page's script is given. */
export interface PageData {
  readonly nodes: Readonly<Record<string, PageNode>>;
  /** The two nodes at the ends of each wire. */
  readonly wires: Readonly<Record<string, readonly string[]>>;
}

/** A box of the picture, and what its panel says. */
export interface PageNode {
  readonly name: string;
  readonly kind: string;
  readonly mark: Mark | undefined;
  readonly state: string;
  /** What differs, or is to change. */
  readonly told: readonly string[];
  readonly groups: readonly Group[];
  /** What a search looks at, in small letters. */
  readonly find: string;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly label: string;
  readonly texts: readonly string[];
  readonly mark: Mark | undefined;
  readonly state: string | undefined;
  readonly told: readonly string[];
  /** The node that it leads to. */
  readonly go: { readonly key: string; readonly name: string } | undefined;
}

/** The boxes of a topology for the page, by their keys. `unmarked` is the state of what has no mark. */
export function pageData(topology: Topology, unmarked: string): PageData {
  const { boxes, racks } = boxesOf(topology);
  const leaves = racks.flatMap((rack) => rack.leaves.map(({ box }) => box));
  const shown = [...boxes.flatMap((box) => [box, ...box.inner]), ...leaves];
  const names = new Map(shown.map(({ key, subject }) => [key, subject.name]));
  const links = new Map(topology.places.flatMap((place) => place.links.map((link) => [link.key, link] as const)));
  // A wire ends at its own box, at its bridge, or else at its place.
  const nodeOf = new Map(
    topology.places.flatMap((place) =>
      place.links.map(({ key, master }) => [key, names.has(key) ? key : (master ?? place.key)] as const),
    ),
  );
  const cables = new Map(
    topology.wires.flatMap(({ name, ends: [a, b] }) => [
      [a, { name, far: b }] as const,
      [b, { name, far: a }] as const,
    ]),
  );
  const rowOf = (link: Link): Row => {
    const cable = cables.get(link.key);
    const key = nodeOf.get(cable?.far ?? "");
    return {
      label: link.name,
      texts: [
        ...link.addresses.map(({ text }) => text),
        ...link.lines.map(({ label, text }) => `${label} ${text}`),
        ...(cable === undefined ? [] : [`cable ${cable.name} to ${links.get(cable.far)?.name ?? "?"}`]),
      ],
      ...marked(link),
      go: key === undefined ? undefined : { key, name: names.get(key) ?? "" },
    };
  };
  const nodeIn = ({ key, look, subject }: Box): PageNode => {
    const ports = [...links.values()].filter(({ master }) => master === key);
    const groups =
      "links" in subject
        ? placeGroups(subject, rowOf)
        : [...linkGroups(subject, rowOf), group("Ports", ports.map(rowOf))];
    return {
      name: subject.name,
      kind: KINDS[look],
      mark: subject.mark,
      state: subject.mark === undefined ? unmarked : MEANINGS[subject.mark],
      told: [...(subject.told ?? []), ...within(groups)],
      groups: groups.filter(({ rows }) => rows.length > 0),
      find: findable(subject, rowOf).join("\n").toLowerCase(),
    };
  };
  return {
    nodes: Object.fromEntries(shown.map((box) => [box.key, nodeIn(box)])),
    wires: Object.fromEntries(topology.wires.map(({ key, ends }) => [key, ends.map((end) => nodeOf.get(end) ?? "")])),
  };
}

const KINDS: Readonly<Record<Box["look"], string>> = {
  host: "the machine that the lab is on",
  namespace: "namespace",
  bridge: "bridge",
  link: "interface",
};

/** What is marked in a node, so that it is seen without a look at each row. */
function within(groups: readonly Group[]): string[] {
  const states = groups.flatMap(({ rows }) => rows.flatMap(({ state }) => state ?? []));
  return [...new Set(states)].map((state) => `of its parts, ${states.filter((one) => one === state).length} ${state}`);
}

/** A search for a host is not to find each bridge that it is plugged into, so ports are found by their other ends. */
function findable(subject: Place | Link, rowOf: (link: Link) => Row): string[] {
  if (!("links" in subject)) return [subject.name, ...subject.addresses.map(({ text }) => text)];
  const own = subject.links.filter(({ isBridge, master }) => !isBridge && master === undefined).map(rowOf);
  const rows = own.flatMap(({ label, texts }) => [label, ...texts]);
  return [subject.name, ...rows, ...subject.lines.flatMap(({ resource, text }) => [resource, text])];
}

function placeGroups({ lines, links }: Place, rowOf: (link: Link) => Row): Group[] {
  const labels = [...new Set([...Object.keys(TITLES), ...lines.map(({ label }) => label)])];
  return [
    group("Bridges", links.filter(({ isBridge }) => isBridge).map(rowOf)),
    group("Interfaces", links.filter(({ isBridge }) => !isBridge).map(rowOf)),
    ...labels.map((label) => group(TITLES[label] ?? label, lines.filter((line) => line.label === label).map(lineRow))),
  ];
}

const linkGroups = (link: Link, rowOf: (link: Link) => Row): Group[] => [
  group("Addresses", link.addresses.map(lineRow)),
  group(
    "Settings",
    link.lines.map((line) => ({ ...lineRow(line), label: line.label })),
  ),
  group("Cable", link.isBridge ? [] : [rowOf(link)]),
];

const TITLES: Readonly<Record<string, string>> = { route: "Routes", nat: "NAT", sysctl: "Sysctls" };

const group = (title: string, rows: readonly Row[]): Group => ({ title, rows });

const lineRow = (line: Line): Row => ({ label: line.resource, texts: [line.text], ...marked(line), go: undefined });

const marked = ({ mark, told, was }: { mark: Line["mark"]; told?: Line["told"]; was?: Line["was"] }) => ({
  mark,
  state: mark && MEANINGS[mark],
  told: [...(told ?? []), ...(was === undefined ? [] : [`was ${was}`])],
});
