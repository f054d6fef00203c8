import * as v from "valibot";
import { faultOfInterface } from "../faults.ts";
import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import {
  dev,
  ip,
  type Link,
  listNamespaces,
  namespaceWord,
  showLink,
  showLinks,
  type Word,
} from "../kernel/tools/ip.ts";
import { LAB_HOST_WORD, openingLabHost } from "../kernel/tools/lab-host-word.ts";
import { digest, stackNameOf } from "../owner.ts";
import type { Step } from "../plan.ts";
import { field, isUnknown, rule } from "../schema.ts";
import { interfaceName, namespaceName } from "../values.ts";
import type { LinkPlace } from "./link.ts";
import type { LinkOption, OptionSource } from "./link-option.ts";
import { type TunnelPlace, underlayOf } from "./link-underlay.ts";

/** The arguments of a link on top of another one, its parent. The two may be in different namespaces. */
export interface ParentArgs extends LinkPlace {
  readonly link?: string | undefined;
  readonly linkNamespace?: string | undefined;
}

/** Returns the options of a kind whose links have a parent: `ip -n linkNamespace link add link LINK …`. */
export const parentOptions = () => ({
  link: {
    entry: field(interfaceName(faultOfParent), { replaces: true }),
    words: () => [],
    read: ({ parent }: OptionSource) => parent?.name,
  } satisfies LinkOption,
  linkNamespace: {
    entry: v.optional(field(namespaceName(), { replaces: true })),
    words: () => [],
    read: ({ parent }: OptionSource) => parent?.namespace,
  } satisfies LinkOption,
});

const faultOfParent = (name: string): string | undefined =>
  name === "lo"
    ? "it is the loopback interface, which the kernel takes as the parent of no link; a Dummy can be one"
    : faultOfInterface(name);

/** Declares the rule that a link is not its own parent. */
export const parentIsAnother = <Args extends ParentArgs>() =>
  rule<Args, keyof ParentArgs>(
    ["name", "namespace", "link", "linkNamespace"],
    ({ name, namespace, link, linkNamespace }) =>
      link === name && linkNamespace === namespace && !isUnknown(name) && !isUnknown(namespace)
        ? { at: "link", why: `"${link}" is the link itself; name the interface that it is on` }
        : undefined,
  );

/** A link that may be created in another namespace than its own. */
type BornElsewhere = ParentArgs & TunnelPlace;

/** Returns the namespace to create a link in: that of its parent, so that the name finds the parent, or that of its underlay. */
export const creationNamespace = (link: BornElsewhere): string | undefined =>
  link.link === undefined ? underlayOf(link) : link.linkNamespace;

/** Returns the words of `ip link add` for a link's parent and, if it is created in another one, for its namespace. */
export const birthWords = (created: BornElsewhere): string[] => [
  ...(created.link === undefined ? [] : ["link", created.link]),
  ...targetWords(creationNamespace(created), created.namespace),
];

/** Returns the words that put a link into another namespace than that of the command; none for the same one. */
const targetWords = (from: string | undefined, to: string | undefined): string[] =>
  from === to ? [] : ["netns", to === undefined ? LAB_HOST_WORD : namespaceWord(to)];

/** Returns the command of `ip` that creates a link, or moves it, from one place to another. */
export function ipBetween(
  from: string | undefined,
  to: string | undefined,
  ...[verb, ...words]: [verb: string, ...words: Word[]]
): Command {
  const command = ip(from, "link", verb, ...words);
  return from !== undefined && to === undefined ? openingLabHost(command) : command;
}

/**
 * Returns whether the namespace in which a link is created has another link with its name. A kernel before 6.15 then refuses to create
 * the link, also for another namespace, and every kernel does so if the link is created there before it moves.
 */
export const isNameTaken = async (kernel: KernelClient, link: BornElsewhere): Promise<boolean> =>
  creationNamespace(link) !== link.namespace &&
  (await showLink(kernel, creationNamespace(link), link.name)) !== undefined;

/**
 * Returns the temporary name of a link that is not created under its own name. It is derived from the resource, so it is unique, and it
 * identifies the stack of a link that has no other mark yet.
 */
export const temporaryName = (mark: string): string => `${temporaryPrefix(mark)}${digest(mark)}`;

/** Returns whether a name is a temporary name of the stack of a mark. */
export const isTemporaryName = (name: string, mark: string): boolean =>
  name.startsWith(temporaryPrefix(mark)) && /^pn[0-9a-f]{13}$/.test(name);

const temporaryPrefix = (mark: string): string => `pn${digest(String(stackNameOf(mark))).slice(0, 5)}`;

/**
 * Returns the step that gives a new link its own name and namespace; none if it has them.
 *
 * @param mark The mark that the link gets by the same command, if it has none yet.
 */
export function placeSteps(born: LinkPlace, { namespace, name }: LinkPlace, mark: string | undefined): Step[] {
  if (born.name === name) return [];
  const words = [
    ...targetWords(born.namespace, namespace),
    ...["name", name],
    ...(mark === undefined ? [] : ["alias", mark]),
  ];
  return [
    {
      run: ipBetween(born.namespace, namespace, "set", dev(born.name), ...words),
      undo: ip(namespace, "link", "delete", dev(name)),
    },
  ];
}

/**
 * Returns the parent of a link, if it is the wanted one. `ip` shows a parent by name in the same namespace, and by index in
 * another, so the wanted parent is queried.
 */
export async function observeParent(
  kernel: KernelClient,
  { link: name, linkNamespace: namespace }: ParentArgs,
  link: Link,
): Promise<OptionSource["parent"]> {
  if (name === undefined) return undefined;
  const parent = await showLink(kernel, namespace, name);
  const isParent = link.link_index === undefined ? link.link === parent?.ifname : link.link_index === parent?.ifindex;
  return parent !== undefined && isParent ? { name, namespace } : undefined;
}

/** Returns the parent of a link that is imported, in terms of its arguments. */
export async function importedParent(kernel: KernelClient, { namespace, name }: LinkPlace): Promise<ParentPlace> {
  const link = await showLink(kernel, namespace, name);
  if (typeof link?.link === "string") return parentPlace(link.link, namespace);
  const places = await listNamespaces(kernel, namespace);
  // The lab host has no name among them.
  const place = places.find(({ id }) => id !== undefined && id === link?.link_netnsid)?.name;
  const parent = (await showLinks(kernel, place))?.find(({ ifindex }) => ifindex === link?.link_index);
  return parent === undefined ? {} : parentPlace(parent.ifname, place);
}

type ParentPlace = Pick<ParentArgs, "link" | "linkNamespace">;

const parentPlace = (link: string, linkNamespace: string | undefined): ParentPlace => ({
  link,
  ...(linkNamespace !== undefined && { linkNamespace }),
});
