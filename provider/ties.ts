/*
 * Ties between objects, as resources keep them in their inputs: the name of what an object lies on or is attached to and,
 * behind `#`, its generation. A state of version 0.1.0 has names only.
 */

/** Whether an object has lain on a link that it does not lie on any more, or that has been made anew: it went with the link. */
export const liesElsewhere = (was: readonly string[] = [], is: readonly string[] = []): boolean =>
  was.some((old) => !is.some((now) => isSame(old, now)));

/** Whether an object is attached to another object than before, or to one that has been made anew. */
export const followsOther = (was: readonly string[] = [], is: readonly string[] = []): boolean =>
  was.length !== is.length || is.some((now, index) => !isSame(was[index] ?? "", now));

function isSame(old: string, now: string): boolean {
  const [[name, generation], [other, current]] = [old.split("#"), now.split("#")];
  return name === other && (generation === undefined || current === undefined || generation === current);
}
