import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { type Link, listNamespaces, showLinks } from "../kernel/tools/ip.ts";
import { field } from "../schema.ts";
import { LAB_HOST, placeName } from "../values.ts";
import type { LinkPlace } from "./link.ts";
import type { LinkOption, OptionSource } from "./link-option.ts";

/*
 * The underlay of a tunnel: the namespace in which the tunnel was created. Its socket stays there, so the addresses and routes of
 * that namespace carry its packets, also if the link itself is in another namespace.
 */

/** The arguments of a tunnel that may have its underlay in another namespace. */
export interface TunnelPlace extends LinkPlace {
  readonly underlay?: string | undefined;
}

/** Returns the option of a kind whose links keep the namespace in which they were created. */
export const underlayOption = () => ({
  underlay: {
    entry: v.optional(field(placeName(), { replaces: true })),
    words: () => [],
    read: ({ underlay }: OptionSource) => underlay?.place,
  } satisfies LinkOption,
});

/** Returns the namespace that carries a tunnel's packets; undefined for the lab host. */
export const underlayOf = ({ namespace, underlay = namespace }: TunnelPlace): string | undefined =>
  underlay === LAB_HOST ? undefined : underlay;

/**
 * Returns the underlay that `ip` shows for a tunnel, with the interface there that its packets leave through. `ip` shows an id for
 * another namespace, and nothing for the tunnel's own.
 */
export async function observeUnderlay(
  kernel: KernelClient,
  { namespace, underlay }: TunnelPlace,
  link: Link,
): Promise<OptionSource["underlay"]> {
  // The program may name the tunnel's own namespace.
  const isOwn = underlayOf({ name: link.ifname, namespace, underlay }) === namespace;
  if (link.link_netnsid === undefined)
    return { place: isOwn ? underlay : undefined, dev: link.linkinfo?.info_data?.["link"] };
  const places = await listNamespaces(kernel, namespace);
  // The lab host has no name among them.
  const place = places.find(({ id }) => id !== undefined && id === link.link_netnsid)?.name;
  return { place: place ?? LAB_HOST, dev: await observeDev(kernel, { namespace, place }, link) };
}

/**
 * Returns the interface in the underlay that a tunnel names. `ip` knows its index, and shows the name of the interface with this
 * index in the tunnel's own namespace, or, if there is none, `if` and the index.
 */
async function observeDev(
  kernel: KernelClient,
  { namespace, place }: { readonly namespace: string | undefined; readonly place: string | undefined },
  { linkinfo }: Link,
): Promise<string | undefined> {
  const shown = linkinfo?.info_data?.["link"];
  if (typeof shown !== "string") return undefined;
  const [here = [], there = []] = [await showLinks(kernel, namespace), await showLinks(kernel, place)];
  const index = here.find(({ ifname }) => ifname === shown)?.ifindex ?? Number(/^if(\d+)$/.exec(shown)?.[1]);
  return there.find(({ ifindex }) => ifindex === index)?.ifname;
}
