import { type Claim, exclusiveClaims } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { dev, ip, type Link, showLink } from "../kernel/tools/ip.ts";
import { placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { rule } from "../schema.ts";
import { type LinkPlace, linkMark } from "./link.ts";
import { removeLink } from "./nic-loan.ts";

/** A link's place and its alternative name there. */
export interface LinkNames extends LinkPlace {
  readonly altname?: string | undefined;
}

/** Declares the rule that the altname must differ from the name. */
export const distinctNames = <Args extends LinkNames>() =>
  rule<Args, "name" | "altname">(["name", "altname"], ({ name, altname }) =>
    altname === name
      ? { at: "altname", why: `"${altname}" is also the name; altname must differ from name` }
      : undefined,
  );

/** Returns the names of an interface that no two resources may share. The kernel accepts the altname in place of the name. */
export const linkClaims = ({ namespace, name, altname = name }: LinkNames): Claim[] =>
  exclusiveClaims(...[...new Set([name, altname])].map((one) => `interface ${placeId(namespace, one)}`));

/** A link that has a name which another link needs. */
export interface NameConflict {
  readonly link: Link;
  readonly namespace: string | undefined;
  /** The name: the conflicting link's own name, or one of its altnames. */
  readonly name: string;
  readonly mark: string | undefined;
}

/** The link in a place, and the links that conflict with its names. */
export interface NamedLinks {
  readonly link: Link | undefined;
  readonly conflicts: readonly NameConflict[];
}

/** Queries a link by its name and altname. `ip` finds a link by either, so each may return a different link. */
export async function observeByNames(kernel: KernelClient, wanted: LinkNames, mark: string): Promise<NamedLinks> {
  const { namespace, name, altname } = wanted;
  const names = [name, ...(altname === undefined ? [] : [altname])];
  const found = await Promise.all(
    names.map(async (one) => ({ name: one, link: await showLink(kernel, namespace, one) })),
  );
  const conflicts = found.flatMap(({ name: one, link }) =>
    link === undefined || link.ifname === name
      ? []
      : [{ name: one, link, namespace, mark: linkMark({ namespace, name: link.ifname }, link, mark) }],
  );
  return { link: found.find(({ link }) => link?.ifname === name)?.link, conflicts };
}

/**
 * Plans the release of names that links of the same stack have. The program gives such a name to another link, so a link with
 * it as its own name is deleted, and a link with it as an altname stays. For other links' names, the kernel rejects the change.
 */
export const releaseNames = (conflicts: readonly NameConflict[], mark: string): Plan =>
  conflicts
    .filter((conflict) => isOfStack(conflict.mark, mark))
    .flatMap(({ link, name, namespace }) =>
      link.ifname === name
        ? removeLink({ namespace, name }, link)
        : [
            {
              run: ip(namespace, "link", "property", "del", dev(link.ifname), "altname", name),
              tolerate: ["absent"] as const,
            },
          ],
    );

/** A change of a link's altname. */
interface AltnameChange {
  /** The link as it was observed; undefined for a new link, which has no altname. */
  readonly link?: Link | undefined;
  readonly was?: LinkNames | undefined;
  readonly desired: LinkNames;
}

/** Plans the change of a link's altname to the desired one. A former altname may be on another link by now, so only an observed one is deleted. */
export function setAltname({ link, was, desired }: AltnameChange): Plan {
  const { namespace, name, altname } = desired;
  const has = (text: string | undefined): text is string =>
    text !== undefined && link?.altnames?.includes(text) === true;
  const change = (verb: "add" | "del", text: string) =>
    ip(namespace, "link", "property", verb, dev(name), "altname", text);
  return [
    ...(was?.altname !== altname && has(was?.altname)
      ? [{ run: change("del", was.altname), tolerate: ["absent"] as const }]
      : []),
    ...(altname === undefined || has(altname) ? [] : [{ run: change("add", altname), undo: change("del", altname) }]),
  ];
}
