import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type Link, showLinks } from "../../provider/kernel/tools/ip.ts";
import { showNeighbors } from "../../provider/kernel/tools/neigh.ts";
import { type LinkPlace, linkMark } from "../../provider/kinds/link.ts";
import { linkClaims } from "../../provider/kinds/link-names.ts";
import { isTemporaryName } from "../../provider/kinds/link-parent.ts";
import { removeLink } from "../../provider/kinds/nic-loan.ts";
import { PROTOCOL } from "../../provider/kinds/route.ts";
import { sysctl } from "../../provider/kinds/sysctl.ts";
import { readNotes, removeNote } from "../../provider/notes.ts";
import { digest, isOfStack, stackNameOf, stackOf } from "../../provider/owner.ts";
import type { OnLink, OwnedThing } from "./types.ts";

/** Returns the links in a place that have a mark of the same stack. The removal of a physical interface moves it back to the lab host. */
export async function linksIn(
  kernel: KernelClient,
  namespace: string | undefined,
  mark: string,
): Promise<OwnedThing[]> {
  const links = (await showLinks(kernel, namespace)) ?? [];
  return links
    .map((link) => ({ link, at: { namespace, name: link.ifname } }))
    .filter(({ link, at }) => link.ifname !== "lo" && isOfStack(markOf(at, link, mark), mark))
    .map(({ link, at }): OwnedThing => ({ what: "link", ...at, claims: linkClaims(at), removal: removeLink(at, link) }))
    .sort((left, right) => left.name.localeCompare(right.name));
}

/** Returns the mark of a link. A link that the stack was creating when its program ended may have only a temporary name. */
const markOf = (at: LinkPlace, link: Link, mark: string): string | undefined =>
  linkMark(at, link, mark) ?? (isTemporaryName(at.name, mark) ? mark : undefined);

/** Returns the sysctls in a place for which the stack has noted a previous value. */
export async function sysctlsIn(
  kernel: KernelClient,
  namespace: string | undefined,
  mark: string,
): Promise<OwnedThing[]> {
  const by = [stackOf(mark), stackNameOf(mark)].map((stack) => digest(String(stack)));
  const notes = (await readNotes(kernel, namespace)).flatMap((text) => {
    const [, key] = /^(net[^=]*)=.*:([0-9a-f]{8})$/.exec(text) ?? [];
    return key !== undefined && by.some((one) => text.endsWith(`:${one}`))
      ? [{ text, key: key.replaceAll("!", "/") }]
      : [];
  });
  return Promise.all(
    notes.map(async ({ text, key }) => {
      const args = { key, value: "", ...(namespace !== undefined && { namespace }) };
      const seen = await sysctl.observe(kernel, args, mark);
      const removal =
        seen === undefined ? [removeNote(namespace, text)] : sysctl.plan({ seen, desired: undefined, mark });
      return { what: "sysctl", namespace, name: key, claims: sysctl.claims(args, mark), removal };
    }),
  );
}

/** Returns the neighbours in a place that this package created. A neighbour does not record its stack. */
export async function neighborsIn(kernel: KernelClient, namespace: string | undefined): Promise<OnLink[]> {
  const neighbors = (await showNeighbors(kernel, namespace)) ?? [];
  return neighbors.flatMap(({ dst, dev, protocol }) =>
    protocol === PROTOCOL ? [{ what: "neighbour", namespace, name: dst, dev }] : [],
  );
}

/** Returns a note of the stack whose object does not exist. */
export const leftoverNote = (namespace: string | undefined, text: string): OwnedThing => ({
  what: "note",
  namespace,
  name: text,
  claims: [],
  removal: [removeNote(namespace, text)],
});
