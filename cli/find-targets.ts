import { addressesOf, type Interface, listInterfaces } from "../inspect/interfaces.ts";
import { ofFamilies, without } from "../inspect/ping.ts";
import { type Place, placeAt } from "../inspect/place.ts";
import type { StackView } from "../inspect/stack.ts";
import type { StackHost } from "../inspect/stack-hosts.ts";
import { addressesIn, declaredAddressesIn, linksIn } from "../inspect/stack-links.ts";
import { faultOfHost } from "../provider/address-faults.ts";
import { cidr, parseIp } from "../provider/cidr.ts";
import { UserError } from "../provider/message.ts";
import { findHost, HOST_HELP, requirePlace } from "./namespaces.ts";
import type { StackLab } from "./stack-options.ts";

/** The description of the argument TO, for the help of each command that has one. */
export const TARGET_HELP = `an address, or ${HOST_HELP}`;

/**
 * Returns the host that a user named where an address could stand as well.
 *
 * @throws UserError as {@link findHost} does, or about the address if the name looks like one.
 */
export function findTargetHost(view: StackView, given: string): StackHost {
  try {
    return findHost(view, given);
  } catch (error) {
    throw faultOfAddress(given) ?? error;
  }
}

/** Returns the error about a text that looks like an address and is none; undefined for another text. */
function faultOfAddress(given: string): UserError | undefined {
  const { address, network } = cidr(given) ?? {};
  if (network !== undefined && address === network)
    return new UserError(
      `${given} is a network, and no host of this stack`,
      `to ping all addresses in it, use --network: pulumi-netns ping --network ${given}`,
    );
  if (!/^\d+(\.\d*)+(\/\d*)?$|^[\da-f]*:[\da-f:.]*:/i.test(given)) return undefined;
  const fault = faultOfHost(given);
  return new UserError(
    `${given} is not an address${fault === undefined ? "" : `: ${fault}`}`,
    "give an address, e.g. 192.168.15.2 or fd00:15::2, or a host of the stack",
  );
}

/**
 * Returns the addresses that a user named: a single one, or all current and declared addresses of a host that another one does not have
 * itself, of the families that it has. A declared address that the host has lost gets no answer.
 *
 * @throws Error if the host does not exist or has no address, or if the other one has all of them.
 */
export async function findTargets(lab: StackLab, from: StackHost, given: string): Promise<readonly string[]> {
  const address = parseIp(given);
  if (address !== undefined) return [address];
  const { addresses: current, target } = await ofHost(lab, given, () => []);
  const addresses = [...new Set([...current, ...addressesIn(lab.view, findTargetHost(lab.view, given))])];
  if (target.place === placeAt(from)) return addresses;
  const own = addressesOf(await listInterfaces(lab.hosts.on(from.host)), from.namespace);
  const usable = ofFamilies(addresses, [...own, ...addressesIn(lab.view, from)]);
  // A user who names two hosts without a common family sees how their ping fails.
  const others = without(usable.length === 0 ? addresses : usable, own);
  if (others.length > 0) return others;
  throw new UserError(
    `${from.name} has the ${addresses.length === 1 ? "address" : "addresses"} of ${given} itself: ${addresses.join(", ")}`,
    `a packet from ${from.name} to its own address does not leave it; give one of the two another address`,
  );
}

/** The addresses to trace, and the place that should have them; undefined if the user named a single address. */
interface TraceTargets {
  readonly addresses: readonly string[];
  readonly target?: { readonly place: Place };
}

/**
 * Returns the addresses that a user named, as {@link findTargets} does. Those of a host include the addresses of the stack's state that only
 * another place has now.
 *
 * @throws Error if the host does not exist or has no address.
 */
export async function findTraceTargets(lab: StackLab, given: string): Promise<TraceTargets> {
  const address = parseIp(given);
  if (address !== undefined) return { addresses: [address] };
  return ofHost(lab, given, (host, all) => {
    const present = new Set(all.flatMap(({ addresses }) => addresses.map((one) => one.address)));
    return addressesIn(lab.view, host).filter((one) => present.has(one));
  });
}

/**
 * Returns the current addresses of a host.
 *
 * @param more Returns further addresses.
 */
async function ofHost(
  { view, hosts }: StackLab,
  given: string,
  more: (host: StackHost, all: readonly Interface[]) => readonly string[],
): Promise<Required<TraceTargets>> {
  const host = findTargetHost(view, given);
  await requirePlace(hosts, host);
  const all = await listInterfaces(hosts.on(host.host));
  const found = [...new Set([...addressesOf(all, host.namespace), ...more(host, all)])];
  if (found.length > 0) return { addresses: found, target: { place: placeAt(host) } };
  const differing = linksIn(view, host).flatMap((name) => {
    const link = all.find((one) => one.place === host.namespace && one.name === name);
    if (link === undefined) return [`its interface ${name} is missing`];
    return link.up ? [] : [`its interface ${name} is down`];
  });
  const lost = declaredAddressesIn(view, host).map(({ address, resource }) => `${address} of ${resource} is gone`);
  const changes = differing.length === 0 ? lost : differing;
  throw changes.length === 0
    ? new UserError(`${given} has no address`, `its interfaces: pulumi-netns exec ${given} -- ip -brief address`)
    : new UserError(
        `${given} has no address: ${changes.join(", ")}`,
        "`pulumi-netns status` shows the differences from the stack's state, and `pulumi up --refresh` reverts them",
      );
}
