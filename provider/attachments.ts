/*
 * Ties between objects, as resources store them in their inputs: the name of the object that another depends on or is attached
 * to and, after `#`, its generation. A state of version 0.1.0 has names only.
 */

/** The ties of a resource; unknown as a whole until all of the objects are created. */
export type Attachments = readonly string[] | string | undefined;

/** Returns whether an object was on a link that it has left or that was recreated: the object was deleted with the link. */
export const isDetached = (was: Attachments, is: Attachments): boolean =>
  attachmentList(was).some((old) => !attachmentList(is).some((now) => isSame(old, now)));

/** Returns whether an object is now attached to a different object, or to one that was recreated. */
export function isFollowedChanged(was: Attachments, is: Attachments): boolean {
  const [olds, news] = [attachmentList(was), attachmentList(is)];
  return olds.length !== news.length || news.some((now, index) => !isSame(olds[index] ?? "", now));
}

export const attachmentList = (ties: Attachments = []): readonly string[] => (typeof ties === "string" ? [ties] : ties);

function isSame(old: string, now: string): boolean {
  const [[name, generation], [other, current]] = [old.split("#"), now.split("#")];
  return name === other && (generation === undefined || current === undefined || generation === current);
}
