import { findLink, type LinkPlace, pathOf } from "../inspect/stack-links.ts";
import { showLink } from "../provider/kernel/tools/ip.ts";
import { UserError } from "../provider/message.ts";
import { findHost, requirePlace } from "./namespaces.ts";
import type { StackLab } from "./stack-options.ts";

/** The description of the argument INTERFACE, for the help of each command that has one. */
export const LINK_HELP = "the name of an interface of that host";

/** The help after a manual change of an interface. */
export const HEALED = "`pulumi-netns status` shows this as drift, and `pulumi up --refresh` reverts it";

/**
 * Returns an interface of the stack on a host that a user named.
 *
 * @throws UserError if the stack has no such interface, or if it does not exist in the kernel.
 */
export async function findHostLink({ view, hosts }: StackLab, host: string, name: string): Promise<LinkPlace> {
  const place = findHost(view, host);
  await requirePlace(hosts, place);
  const link = findLink(view, `${pathOf(place)}/${name}`);
  if ((await showLink(hosts.on(link.host).kernel, link.namespace, link.name)) === undefined)
    throw new UserError(`${host} has no interface ${name}`, "run `pulumi up --refresh` to create it again");
  return link;
}
