import type { Frame } from "../../picture/geometry.ts";
import { widthOf } from "../../picture/text.ts";
import { overlap } from "./sound.ts";

/** A text of a picture, with the space that its letters take. */
export interface DrawnText extends Frame {
  readonly content: string;
}

/** Returns the texts that an SVG draws, with their places in the picture. */
export function textsOf(picture: string): DrawnText[] {
  const texts: DrawnText[] = [];
  const origins = [{ x: 0, y: 0 }];
  for (const [, x, y, look = "", anchor, content, move, begins] of picture.matchAll(TOKENS)) {
    const origin = origins.at(-1) ?? { x: 0, y: 0 };
    if (content !== undefined)
      texts.push(textAt({ x: origin.x + Number(x), y: origin.y + Number(y) }, look, anchor, decoded(content)));
    else if (begins !== undefined) origins.push(movedBy(origin, move));
    else origins.pop();
  }
  return texts;
}

/** Returns the pairs of texts of which one covers a part of the other. */
export function overlappingTexts(picture: string): string[] {
  const texts = textsOf(picture);
  return texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) => `${one.content} and ${other.content}`),
  );
}

/** Matches a text, the beginning of a group, or its end. */
const TOKENS =
  /<text x="([^"]*)" y="([^"]*)"(?: class="([^"]*)")?(?: text-anchor="([^"]*)")?>([^<]*)<|<g(?: [^>]*?)??(?: transform="translate\(([^)]*)\)")?(>)|<\/g>/g;

function movedBy({ x, y }: { x: number; y: number }, move = "0 0"): { x: number; y: number } {
  const [right = 0, down = 0] = move.split(" ").map(Number);
  return { x: x + right, y: y + down };
}

function textAt(at: { x: number; y: number }, look: string, anchor: string | undefined, content: string): DrawnText {
  const size = SIZES.find(([name]) => look.split(" ").includes(name))?.[1] ?? 12;
  const spacing = look.includes("kind") ? 0.06 * size * content.length : 0;
  const width = widthOf(content, size) + spacing;
  const left = anchor === "end" ? width : anchor === "middle" ? width / 2 : 0;
  // Above the baseline, letters are as high as three quarters of their size; below it, they reach a fifth of it.
  return { content, x: at.x - left, y: at.y - 0.75 * size, width, height: 0.95 * size };
}

/** The classes of texts of another size than 12. */
const SIZES: readonly [string, number][] = [
  ["title", 14],
  ["kind", 10],
  ["small", 10],
];

const decoded = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
