import { type Attachments, attachmentList } from "./attachments.ts";
import { leadsOverDown } from "./errors.ts";
import { type LinkEnd, type OverLinks, parsePlaceId, placeId } from "./kind.ts";
import { type Failure, hasUnknown } from "./schema.ts";

/** The interfaces that the program declares with `up: false` in this run, each with its place. */
export type DownLinks = Set<string>;

/** Records which interfaces of a link are declared down. An interface with unknown arguments counts as up. */
export function noteLinkStates(down: DownLinks, ends: Readonly<Record<string, LinkEnd>>): void {
  for (const { namespace, name, up } of Object.values(ends)) {
    if (hasUnknown([namespace, name])) continue;
    if (up) down.delete(placeId(namespace, name));
    else down.add(placeId(namespace, name));
  }
}

/** Rejects an object that routes only over interfaces that are declared down, which the kernel would reject. */
export function overDownLink(down: DownLinks, over: OverLinks | undefined, on: Attachments): Failure[] {
  if (over === undefined) return [];
  const { namespace, interface: name } = over;
  const under = name === undefined ? endsIn(namespace, on) : [placeId(namespace, name)];
  const [link] = under;
  if (link === undefined || !under.every((end) => down.has(end))) return [];
  return [{ property: name === undefined ? "via" : "interface", reason: leadsOverDown(link) }];
}

/** Returns the ends, within a place, of the links that a resource depends on. */
const endsIn = (namespace: string | undefined, on: Attachments): readonly string[] =>
  attachmentList(on)
    .flatMap((tie) => tie.split("#")[0]?.split(":") ?? [])
    .filter((end) => parsePlaceId(end).namespace === namespace);
