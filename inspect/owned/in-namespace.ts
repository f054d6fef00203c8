import type { Claim } from "../../provider/claims.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type Link, showLinks } from "../../provider/kernel/tools/ip.ts";
import { showNeighbors } from "../../provider/kernel/tools/neigh.ts";
import { nft, showTable } from "../../provider/kernel/tools/nft.ts";
import type { FilterArgs } from "../../provider/kinds/filter-args.ts";
import { chainMarkIn, filterChain } from "../../provider/kinds/filter-chain.ts";
import { type LinkPlace, linkMark } from "../../provider/kinds/link.ts";
import { linkClaims } from "../../provider/kinds/link-names.ts";
import { isTemporaryName } from "../../provider/kinds/link-parent.ts";
import type { NatArgs } from "../../provider/kinds/nat-args.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import { markIn } from "../../provider/kinds/nat-text.ts";
import { removeLink } from "../../provider/kinds/nic-loan.ts";
import { PROTOCOL } from "../../provider/kinds/route.ts";
import { tableOf } from "../../provider/kinds/stack-table.ts";
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

/**
 * Returns the stack's nft table in a place; only the stack's rules and filter chains if the table contains others.
 *
 * @param isKnown Returns true for a rule or a chain to keep.
 */
export async function tablesIn(
  kernel: KernelClient,
  namespace: string | undefined,
  mark: string,
  isKnown: (claim: Claim) => boolean,
): Promise<OwnedThing[]> {
  const table = tableOf(mark);
  const { chains, rules } = await showTable(kernel, namespace, table);
  if (chains.length === 0) return [];
  const isFree = (itsMark: string, claims: readonly Claim[]) => isOfStack(itsMark, mark) && !claims.some(isKnown);
  const filters = chains.filter(({ type }) => type === "filter");
  const ownChains = filters.flatMap(({ name, hook, prio }) => {
    const marks = rules.filter(({ chain }) => chain === name).flatMap(({ comment }) => chainMarkIn(comment) ?? []);
    const args = { namespace, chain: hook, priority: prio } as FilterArgs;
    const claims = filterChain.claims(args, mark);
    return isFree(marks[0] ?? mark, claims) ? [{ what: "nft chain" as const, name: `${table} ${name}`, claims }] : [];
  });
  const others = rules.filter(({ chain }) => !filters.some(({ name }) => name === chain));
  const ownRules = others.flatMap(({ chain, handle, comment = "" }) => {
    const ruleMark = markIn(comment) ?? "";
    const claims = natRule.claims({ namespace } as NatArgs, ruleMark);
    return isFree(ruleMark, claims) ? [{ chain, handle, comment, claims }] : [];
  });
  const remove = (what: string) => [{ run: nft(namespace, `delete ${what}`), tolerate: ["absent"] as const }];
  if (ownRules.length === others.length && ownChains.length === filters.length) {
    const name = `inet ${table}`;
    return [{ what: "nft table", namespace, name, claims: [], removal: remove(`table inet ${table}`) }];
  }
  return [
    ...ownChains.map((chain) => ({ ...chain, namespace, removal: remove(`chain inet ${chain.name}`) })),
    ...ownRules.map(({ chain, handle, comment, claims }) => ({
      what: "nft rule" as const,
      namespace,
      name: comment,
      claims,
      removal: remove(`rule inet ${table} ${chain} handle ${handle}`),
    })),
  ];
}

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
