import { addressesOf, listInterfaces } from "../inspect/interfaces.ts";
import type { LabHost } from "../inspect/lab-host.ts";
import type { StackView } from "../inspect/stack.ts";
import { parseIp } from "../provider/cidr.ts";
import { UserError } from "../provider/message.ts";
import { enterWords, findHost, HOST_HELP } from "./namespaces.ts";

/** The description of the argument TO, for the help of each command that has one. */
export const TARGET_HELP = `an address, or ${HOST_HELP}`;

/**
 * Returns the addresses that a user named: a single one, or all current addresses of a host.
 *
 * @throws Error if the host does not exist or has no address.
 */
export async function findTargets(view: StackView, labHost: LabHost, given: string): Promise<readonly string[]> {
  const address = parseIp(given);
  if (address !== undefined) return [address];
  const host = findHost(view, given);
  await enterWords(host);
  const found = addressesOf(await listInterfaces(labHost), host.namespace);
  if (found.length > 0) return found;
  throw new UserError(`${given} has no address`, `its interfaces: pulumi-netns exec ${given} -- ip -brief address`);
}
