import type { Claim } from "../../provider/claims.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { showLink } from "../../provider/kernel/tools/ip.ts";
import { namespace as namespaceKind } from "../../provider/kinds/namespace.ts";
import { creationNote, isCreationNote, readNotes, removeNote } from "../../provider/notes.ts";
import { isOfStack, markOf } from "../../provider/owner.ts";
import { namespacesOf } from "../interfaces.ts";
import { inParallel } from "../parallel.ts";
import { hostsFilesOf, processesOf } from "./host-files-and-processes.ts";
import { leftoverNote, linksIn, neighborsIn, sysctlsIn } from "./in-namespace.ts";
import { withoutOtherStacks } from "./other-stacks.ts";
import { qdiscsIn } from "./qdiscs.ts";
import { routingIn } from "./routing.ts";
import { tablesIn } from "./tables.ts";
import type { OwnedThing, OwnedThings, Owner } from "./types.ts";

/**
 * Finds the objects of a stack by their marks alone. Changes nothing.
 *
 * @param known The names of the objects to omit, such as those in the stack's state.
 */
export async function findOwned(
  owner: Owner,
  kernel: KernelClient,
  known: ReadonlySet<string> = new Set(),
): Promise<OwnedThings> {
  // Any mark of the stack will do: objects are matched by the stack of their mark.
  const mark = markOf({ ...owner, name: "", urn: "" });
  // Sorted by name, because the order of creation may differ between runs.
  const names = (await namespacesOf(kernel)).sort((left, right) => left.localeCompare(right));
  const notes = (await readNotes(kernel, undefined)).filter((text) => isCreationNote(text, mark));
  const namespaces = await inParallel(names, async (name) => ({
    name,
    own: await ownNamespace(kernel, name, mark, notes),
  }));
  // Objects in a namespace of the stack are deleted with it.
  const places = [undefined, ...namespaces.flatMap(({ name, own }) => (own === undefined ? [name] : []))];
  const inAllPlaces = async <T>(find: (place: string | undefined) => Promise<T[]>) =>
    (await inParallel(places, find)).flat();
  const isKnown = ({ name }: Claim) => known.has(name);

  const qdiscs = await inAllPlaces((place) => qdiscsIn(kernel, place, mark));
  const routing = await inParallel(places, (place) => routingIn(kernel, place, mark, known));
  const ownLinks = await inAllPlaces((place) => linksIn(kernel, place, mark));
  // The ifb of a redirection is removed with it.
  const links = ownLinks.filter(({ claims }) => !qdiscs.some((qdisc) => isSameIn(qdisc.claims, claims)));
  const goesWithLink = ({ namespace, dev }: { namespace: string | undefined; dev: string | undefined }) =>
    ownLinks.some((link) => link.namespace === namespace && link.name === dev);
  return {
    // Processes use all other objects, and a sysctl may belong to a link, so these are removed before the links.
    marked: [
      ...(await processesOf(kernel, mark)),
      ...(await inAllPlaces((place) => sysctlsIn(kernel, place, mark))),
      ...(await inAllPlaces((place) => tablesIn(kernel, place, mark, isKnown))),
      ...routing.flatMap(({ owned }) => owned),
      // The ifb of a redirection does not go with the interface.
      ...qdiscs.filter(({ what, namespace, name }) => what === "ingress" || !goesWithLink({ namespace, dev: name })),
      ...links,
      ...namespaces.flatMap(({ own }) => own ?? []),
      ...(await hostsFilesOf(kernel, mark)),
      // A crash may have happened before the namespace of a note was created.
      ...notes
        .filter((text) => !names.some((name) => creationNote(name, mark) === text))
        .map((text) => leftoverNote(undefined, text)),
    ].filter(({ claims }) => !claims.some(isKnown)),
    unclear: await withoutOtherStacks(
      kernel,
      [
        ...routing.flatMap(({ unclear }) => unclear),
        ...(await inAllPlaces((place) => neighborsIn(kernel, place))),
      ].filter((thing) => !goesWithLink(thing)),
      mark,
    ),
  };
}

const isSameIn = (all: readonly Claim[], some: readonly Claim[]): boolean =>
  some.every(({ name }) => all.some((claim) => claim.name === name));

/**
 * Returns a namespace if it belongs to the stack of a mark.
 *
 * @param notes The stack's notes of namespaces that are being created: after a crash such a namespace may have no mark yet.
 */
async function ownNamespace(
  kernel: KernelClient,
  name: string,
  mark: string,
  notes: readonly string[],
): Promise<OwnedThing | undefined> {
  const own = (await showLink(kernel, name, "lo"))?.ifalias ?? mark;
  if (!isOfStack(own, mark)) return undefined;
  const seen = await namespaceKind.observe(kernel, { name }, own);
  if (seen?.mark !== own) return undefined;
  // After a crash, both the note and the mark may exist.
  const hasNote = !seen.isBeingCreated && notes.includes(creationNote(name, mark));
  const removal = namespaceKind.plan({ seen, desired: undefined, mark: own });
  return {
    what: "namespace",
    namespace: name,
    name,
    claims: namespaceKind.claims({ name }, own),
    removal: [...removal, ...(hasNote ? [removeNote(undefined, creationNote(name, mark))] : [])],
  };
}
