import { MEANINGS, SIGNS } from "./style.ts";
import type { Line, Link, Place, Topology } from "./topology.ts";

/** Writes a topology as a Mermaid flowchart, which the pages of many code hosts draw. */
export function mermaid({ places, wires }: Topology): string {
  const links = places.flatMap((place) => place.links.map((link) => ({ link, place })));
  const bridges = links.filter(({ link }) => link.isBridge).map(({ link }) => link.key);
  const placeId = (place: Place): string => `place${places.indexOf(place)}`;
  // A wire ends at its bridge, or else at the place.
  const ends = new Map(
    links.map(({ link, place }) => {
      const bridge = bridges.indexOf(link.isBridge ? link.key : (link.master ?? ""));
      return [link.key, { link, at: bridge === -1 ? placeId(place) : `bridge${bridge}` }] as const;
    }),
  );
  return [
    "flowchart TB",
    ...places.flatMap((place) => [
      `  ${placeId(place)}["${[bold(place), ...place.lines.map(said)].join("<br/>")}"]`,
      ...place.links
        .filter(({ isBridge }) => isBridge)
        .flatMap((link) => [
          `  bridge${bridges.indexOf(link.key)}{{"${[bold(link), ...link.addresses.map(said)].join("<br/>")}"}}`,
          `  bridge${bridges.indexOf(link.key)} -.- ${placeId(place)}`,
        ]),
    ]),
    ...wires.flatMap(({ ends: [a, b], mark }) => {
      const [left, right] = [ends.get(a), ends.get(b)];
      if (left === undefined || right === undefined) return [];
      const label = [bare(left.link), bare(right.link)].join("<br/>");
      return [`  ${left.at} ${mark === "removed" ? "-.-" : "---"}|"${label}"| ${right.at}`];
    }),
    "",
  ].join("\n");
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
