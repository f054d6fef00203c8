import { boxesOf } from "./boxes.ts";
import type { ChangeMark } from "./drawn.ts";
import { upperEnds } from "./edge-direction.ts";
import { GLYPHS } from "./icon.ts";
import { MEANINGS, SIGNS, STROKES } from "./style.ts";
import type { Line, Link, Place, Topology } from "./topology.ts";

/**
 * Returns a topology as a Mermaid flowchart, which many code hosts render. A lab host, a VRF and a rack with a caption are subgraphs.
 * Mermaid draws the first node of an edge above the second one.
 */
export function mermaid(topology: Topology): string {
  const { places, machines, wires } = topology;
  const upper = upperEnds(topology);
  const racks = boxesOf(topology).racks.filter(({ caption }) => caption !== undefined);
  const leaves = new Map(racks.flatMap((rack) => rack.leaves.map((leaf) => [leaf.box.key, leaf] as const)));
  const links = places.flatMap((place) => place.links.map((link) => ({ link, place })));
  const boxes = links.filter(({ link }) => !link.isEnd);
  const ids = new Map(
    [...Map.groupBy(boxes, ({ link }) => (link.device === "bridge" ? "bridge" : "link"))].flatMap(([word, all]) =>
      all.map(({ link }, index) => [link.key, `${word}${index}`] as const),
    ),
  );
  const placeId = (place: Place): string => `place${places.indexOf(place)}`;
  // A wire ends at its link's box, at the box of the master, or else at the place.
  const ends = new Map(
    links.flatMap(({ link, place }) => {
      const at = ids.get(link.isEnd ? (link.master ?? "") : link.key) ?? placeId(place);
      const shown = leaves.get(place.key)?.port ?? link;
      return [link.key, ...link.joints].map((end) => [end, { link: shown, at }] as const);
    }),
  );
  const nodeOf = (place: Place, link: Link): Node => {
    const inner = place.links.filter(({ within }) => within === link.key).map((one) => nodeOf(place, one));
    const shape = inner.length === 0 ? shapeOf(link) : `["${linesOf(link)}"]`;
    return { id: ids.get(link.key) ?? "", mark: link.mark, shape, inner };
  };
  const nodesOf = (place: Place): Node[] => {
    const { lines = place.lines, notes = [] } = leaves.get(place.key)?.box ?? {};
    const shape = `["${[bold(place), ...[...lines, ...notes].map(said)].join("<br/>")}"]`;
    return [
      { id: placeId(place), mark: place.mark, inner: [], shape },
      ...place.links.filter(({ isEnd, within }) => !isEnd && within === undefined).map((link) => nodeOf(place, link)),
    ];
  };
  const nodesIn = (inside: readonly Place[]): Node[] => [
    ...inside.filter(({ key }) => !leaves.has(key)).flatMap(nodesOf),
    ...racks.flatMap(({ leaves: own, caption }, index) => {
      const inner = inside.filter(({ key }) => own.some(({ box }) => box.key === key)).flatMap(nodesOf);
      const lines = [`<b>${safe(caption?.title ?? "")}</b>`, ...(caption?.lines ?? []).map(said)];
      return inner.length === 0
        ? []
        : [{ id: `rack${index}`, mark: undefined, shape: `["${lines.join("<br/>")}"]`, inner }];
    }),
  ];
  const roots: Node[] =
    machines.length === 0
      ? nodesIn(places)
      : machines.map((machine, index) => ({
          ...{ id: `host${index}`, mark: machine.mark, shape: `["${bold(machine)}"]` },
          inner: nodesIn(places.filter(({ host }) => host === machine.host)),
        }));
  const nodes = roots.flatMap(allIn);
  const above = new Set(wires.flatMap((wire) => (wire.isCable ? wire.ends.filter((end) => upper.has(end)) : [])));
  const withCableDown = new Set([...above].map((end) => ends.get(end)?.at));
  const edges = [
    ...boxes
      .filter(({ link }) => link.within === undefined)
      .map(({ link, place }) => {
        const [box, around] = [ids.get(link.key) ?? "", placeId(place)];
        return { text: (withCableDown.has(box) ? [around, box] : [box, around]).join(" -.- "), mark: undefined };
      }),
    ...wires.flatMap(({ ends: [a, b], isCable, isTunnel = false, isDown, mark }) => {
      const [left, right] = (above.has(b) ? [b, a] : [a, b]).map((end) => ends.get(end));
      if (left === undefined || right === undefined) return [];
      const label = isTunnel
        ? `tunnel ${safe(left.link.name)} ${safe(right.link.name)}`
        : isCable
          ? [bare(left.link), bare(right.link)].join("<br/>")
          : safe(left.link.name);
      return [
        {
          text: `${left.at} ${isTunnel || isDown || mark === "removed" ? "-.-" : "---"}|"${label}"| ${right.at}`,
          mark,
        },
      ];
    }),
  ];
  return [
    "flowchart TB",
    ...roots.flatMap(textOf).map((line) => `  ${line}`),
    ...edges.map(({ text }) => `  ${text}`),
    ...(Object.keys(SIGNS) as ChangeMark[]).flatMap((mark) => coloured(mark, nodes, edges)),
    "",
  ].join("\n");
}

/** A box of the chart; a subgraph if there are boxes in it. */
interface Node {
  readonly id: string;
  readonly mark: ChangeMark | undefined;
  readonly shape: string;
  readonly inner: readonly Node[];
}

const allIn = (node: Node): Node[] => [node, ...node.inner.flatMap(allIn)];

const textOf = ({ id, shape, inner }: Node): string[] =>
  inner.length === 0
    ? [`${id}${shape}`]
    : [`subgraph ${id}${shape}`, ...inner.flatMap(textOf).map((line) => `  ${line}`), "end"];

/** Returns the lines that color marked objects. Mermaid identifies an edge by its number. */
function coloured(
  mark: ChangeMark,
  nodes: readonly { readonly id: string; readonly mark: ChangeMark | undefined }[],
  edges: readonly { readonly mark: ChangeMark | undefined }[],
): string[] {
  const ids = nodes.filter((node) => node.mark === mark).map(({ id }) => id);
  const numbers = edges.flatMap((edge, index) => (edge.mark === mark ? [index] : []));
  const look = `stroke:${STROKES[mark]},stroke-width:3px`;
  return [
    ...(ids.length === 0 ? [] : [`  classDef ${mark} ${look}`, `  class ${ids.join(",")} ${mark}`]),
    ...(numbers.length === 0 ? [] : [`  linkStyle ${numbers.join(",")} ${look}`]),
  ];
}

function shapeOf(link: Link): string {
  return link.device === "bridge" ? `{{"${linesOf(link)}"}}` : `(["${linesOf(link)}"])`;
}

const linesOf = (link: Link): string =>
  [
    bold(link),
    ...[...link.addresses, ...link.about].map(said),
    ...(link.device === "bridge" ? [] : [safe(link.device)]),
  ].join("<br/>");

const bold = ({ name, mark }: Pick<Place, "name" | "mark">): string =>
  `<b>${sign(mark)}${safe(name)}</b>${mark === undefined ? "" : ` (${MEANINGS[mark]})`}`;

const bare = ({ name, mark, addresses, about }: Link): string =>
  [
    `${sign(mark)}${safe(name)}`,
    ...addresses.map(({ text, mark: change }) => `${sign(change)}${safe(text)}`),
    ...about.map(
      ({ label, text, icon, mark: change }) =>
        `${sign(change)}${glyph(icon)}${`${safe(label)} ${safe(text)}`.trimStart()}`,
    ),
  ].join(" ");

const said = ({ label, text, brief = text, mark, icon }: Line): string =>
  `${sign(mark)}${glyph(icon)}${label === "address" || label === "" ? "" : `${safe(label)} `}${safe(brief)}`;

const glyph = (icon: Line["icon"]): string => (icon === undefined ? "" : `${safe(GLYPHS[icon])} `);

const sign = (mark: Line["mark"]): string => (mark === undefined ? "" : `${SIGNS[mark]} `);

/** Escapes a label, which Mermaid parses as HTML and Markdown; a numeric entity always stands for the character itself. */
const safe = (text: string): string =>
  text.replace(/[^\p{L}\p{N} ./:=,-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
