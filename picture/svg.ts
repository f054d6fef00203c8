import { type Box, LABEL, lineWidth, PAD, portLines, ROW, signed, TEXT } from "./box.ts";
import type { ChangeMark } from "./drawn.ts";
import type { Cable, Layout, PlacedPort } from "./geometry.ts";
import { ICON, OUTLINES } from "./icon.ts";
import { layoutOf } from "./layout.ts";
import { layoutOver } from "./layout-over.ts";
import { MEANINGS, SIGNS, style } from "./style.ts";
import { escaped, widthOf } from "./text.ts";
import type { Line, Topology } from "./topology.ts";

/**
 * Draws a topology as SVG, with its own light and dark style. The same topology always gives the same text.
 *
 * @param before The topology before a change. All of its parts have the coordinates of its own picture.
 */
export async function svg(topology: Topology, title: string, before?: Topology): Promise<string> {
  const layout = before === undefined ? await layoutOf(topology) : await layoutOver(before, topology);
  const legend = legendOf(topology);
  const width = Math.ceil(Math.max(layout.width, widthOf(title, 14) + 48, legend.width + 48));
  // An empty picture still has a title.
  const height = Math.ceil(Math.max(layout.height, 20) + TOP + legend.height);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="picture-title picture-text">`,
    `<title id="picture-title">${escaped(title)}</title>`,
    `<desc id="picture-text">${escaped(tooltip(topology))}</desc>`,
    `<style>${style()}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    text(24, 32, title, "quiet"),
    `<g transform="translate(0 ${TOP})">`,
    ...(layout.additions === undefined ? [] : [additionsTitle(layout.additions, layout.width)]),
    ...layout.captions.map(captionText),
    ...layout.boxes.map((frame) => boxText(frame)),
    ...[...layout.cables]
      .sort((x, y) => Number(x.wire.mark !== undefined) - Number(y.wire.mark !== undefined))
      .map(cable),
    ...layout.ports.map(port),
    "</g>",
    `<g transform="translate(24 ${height - legend.height})">${legend.text}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

const TOP = 28;

const additionsTitle = (y: number, width: number): string =>
  `<path class="rule" d="M24 ${n(y)}L${n(width - 24)} ${n(y)}"/>${text(24, y + 20, "additions, with the boxes that they are in", "small quiet")}`;

function captionText({ caption, x, y, width, height, head }: Layout["captions"][number]): string {
  const { title, lines } = caption;
  return [
    `<g class="rack"><title>${escaped(title)}</title>`,
    `<rect class="box" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="6"/>`,
    text(x + PAD, head + 20, title, "title"),
    ...lines.flatMap((line, index) => labelledText(x, head + 22 + (index + 1) * ROW, line)),
    "</g>",
  ].join("");
}

function boxText({ box, x, y, width, height, head }: Layout["boxes"][number]): string {
  const { look, kind, subject, lines, notes } = box;
  const marks = [subject, ...(notes ?? [])].flatMap((one) => (one.mark === undefined ? [] : [told(one, one.mark)]));
  const name = [`${kind} ${subject.name}`.trimStart(), ...marks].join(", ");
  const round = look === "bridge" ? 14 : 6;
  const indent = look === "namespace" || look === "host" ? LABEL : 0;
  return [
    `<g class="${[look, subject.mark].filter(Boolean).join(" ")}" data-node="${escaped(box.key)}">`,
    `<title>${escaped(name)}</title>`,
    `<rect class="box" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${round}"/>`,
    text(x + PAD, head + 20, signed(subject.name, subject.mark), `title ${subject.mark ?? ""}`),
    notes !== undefined || kind === "" ? "" : text(x + width - PAD, head + 20, kind, "kind quiet", "end"),
    noteText(x + width - PAD, head + 20, notes),
    ...lines.flatMap((line, index) => {
      const below = head + 22 + (index + 1) * ROW;
      return indent === 0 ? [lineText(x + PAD, below, line)] : labelledText(x, below, line);
    }),
    "</g>",
  ].join("");
}

/** Returns the meaning of the mark of a box, or of a line that its rack shows. */
const told = (one: Box["subject"] | Line, mark: ChangeMark): string =>
  "text" in one ? `${one.label} ${one.text}: ${MEANINGS[mark]}` : MEANINGS[mark];

/** Draws the marked lines of a box that its rack shows: the label of one, or the number of several. */
function noteText(x: number, y: number, [first, ...others]: readonly Line[] = []): string {
  if (first === undefined) return "";
  const what = others.length === 0 ? first.label.slice(0, 7) : `${others.length + 1} lines`;
  return text(x, y, signed(what, first.mark), `small ${first.mark ?? ""}`, "end");
}

const labelledText = (x: number, y: number, line: Line): string[] => [
  text(x + PAD, y, line.label.slice(0, 7), `small ${line.mark ?? "quiet"}`),
  lineText(x + PAD + LABEL, y, line),
];

const lineText = (x: number, y: number, line: Line): string =>
  icon(x, y, line) + text(x + iconWidth(line), y, signed(line.brief ?? line.text, line.mark), line.mark ?? "");

/** Draws the icon of a line before its text; nothing for a line without one. */
const icon = (x: number, y: number, { icon: name, mark }: Pick<Line, "icon" | "mark">): string =>
  name === undefined
    ? ""
    : `<path class="icon ${name} ${mark ?? ""}" transform="translate(${n(x)} ${n(y - 9)})" d="${OUTLINES[name]}"/>`;

const iconWidth = ({ icon: name }: Pick<Line, "icon">): number => (name === undefined ? 0 : ICON);

function cable({ wire, points, peer }: Cable): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${n(x)} ${n(y)}`).join("");
  const [first, second] = points;
  const look = ["cable", ...(wire.isTunnel ? ["tunnel"] : []), ...(wire.isDown ? ["down"] : []), wire.mark ?? ""].join(
    " ",
  );
  return [
    `<g data-wire="${escaped(wire.key)}"><title>${escaped(wire.name)}${wire.isDown ? ", down" : ""}</title>`,
    `<path class="${look}" d="${path}"/>`,
    peer === undefined || first === undefined
      ? ""
      : text(
          first.x + 7,
          first.y + ((second?.y ?? first.y) < first.y ? -8 : 16),
          signed(peer.name, undefined),
          "small quiet",
        ),
    "</g>",
  ].join("");
}

function port({ link, owner, x, y, label }: PlacedPort): string {
  const lines =
    link === undefined
      ? []
      : typeof link === "number"
        ? [{ text: `${link} ports`, mark: undefined, icon: undefined }]
        : portLines(link);
  const mark = typeof link === "object" ? link.mark : undefined;
  return [
    `<g data-of="${escaped(owner)}">`,
    `<rect class="port ${mark ?? ""}" x="${n(x - 4)}" y="${n(y - 4)}" width="8" height="8" rx="1.5"/>`,
    ...lines.map((line, index) => {
      const look = line.mark ?? (index > 0 ? "quiet" : "");
      const y = label.y + 12 + index * ROW;
      const middle = label.x + iconWidth(line) / 2;
      return icon(label.x - lineWidth(line) / 2, y, line) + text(middle, y, line.text, look, "middle");
    }),
    "</g>",
  ].join("");
}

function text(x: number, y: number, content: string, look: string, anchor?: "middle" | "end"): string {
  const where = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${n(x)}" y="${n(y)}"${look.trim() === "" ? "" : ` class="${look.trim()}"`}${where}>${escaped(content)}</text>`;
}

/** Formats a number for SVG, identically on every machine. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** Counts the resources with each mark. */
export function tally({ places, wires }: Topology): ReadonlyMap<ChangeMark, number> {
  const counts = new Map<ChangeMark, number>();
  const links = places.flatMap((place) => place.links.filter(({ isEnd }) => !isEnd));
  const cables = wires.filter(({ isCable }) => isCable);
  const lines = places.flatMap((place) => [
    ...place.lines,
    ...place.links.flatMap(({ addresses, about }) => [...addresses, ...about]),
  ]);
  const own = lines.filter(({ isPart }) => isPart !== true);
  for (const { mark } of [...places, ...links, ...cables, ...own]) {
    if (mark !== undefined) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return counts;
}

function legendOf(topology: Topology): { text: string; width: number; height: number } {
  const counts = tally(topology);
  let x = 0;
  const parts = (Object.keys(SIGNS) as ChangeMark[]).flatMap((mark) => {
    const count = counts.get(mark);
    if (count === undefined) return [];
    const content = `${SIGNS[mark]} ${count} ${MEANINGS[mark]}`;
    const part = `<rect class="swatch ${mark}" x="${x}" y="4" width="10" height="10" rx="2"/>${text(x + 16, 13, content, mark === "removed" ? "" : mark)}`;
    x += 16 + widthOf(content, TEXT) + 28;
    return [part];
  });
  return { text: parts.join(""), width: x, height: parts.length === 0 ? 0 : 36 };
}

function tooltip({ places, wires }: Topology): string {
  const namespaces = places.filter(({ isHost }) => !isHost).map(({ name }) => name);
  const links = places.flatMap((place) => place.links.filter(({ isEnd }) => !isEnd));
  const bridges = links.filter(({ device }) => device === "bridge");
  const others = Map.groupBy(
    links.filter((link) => !bridges.includes(link)),
    ({ device }) => device,
  );
  const pairs = wires.filter(({ isCable }) => isCable).length;
  const count = (names: readonly string[], one: string) =>
    `${names.length} ${one}${names.length === 1 ? "" : "s"}${names.length === 0 ? "" : ` (${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""})`}`;
  return `${[
    count(namespaces, "namespace"),
    ...[["bridge", bridges] as const, ...others].map(([device, all]) =>
      count(
        all.map(({ name }) => name),
        device,
      ),
    ),
    `${pairs} veth pair${pairs === 1 ? "" : "s"}`,
  ].join(", ")}.`;
}
