import { type Claim, exclusiveClaims } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { dev, ip, type Link, showLink } from "../kernel/tools/ip.ts";
import { placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { rule } from "../schema.ts";
import { deleteStep, type LinkPlace, linkMark } from "./link.ts";

/** A link's place, and the alternative name that it has there. */
export interface LinkNames extends LinkPlace {
  readonly altname?: string | undefined;
}

/** The alternative name must differ from the name. */
export const distinctNames = <Args extends LinkNames>() =>
  rule<Args, "name" | "altname">(["name", "altname"], ({ name, altname }) =>
    altname === name
      ? { at: "altname", why: `"${altname}" is also the name; altname must differ from name` }
      : undefined,
  );

/** The names of an interface that no two resources may share. The kernel takes either name for the other. */
export const linkClaims = ({ namespace, name, altname = name }: LinkNames): Claim[] =>
  exclusiveClaims(...[...new Set([name, altname])].map((one) => `interface ${placeId(namespace, one)}`));

/** A link that has a name which another link is to have. */
export interface NameConflict {
  readonly link: Link;
  readonly namespace: string | undefined;
  /** The name: the rival's own, or one of its alternative names. */
  readonly name: string;
  readonly mark: string | undefined;
}

/** The link that stands in a place, and those that have one of its names. */
export interface NamedLinks {
  readonly link: Link | undefined;
  readonly conflicts: readonly NameConflict[];
}

/** Looks for a link by its names. `ip` finds a link by either kind of name, so each may lead to another link. */
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
 * Takes a name from links of the same stack. The program gives the name to another link, so a link whose own name it is will
 * be deleted; a link that has it as an alternative name stays. The names of other links are left to the kernel, which refuses them.
 */
export const releaseNames = (conflicts: readonly NameConflict[], mark: string): Plan =>
  conflicts
    .filter((conflict) => isOfStack(conflict.mark, mark))
    .map(({ link, name, namespace }) =>
      link.ifname === name
        ? deleteStep({ namespace, name })
        : {
            run: ip(namespace, "link", "property", "del", dev(link.ifname), "altname", name),
            tolerate: ["absent"] as const,
          },
    );

/** Changes a link's alternative name to the desired one. A link cannot be created with one. */
export function setAltname({
  seen,
  was,
  desired,
}: Record<"seen" | "was", LinkNames | undefined> & { desired: LinkNames }): Plan {
  const { namespace, name, altname } = desired;
  const change = (verb: "add" | "del", text: string) =>
    ip(namespace, "link", "property", verb, dev(name), "altname", text);
  const old = was?.altname === altname ? undefined : was?.altname;
  return [
    ...(old === undefined ? [] : [{ run: change("del", old), tolerate: ["absent"] as const }]),
    ...(altname === undefined || altname === seen?.altname ? [] : [{ run: change("add", altname) }]),
  ];
}
