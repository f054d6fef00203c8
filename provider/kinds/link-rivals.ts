import type { KernelClient } from "../kernel/kernel.ts";
import { type Link, showLinks } from "../kernel/tools/ip.ts";
import { isOfStack } from "../owner.ts";
import { type LinkPlace, linkMark } from "./link.ts";

/** Returns whether a link of the same kind in the same namespace keeps the kernel from creating the wanted one. */
export type IsRival<Args> = (wanted: Args, data: Readonly<Record<string, unknown>>, link: Link) => boolean;

/**
 * Queries the links of the same stack that the kernel does not allow beside the wanted one, for example another VXLAN with its
 * identifier. A program that gives both a new name and a new resource to a link has the former one until the end of its run.
 */
export async function observeRivals<Args extends LinkPlace>(
  kernel: KernelClient,
  wanted: Args,
  device: string,
  mark: string,
  isRival: IsRival<Args>,
): Promise<readonly LinkPlace[]> {
  const links = (await showLinks(kernel, wanted.namespace)) ?? [];
  return links
    .filter(({ ifname, linkinfo }) => ifname !== wanted.name && linkinfo?.info_kind === device)
    .filter((link) => isRival(wanted, link.linkinfo?.info_data ?? {}, link))
    .map((link) => ({ namespace: wanted.namespace, name: link.ifname, link }))
    .filter(({ link, ...place }) => isOfStack(linkMark(place, link, mark), mark))
    .map(({ namespace, name }) => ({ namespace, name }));
}
