import { isUnknown } from "./schema.ts";

/*
 * Ties between objects, as resources store them in their inputs: the name of the object that another depends on or is attached
 * to and, after `#`, its generation. A state of version 0.1.0 has names only.
 */

/** The ties of a resource; unknown as a whole until all of the objects are created. */
export type Attachments = readonly string[] | string | undefined;

/**
 * Returns whether an object was on a link that was recreated, which has deleted the object, or has left all of its links. A route over several
 * links that leaves one of them stays: it changes before that link is deleted.
 */
export function isDetached(was: Attachments, is: Attachments): boolean {
  const [olds, news] = [attachmentList(was), attachmentList(is)];
  const isKept = (old: string): boolean => news.some((now) => isSame(old, now));
  const left = olds.filter((old) => !isKept(old));
  // An unknown link is one that is recreated: the engine searches the objects on it.
  const isRecreated = (old: string): boolean => news.some((now) => isUnknown(now) || nameOf(now) === nameOf(old));
  return left.length > 0 && (left.length === olds.length || left.some(isRecreated));
}

/** Returns whether an object is now attached to a different object, or to one that was recreated. */
export function isFollowedChanged(was: Attachments, is: Attachments): boolean {
  const [olds, news] = [attachmentList(was), attachmentList(is)];
  return olds.length !== news.length || news.some((now, index) => !isSame(olds[index] ?? "", now));
}

export const attachmentList = (ties: Attachments = []): readonly string[] => (typeof ties === "string" ? [ties] : ties);

const nameOf = (tie: string): string => tie.split("#")[0] ?? tie;

function isSame(old: string, now: string): boolean {
  const [[name, generation], [other, current]] = [old.split("#"), now.split("#")];
  return name === other && (generation === undefined || current === undefined || generation === current);
}
