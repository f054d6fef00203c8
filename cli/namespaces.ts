import { resolveByName } from "../inspect/resolve-name.ts";
import type { StackView } from "../inspect/stack.ts";
import { hostsOf, LAB_HOST, type StackHost } from "../inspect/stack-hosts.ts";
import { namespaceExists } from "../provider/kernel/client/namespace-files.ts";
import { withHelp } from "../provider/message.ts";

/** The description of the argument HOST, for the help of each command that has one. */
export const HOST_HELP = "the resource name of a namespace, its name in the kernel, or `host` for the lab host";

/** Returns the place that a user named; a namespace named `host` takes precedence over the lab host. */
export function findHost(view: StackView, given: string): StackHost {
  const hosts = hostsOf(view);
  const names = new Map([...hosts, LAB_HOST].toReversed().map((host) => [host.name, host]));
  const inKernel = hosts.find(({ namespace }) => namespace === given);
  return names.has(given) || inKernel === undefined
    ? resolveByName("host", given, new Map([...names].toReversed()))
    : inKernel;
}

/**
 * Returns the words to put before a command that runs in a place.
 *
 * @throws Error if the place does not exist.
 */
export async function enterWords(host: StackHost): Promise<readonly string[]> {
  if (host.namespace === undefined) return [];
  if (!(await placeExists(host))) throw new Error(missingPlaceMessage(host));
  return ["ip", "netns", "exec", host.namespace];
}

/** Returns true if a place of the state exists in the kernel. */
export const placeExists = async ({ namespace }: StackHost): Promise<boolean> =>
  namespace === undefined || namespaceExists(namespace);

/** Returns the namespaces of a stack: those that exist in the kernel, and those that do not. */
export async function hostsInKernel(view: StackView): Promise<{ present: StackHost[]; missing: StackHost[] }> {
  const hosts = hostsOf(view);
  const exists = await Promise.all(hosts.map(placeExists));
  return {
    present: hosts.filter((_, index) => exists[index]),
    missing: hosts.filter((_, index) => !exists[index]),
  };
}

/** Returns the message for a place of the state that does not exist in the kernel. */
export const missingPlaceMessage = ({ name, namespace = name }: StackHost): string =>
  withHelp(
    `namespace ${namespace} is in the stack's state but does not exist in the kernel`,
    "run `pulumi refresh`, then `pulumi up` to create it again",
  );
