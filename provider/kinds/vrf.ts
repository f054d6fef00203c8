import { exclusiveClaims } from "../claims.ts";
import { IPV6_MTU } from "../generations.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { showLinks } from "../kernel/tools/ip.ts";
import { placeId } from "../kind.ts";
import { withHelp } from "../message.ts";
import { isOfStack, stackNameOf } from "../owner.ts";
import { rule } from "../schema.ts";
import { integer } from "../values.ts";
import type { LinkPlace } from "./link.ts";
import { linkKind } from "./link-kind.ts";
import { type OptionArgs, required } from "./link-option.ts";

const options = {
  table: required(integer("a routing table number", 1, 4_294_967_294, 10), "table", { replaces: true }),
};

export const vrf = linkKind({
  type: "Vrf",
  device: "vrf",
  options,
  mtu: { min: IPV6_MTU },
  // The kernel accepts these tables, and two VRFs with one table, but the routes would mix.
  rules: [
    rule<OptionArgs<typeof options>, "table">(["table"], ({ table }) =>
      table >= 253 && table <= 255
        ? { at: "table", why: `${table} is the table of all interfaces without a VRF; use another, e.g. 10` }
        : undefined,
    ),
  ],
  claims: ({ namespace, table }) =>
    table === undefined ? [] : exclusiveClaims(`vrf table ${placeId(namespace, String(table))}`),
  warn: sharedTableWarning,
});

/** Returns a warning if a VRF that is not of the stack has the same table, which the kernel accepts; else undefined. */
async function sharedTableWarning(
  kernel: KernelClient,
  { namespace, name, table }: LinkPlace & { readonly table: number },
): Promise<string | undefined> {
  const links = (await showLinks(kernel, namespace)) ?? [];
  const own = links.find(({ ifname }) => ifname === name)?.ifalias ?? "";
  const other = links.find(
    ({ ifname, ifalias, linkinfo }) =>
      ifname !== name &&
      linkinfo?.info_kind === "vrf" &&
      linkinfo.info_data?.["table"] === table &&
      !isOfStack(ifalias, own),
  );
  if (other === undefined) return undefined;
  const owner = stackNameOf(other.ifalias);
  return withHelp(
    `the table ${table} is also that of the VRF ${placeId(namespace, other.ifname)}, which ${owner === undefined ? "is not managed by pulumi-netns" : `belongs to the stack ${owner}`}: the routes of both are in it`,
    "choose another table, unless the two are to share their routes",
  );
}
