/** Returns the width of a text in a monospaced font of the given size, in pixels. */
export function widthOf(text: string, size: number): number {
  let cells = 0;
  for (const character of text) cells += WIDE.test(character) ? 2 : 1;
  return Math.ceil(cells * size * ADVANCE);
}

/** Returns the text, or its beginning and end if it is too long for a box. */
export function shortened(text: string, most = 60): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - half).join("")}…${characters.slice(-half).join("")}`;
}

/** Escapes text for XML and HTML, in content and in quoted attributes. Characters invalid in XML become replacement characters. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�")
    .replace(/[&<>"'\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The advance width of monospaced fonts is between 0.55 and 0.602 of their size. */
const ADVANCE = 0.602;

const WIDE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u;
