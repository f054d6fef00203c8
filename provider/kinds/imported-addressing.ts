import type { KernelClient } from "../kernel/kernel.ts";
import { type LinkAddress, showLink, showRoutes } from "../kernel/tools/ip.ts";
import { cidrOf } from "./address-order.ts";
import type { LinkPlace } from "./link.ts";
import { isOfGateway } from "./route-attributes.ts";

/**
 * Returns the alternative name, addresses and gateways of a link that is imported: those that its arguments can express. Addresses of the kernel itself
 * and of a protocol such as DHCP are not included.
 */
export async function importedAddressing(
  kernel: KernelClient,
  { namespace, name }: LinkPlace,
): Promise<{ altname?: string; addresses?: string[]; gateways?: string[] }> {
  const link = await showLink(kernel, namespace, name);
  const addresses = (link?.addr_info ?? []).filter(isExpressible).map(cidrOf);
  const all = await Promise.all(
    (["inet", "inet6"] as const).map((family) =>
      showRoutes(kernel, namespace, { family, destination: "default", table: "254" }),
    ),
  );
  const gateways = all.flatMap((routes = []) =>
    routes.flatMap((entry) =>
      entry.dev === name && isOfGateway(entry) && !LEARNED.has(entry.protocol ?? "") ? (entry.gateway ?? []) : [],
    ),
  );
  const altname = link?.altnames?.find((one) => !GIVEN_BY_UDEV.test(one));
  return {
    ...(altname !== undefined && { altname }),
    ...(addresses.length > 0 && { addresses }),
    ...(gateways.length > 0 && { gateways }),
  };
}

/** The alternative names that udev gives to hardware, by its place or its MAC address. */
const GIVEN_BY_UDEV = /^(?:en|wl|ww|sl|ib)[bopsx]/;

/** Returns whether the addresses of a link's arguments can express one that the kernel lists, and nothing but a person or a program has added it. */
export const isExpressible = ({ scope = "global", address, dynamic }: LinkAddress): boolean =>
  scope === "global" && address === undefined && dynamic !== true;

/** The protocols of routes that no person has typed. */
const LEARNED: ReadonlySet<string> = new Set(["kernel", "ra", "dhcp"]);
