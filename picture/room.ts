import { boxesOf } from "./boxes.ts";
import { shortened } from "./text.ts";
import type { Line, Topology } from "./topology.ts";

/** Returns true if a line after a change fits into the place of the line before, among the other texts of its box. */
type HasRoom = (old: Line, is: Line, texts: readonly Line[]) => boolean;

/** A line of a resource of its own stays the same line when its text changes. */
export const isSameLine = (one: Line, other: Line): boolean =>
  one.label === other.label &&
  (one.isPart === true || other.isPart === true ? one.text === other.text : one.resource === other.resource);

/** Returns the test for the boxes of a topology. A line that a rack shows for all of its boxes fits if it changes in all of them alike. */
export function roomIn(before: Topology, after: Topology): HasRoom {
  const shared = new Map(
    boxesOf(before).racks.flatMap(({ shared: lines, caption }) =>
      lines.flatMap((all) => all.map((line) => [line, { all, texts: caption?.lines ?? [] }] as const)),
    ),
  );
  const listsOf = ({ places }: Topology) =>
    places.flatMap(({ key, lines, links }) => [
      [key, lines] as const,
      ...links.map((link) => [link.key, link.about] as const),
    ]);
  const news = new Map(listsOf(after));
  const now = new Map(
    listsOf(before).flatMap(([key, lines]) =>
      lines.flatMap((line) =>
        shared.has(line) ? [[line, news.get(key)?.find((one) => isSameLine(line, one))] as const] : [],
      ),
    ),
  );
  return (old, is, texts) => {
    const rack = shared.get(old);
    if (rack === undefined)
      return fits(
        is,
        texts.filter((one) => !shared.has(one)),
      );
    if (is.text === old.text) return true;
    return rack.all.every((line) => now.get(line)?.text === is.text) && fits({ ...is, brief: undefined }, rack.texts);
  };
}

const fits = (line: Line, texts: readonly Line[]): boolean =>
  shownText(line).length <= Math.max(...texts.map((one) => shownText(one).length));

const shownText = ({ label, text, brief }: Line): string => `${label} ${shortened(brief ?? text)}`;
