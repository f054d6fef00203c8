import { addressesOf, listInterfaces } from "../inspect/interfaces.ts";
import { linksIn } from "../inspect/stack-links.ts";
import { parseIp } from "../provider/cidr.ts";
import { UserError } from "../provider/message.ts";
import { findHost, HOST_HELP, requirePlace } from "./namespaces.ts";
import type { StackLab } from "./stack-options.ts";

/** The description of the argument TO, for the help of each command that has one. */
export const TARGET_HELP = `an address, or ${HOST_HELP}`;

/**
 * Returns the addresses that a user named: a single one, or all current addresses of a host.
 *
 * @throws Error if the host does not exist or has no address.
 */
export async function findTargets({ view, hosts }: StackLab, given: string): Promise<readonly string[]> {
  const address = parseIp(given);
  if (address !== undefined) return [address];
  const host = findHost(view, given);
  await requirePlace(hosts, host);
  const all = await listInterfaces(hosts.on(host.host));
  const found = addressesOf(all, host.namespace);
  if (found.length > 0) return found;
  const differing = linksIn(view, host).flatMap((name) => {
    const link = all.find((one) => one.place === host.namespace && one.name === name);
    if (link === undefined) return [`its interface ${name} is missing`];
    return link.up ? [] : [`its interface ${name} is down`];
  });
  throw differing.length === 0
    ? new UserError(`${given} has no address`, `its interfaces: pulumi-netns exec ${given} -- ip -brief address`)
    : new UserError(
        `${given} has no address: ${differing.join(", ")}`,
        "`pulumi-netns status` shows the differences from the stack's state, and `pulumi up --refresh` reverts them",
      );
}
