import type { Claim } from "../../provider/claims.ts";
import type { Kernel } from "../../provider/kernel/kernel.ts";
import { showLink } from "../../provider/kernel/tools/ip.ts";
import { namespace as namespaceKind } from "../../provider/kinds/namespace.ts";
import { erase, inTheMaking, isMaking, readNotes } from "../../provider/notes.ts";
import { isOfStack, markOf } from "../../provider/owner.ts";
import { namespacesOf } from "../interfaces.ts";
import { inParallel } from "../parallel.ts";
import { hostsFilesOf, processesOf } from "./host-files-and-processes.ts";
import { linksIn, routesIn, sysctlsIn, tablesIn } from "./in-namespace.ts";
import type { Findings, Marked, Owner } from "./types.ts";

/**
 * Finds what a stack has made, by the marks alone. Changes nothing.
 *
 * @param known The names of what is left out, such as those that the stack's state has.
 */
export async function findMarked(
  owner: Owner,
  kernel: Kernel,
  known: ReadonlySet<string> = new Set(),
): Promise<Findings> {
  // Any mark of the stack: what is looked for is whatever bears one of the same stack.
  const mark = markOf({ ...owner, name: "", urn: "" });
  // Not in the order of their making, which another run need not have.
  const names = (await namespacesOf(kernel)).sort((left, right) => left.localeCompare(right));
  const notes = (await readNotes(kernel, undefined)).filter((text) => isMaking(text, mark));
  const namespaces = await inParallel(names, async (name) => ({
    name,
    own: await ownNamespace(kernel, name, mark, notes),
  }));
  // What is in a namespace of the stack goes with it.
  const places = [undefined, ...namespaces.flatMap(({ name, own }) => (own === undefined ? [name] : []))];
  const inPlaces = async <T>(find: (place: string | undefined) => Promise<T[]>) =>
    (await inParallel(places, find)).flat();
  const isKnown = ({ name }: Claim) => known.has(name);

  const links = await inPlaces((place) => linksIn(kernel, place, mark));
  const goes = ({ namespace, dev }: { namespace: string | undefined; dev: string | undefined }) =>
    links.some((link) => link.namespace === namespace && link.name === dev);
  return {
    // A process uses all else, and a sysctl may be of a link, so it comes before the links.
    marked: [
      ...(await processesOf(kernel, mark)),
      ...(await inPlaces((place) => sysctlsIn(kernel, place, mark))),
      ...(await inPlaces((place) => tablesIn(kernel, place, mark, isKnown))),
      ...links,
      ...namespaces.flatMap(({ own }) => own ?? []),
      ...(await hostsFilesOf(kernel, mark)),
      ...notes.filter((text) => !names.some((name) => inTheMaking(name, mark) === text)).map(strayNote),
    ].filter(({ claims }) => !claims.some(isKnown)),
    unclear: (await inPlaces((place) => routesIn(kernel, place))).flatMap(({ dev, ...route }) =>
      goes({ namespace: route.namespace, dev }) ? [] : [route],
    ),
  };
}

/**
 * A namespace, if it is of the stack of a mark.
 *
 * @param notes The stack's notes of namespaces in the making: one that a crash has left may have no mark yet.
 */
async function ownNamespace(
  kernel: Kernel,
  name: string,
  mark: string,
  notes: readonly string[],
): Promise<Marked | undefined> {
  const own = (await showLink(kernel, name, "lo"))?.ifalias ?? mark;
  if (!isOfStack(own, mark)) return undefined;
  const seen = await namespaceKind.observe(kernel, { name }, own);
  if (seen?.mark !== own) return undefined;
  // A crash may have left the note beside the mark.
  const noted = !seen.making && notes.includes(inTheMaking(name, mark));
  const removal = namespaceKind.plan({ seen, desired: undefined, mark: own });
  return {
    what: "namespace",
    namespace: name,
    name,
    claims: namespaceKind.claims({ name }, own),
    removal: [...removal, ...(noted ? [erase(undefined, inTheMaking(name, mark))] : [])],
  };
}

/** A note of a namespace that is not there, since a crash came before it was made. */
const strayNote = (text: string): Marked => ({
  what: "note",
  namespace: undefined,
  name: text,
  claims: [],
  removal: [erase(undefined, text)],
});
