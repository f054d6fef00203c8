import type { LabHosts } from "../inspect/lab-hosts.ts";
import { placeParts } from "../inspect/place.ts";
import { resolveByName } from "../inspect/resolve-name.ts";
import type { StackView } from "../inspect/stack.ts";
import { hostsOf, machinesOf, type StackHost } from "../inspect/stack-hosts.ts";
import { unlessUnreachable } from "../inspect/unless-unreachable.ts";
import { showLink } from "../provider/kernel/tools/ip.ts";
import { UserError, withHelp } from "../provider/message.ts";

/** The description of the argument HOST, for the help of each command that has one. */
export const HOST_HELP =
  "the resource name of a namespace, its name in the kernel, or `host` for this machine; on the LabHost lab2, lab2/red, " +
  "or lab2 for that machine";

/**
 * Returns the place that a user named; a namespace named `host` takes precedence over this machine. A namespace of another lab host needs
 * the name of that lab host only if the name alone is not unique.
 *
 * @throws UserError with the names that exist, or that are meant.
 */
export function findHost(view: StackView, given: string): StackHost {
  const all = [...hostsOf(view), ...machinesOf(view)];
  const names = new Map(all.toReversed().map((host) => [host.name, host]));
  if (names.has(given)) return resolveByName("host", given, names);
  for (const nameOf of [kernelName, shortName, shortKernelName]) {
    const [found, ...more] = all.filter((host) => nameOf(host) === given);
    if (found === undefined) continue;
    if (more.length === 0) return found;
    const ways = [found, ...more].map(({ name }) => name).join(", ");
    throw new UserError(`${given} is the name of several namespaces in this stack`, `use one of ${ways}`);
  }
  return resolveByName("host", given, new Map([...names].toReversed()));
}

const kernelName = ({ host, namespace }: StackHost): string | undefined =>
  host === undefined ? namespace : `${host}/${namespace ?? ""}`;
const shortName = ({ name }: StackHost): string | undefined => placeParts(name).namespace;
const shortKernelName = ({ namespace }: StackHost): string | undefined => namespace;

/** Throws if a place does not exist. */
export async function requirePlace(hosts: LabHosts, host: StackHost): Promise<void> {
  if (!(await placeExists(hosts, host))) throw new Error(missingPlaceMessage(host));
}

/** Returns true if a place of the state exists in the kernel. */
export const placeExists = async (hosts: LabHosts, { host, namespace }: StackHost): Promise<boolean> =>
  namespace === undefined || (await showLink(hosts.on(host).kernel, namespace, "lo")) !== undefined;

/** The places of a stack: those that exist in the kernel, those that do not, and those on lab hosts that cannot be reached. */
export interface PlacesInKernel {
  readonly present: readonly StackHost[];
  readonly absent: readonly StackHost[];
  readonly unreachable: readonly StackHost[];
}

/** Looks for the places of a stack in the kernel. */
export async function hostsInKernel(view: StackView, hosts: LabHosts): Promise<PlacesInKernel> {
  const all = hostsOf(view);
  const exists = await Promise.all(all.map((host) => unlessUnreachable(undefined, () => placeExists(hosts, host))));
  const those = (answer: boolean | undefined) => all.filter((_, index) => exists[index] === answer);
  return { present: those(true), absent: those(false), unreachable: those(undefined) };
}

/** Returns the message for a place of the state that does not exist in the kernel. */
export const missingPlaceMessage = ({ name, host, namespace = name }: StackHost): string =>
  withHelp(
    `namespace ${namespace} is in the stack's state but does not exist in the kernel${host === undefined ? "" : ` of ${host}`}`,
    "run `pulumi refresh`, then `pulumi up` to create it again",
  );
