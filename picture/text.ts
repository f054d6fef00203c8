/** How wide a text is in a monospaced font of a size, in pixels. */
export function widthOf(text: string, size: number): number {
  let cells = 0;
  for (const character of text) cells += WIDE.test(character) ? 2 : 1;
  return Math.ceil(cells * size * ADVANCE);
}

/** The text, or its beginning and end where it is longer than a box should be wide. */
export function shortened(text: string, most = 44): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - half).join("")}…${characters.slice(-half).join("")}`;
}

/** Text for XML and HTML, in content and in quoted attributes. What XML cannot hold becomes a replacement character. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�")
    .replace(/[&<>"'\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Monospaced fonts are between 0.55 and 0.602 of their size wide. */
const ADVANCE = 0.602;

const WIDE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u;
