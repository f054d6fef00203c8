import type { Line } from "./topology.ts";

/** The lines that say the same in several lists, in the order of the lists. */
export type SharedLine = readonly [Line, ...Line[]];

/** Returns the lines that all lists have, in the order of the first list. A mark makes no difference. */
export function sharedLines(lists: readonly (readonly Line[])[]): SharedLine[] {
  const texts = lists.map((lines) => Map.groupBy(lines, said));
  const counts = new Map<string, number>();
  return (lists[0] ?? []).flatMap((line) => {
    const count = counts.get(said(line)) ?? 0;
    counts.set(said(line), count + 1);
    const [first, ...others] = texts.flatMap((lines) => lines.get(said(line))?.[count] ?? []);
    return first === undefined || others.length + 1 < lists.length ? [] : [[first, ...others]];
  });
}

/** Returns the line that stands for a shared line. It has a mark if all have the same one. */
export function captionLine([first, ...others]: SharedLine): Line {
  const mark = others.every((line) => line.mark === first.mark) ? first.mark : undefined;
  return { ...first, mark, brief: undefined, details: undefined };
}

/** A line that a change gives another text is shared as before, so that the picture of the change has the same boxes. */
const said = ({ label, text, before = text }: Line): string => `${label} ${before}`;
