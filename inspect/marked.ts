import { showLinks } from "../provider/kernel/ip.ts";
import type { Kernel } from "../provider/kernel/kernel.ts";
import { namespace as namespaceKind } from "../provider/kinds/namespace.ts";
import { erase, inTheMaking, readNotes } from "../provider/notes.ts";
import { isOfStack, markOf } from "../provider/owner.ts";
import type { Plan } from "../provider/plan.ts";
import { hostsFilesOf, processesOf } from "./marked-beside.ts";
import { linksIn, routesIn, sysctlsIn, tablesIn } from "./marked-in-place.ts";
import { namespacesOf } from "./places.ts";

/** Who made something. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** The backend of its state; see {@link currentBackend}. */
  readonly backend?: string | undefined;
}

/** Something in the kernel. */
export interface Thing {
  readonly what: "namespace" | "link" | "nft table" | "nft rule" | "sysctl" | "route" | "process" | "hosts files";
  /** The namespace that it is in; undefined for the lab host. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Something that is proven to be a stack's, with what removes it. */
export interface Marked extends Thing {
  readonly removal: Plan;
}

/** What a look at the kernel has found. */
export interface Findings {
  /** What bears the stack's mark, in the order in which it is to be removed. */
  readonly marked: readonly Marked[];
  /** What this package has made and nothing says for whom. */
  readonly unclear: readonly Thing[];
}

/** Finds what a stack has made, by the marks alone and without its state. Changes nothing. */
export async function findMarked(owner: Owner, kernel: Kernel): Promise<Findings> {
  // Any mark of the stack: what is looked for is whatever bears one of the same stack.
  const mark = markOf({ ...owner, name: "", urn: "" });
  const own: Marked[] = [];
  const places: (string | undefined)[] = [undefined];
  // Not in the order of their making, which another run need not have.
  for (const name of (await namespacesOf(kernel)).sort((left, right) => left.localeCompare(right))) {
    const found = await ownNamespace(kernel, name, owner);
    // What is in a namespace of the stack goes with it.
    if (found === undefined) places.push(name);
    else own.push(found);
  }
  const inPlaces = async <T>(find: (kernel: Kernel, place: string | undefined, mark: string) => Promise<T[]>) =>
    (await Promise.all(places.map((place) => find(kernel, place, mark)))).flat();

  const links = await inPlaces(linksIn);
  const goes = ({ namespace, dev }: { namespace: string | undefined; dev: string | undefined }) =>
    links.some((link) => link.namespace === namespace && link.name === dev);
  return {
    // A process uses all else, and a sysctl may be of a link, so it comes before the links.
    marked: [
      ...(await processesOf(kernel, mark)),
      ...(await inPlaces(sysctlsIn)),
      ...(await inPlaces(tablesIn)),
      ...links,
      ...own,
      ...(await hostsFilesOf(kernel, mark)),
    ],
    unclear: (await inPlaces(routesIn)).flatMap(({ dev, ...route }) =>
      goes({ namespace: route.namespace, dev }) ? [] : [route],
    ),
  };
}

async function ownNamespace(kernel: Kernel, name: string, owner: Owner): Promise<Marked | undefined> {
  const links = await showLinks(kernel, name);
  const alias = links?.find((link) => link.ifname === "lo")?.ifalias;
  const mark = alias ?? usualMark(name, owner);
  if (!isOfStack(mark, usualMark(name, owner))) return undefined;

  const seen = await namespaceKind.observe(kernel, { name }, mark);
  if (seen?.mark !== mark) return undefined;
  // A crash may have left the note that the namespace was in the making, beside the mark.
  const making = inTheMaking(name, mark);
  const noted = !seen.making && (await readNotes(kernel, undefined)).includes(making);
  const removal = namespaceKind.plan({ seen, desired: undefined, mark });
  return {
    what: "namespace",
    namespace: name,
    name,
    removal: [...removal, ...(noted ? [erase(undefined, making)] : [])],
  };
}

/**
 * The mark that a namespace bears whose resource has the same name and no parent, as most have. For one that a crash has
 * left without a mark, it shows whether the note of its making is this stack's.
 */
const usualMark = (name: string, { project, stack, backend }: Owner): string =>
  markOf({
    project,
    stack,
    backend,
    name,
    urn: `urn:pulumi:${stack}::${project}::pulumi-nodejs:dynamic/netns:Namespace::${name}`,
  });
