import { type Link, type LinkAddress, showLinks } from "../../provider/kernel/tools/ip.ts";
import { placeId } from "../../provider/kind.ts";
import { address } from "../../provider/kinds/address.ts";
import { cidrOf } from "../../provider/kinds/address-order.ts";
import { isExpressible } from "../../provider/kinds/imported-addressing.ts";
import type { Place } from "../place.ts";
import { type FoundObject, linkNamed } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/** Returns the addresses of a place that the arguments of a link do not express: those of `lo`, and those with a peer or a scope. */
export async function addressesToImport(
  { kernel, take, leave }: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const all = ((await showLinks(kernel, place)) ?? []).flatMap((link) =>
    link.addr_info.map((entry) => ({ link, entry })),
  );
  return collect(all.filter(isTyped), async ({ link, entry }) => {
    const [where, isOfLab] = [placeId(place, link.ifname), linkNamed(links, place, link.ifname) !== undefined];
    if (!isOfLab && !isLoopback(link)) return [];
    if (entry.dynamic === true)
      return leave(`address ${cidrOf(entry)} of ${where}`, "it expires, so a protocol such as DHCP has added it");
    if (isOfLab && isExpressible(entry)) return [];
    const [taken] = await take([address.type], idOf(where, entry));
    const scope = entry.family === "inet" && entry.scope !== "global" && { scope: entry.scope };
    return taken === undefined ? [] : [{ ...taken, inputs: { ...taken.inputs, ...scope } }];
  });
}

const isLoopback = ({ flags }: Link): boolean => flags.includes("LOOPBACK");

/** Returns whether the kernel has not added an address by itself. */
const isTyped = ({ link, entry: { local, scope } }: { readonly link: Link; readonly entry: LinkAddress }): boolean =>
  !(isLoopback(link) && ["127.0.0.1", "::1"].includes(local)) && !(scope === "link" && local.startsWith("fe80:"));

const idOf = (where: string, entry: LinkAddress): string =>
  [where, cidrOf(entry), ...(entry.address === undefined ? [] : ["peer", entry.address])].join("/");
