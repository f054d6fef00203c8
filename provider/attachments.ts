/*
 * Ties between objects, as resources keep them in their inputs: the name of what an object lies on or is attached to and,
 * behind `#`, its generation. A state of version 0.1.0 has names only.
 */

/** The ties of a resource; unknown as a whole while one of the objects is still to be made. */
export type Attachments = readonly string[] | string | undefined;

/** Whether an object has lain on a link that it does not lie on any more, or that has been made anew: it went with the link. */
export const isDetached = (was: Attachments, is: Attachments): boolean =>
  attachmentList(was).some((old) => !attachmentList(is).some((now) => isSame(old, now)));

/** Whether an object is attached to another object than before, or to one that has been made anew. */
export function isFollowedChanged(was: Attachments, is: Attachments): boolean {
  const [olds, news] = [attachmentList(was), attachmentList(is)];
  return olds.length !== news.length || news.some((now, index) => !isSame(olds[index] ?? "", now));
}

export const attachmentList = (ties: Attachments = []): readonly string[] => (typeof ties === "string" ? [ties] : ties);

function isSame(old: string, now: string): boolean {
  const [[name, generation], [other, current]] = [old.split("#"), now.split("#")];
  return name === other && (generation === undefined || current === undefined || generation === current);
}
