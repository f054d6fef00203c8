import type { Mark } from "./plan.ts";
import { MEANINGS, SIGNS, STROKES } from "./style.ts";
import type { Line, Link, Place, Topology } from "./topology.ts";

/** Writes a topology as a Mermaid flowchart, which the pages of many code hosts draw. */
export function mermaid({ places, wires }: Topology): string {
  const links = places.flatMap((place) => place.links.map((link) => ({ link, place })));
  const bridges = links.filter(({ link }) => link.isBridge).map(({ link }) => link.key);
  const placeId = (place: Place): string => `place${places.indexOf(place)}`;
  const bridgeId = (key: string): string => `bridge${bridges.indexOf(key)}`;
  // A wire ends at its bridge, or else at the place.
  const ends = new Map(
    links.map(({ link, place }) => {
      const key = link.isBridge ? link.key : (link.master ?? "");
      return [link.key, { link, at: bridges.includes(key) ? bridgeId(key) : placeId(place) }] as const;
    }),
  );
  const nodes = places.flatMap((place) => [
    { id: placeId(place), mark: place.mark, shape: `["${[bold(place), ...place.lines.map(said)].join("<br/>")}"]` },
    ...place.links
      .filter(({ isBridge }) => isBridge)
      .map((link) => ({
        id: bridgeId(link.key),
        mark: link.mark,
        shape: `{{"${[bold(link), ...link.addresses.map(said)].join("<br/>")}"}}`,
      })),
  ]);
  const edges = [
    ...links
      .filter(({ link }) => link.isBridge)
      .map(({ link, place }) => ({ text: `${bridgeId(link.key)} -.- ${placeId(place)}`, mark: undefined })),
    ...wires.flatMap(({ ends: [a, b], mark }) => {
      const [left, right] = [ends.get(a), ends.get(b)];
      if (left === undefined || right === undefined) return [];
      const label = [bare(left.link), bare(right.link)].join("<br/>");
      return [{ text: `${left.at} ${mark === "removed" ? "-.-" : "---"}|"${label}"| ${right.at}`, mark }];
    }),
  ];
  return [
    "flowchart TB",
    ...nodes.map(({ id, shape }) => `  ${id}${shape}`),
    ...edges.map(({ text }) => `  ${text}`),
    ...(Object.keys(SIGNS) as Mark[]).flatMap((mark) => coloured(mark, nodes, edges)),
    "",
  ].join("\n");
}

/** The lines that color what bears a mark. Mermaid knows an edge by its number. */
function coloured(
  mark: Mark,
  nodes: readonly { readonly id: string; readonly mark: Mark | undefined }[],
  edges: readonly { readonly mark: Mark | undefined }[],
): string[] {
  const ids = nodes.filter((node) => node.mark === mark).map(({ id }) => id);
  const numbers = edges.flatMap((edge, index) => (edge.mark === mark ? [index] : []));
  const look = `stroke:${STROKES[mark]},stroke-width:3px`;
  return [
    ...(ids.length === 0 ? [] : [`  classDef ${mark} ${look}`, `  class ${ids.join(",")} ${mark}`]),
    ...(numbers.length === 0 ? [] : [`  linkStyle ${numbers.join(",")} ${look}`]),
  ];
}

const bold = ({ name, mark }: Place | Link): string =>
  `<b>${sign(mark)}${safe(name)}</b>${mark === undefined ? "" : ` (${MEANINGS[mark]})`}`;

const bare = ({ name, mark, addresses }: Link): string =>
  [`${sign(mark)}${safe(name)}`, ...addresses.map(({ text }) => safe(text))].join(" ");

const said = ({ label, text, mark }: Line): string =>
  `${sign(mark)}${label === "address" ? "" : `${safe(label)} `}${safe(text)}`;

const sign = (mark: Line["mark"]): string => (mark === undefined ? "" : `${SIGNS[mark]} `);

/** Mermaid reads its labels as HTML and Markdown; a number entity is always the character itself. */
const safe = (text: string): string =>
  text.replace(/[^\p{L}\p{N} ./:=,-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
