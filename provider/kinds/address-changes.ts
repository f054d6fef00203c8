import { familyOf } from "../cidr.ts";
import type { Link, LinkAddress } from "../kernel/tools/ip.ts";
import type { Plan } from "../plan.ts";
import { address, isPermanentOn, keepAddress, seenOn } from "./address.ts";
import type { AddressArgs } from "./address-args.ts";
import { areInSameNetwork, cidrOf, entryOf, inOrderOf, isOn } from "./address-order.ts";

/** A change of the addresses that a link's arguments include. */
interface AddressesChange {
  /** The link as it was observed. */
  readonly there: Link | undefined;
  /** The same, unless it loses its addresses before they are changed. */
  readonly link: Link | undefined;
  readonly wanted: readonly AddressArgs[];
  readonly gone: readonly AddressArgs[];
  readonly mark: string;
}

/** Plans to add a link's missing addresses and to delete the old ones. */
export const planAddresses = ({ there, link, wanted, gone, mark }: AddressesChange): Plan =>
  there !== undefined && isReordered(there, wanted, gone)
    ? addInOrder(there, wanted, gone, mark)
    : changeAddresses(there, link, wanted, gone, mark);

/** Returns whether a change deletes all of a link's IPv4 addresses and adds them again, because their order changes. */
export const isReordered = (there: Link, wanted: readonly AddressArgs[], gone: readonly AddressArgs[]): boolean =>
  !isInOrderAfter(there, wanted, gone);

/**
 * Returns whether a link's IPv4 addresses will be in order after the missing ones are added and the old ones deleted. If the
 * primary address of a network is deleted, the order of that network's other addresses is not known in advance.
 */
function isInOrderAfter({ addr_info }: Link, wanted: readonly AddressArgs[], gone: readonly AddressArgs[]): boolean {
  const own = ipv4In(wanted).map(({ address }) => address);
  if (own.length < 2) return true;
  const goes = (entry: LinkAddress) => gone.some((args) => isOn(entry, args));
  const firsts = addr_info.filter((entry) => goes(entry) && !entry.secondary).map(cidrOf);
  if (firsts.some((first) => own.some((one) => areInSameNetwork(first, one)))) return false;
  const staying = addr_info.filter((entry) => !goes(entry));
  const missing = ipv4In(wanted).filter((args) => !staying.some((entry) => isOn(entry, args)));
  const after = missing.reduce((before, { address }) => [...before, entryOf(address, before)], staying);
  return String(inOrderOf(after, own)) === String(own);
}

/** Plans to add a link's missing addresses and then delete the old ones: with its last address a link loses all its routes. */
const changeAddresses = (
  there: Link | undefined,
  link: Link | undefined,
  wanted: readonly AddressArgs[],
  gone: readonly AddressArgs[],
  mark: string,
): Plan => [
  ...wanted.flatMap((args) => addAddress(args, link)),
  ...deleteAddresses(there, gone, mark),
  ...deletedWith(there, gone).flatMap((args) => addAddress(args, undefined)),
  // Deleting a primary address also deletes its secondaries, so the wanted ones are added again.
  ...(gone.length === 0 ? [] : wanted.flatMap((args) => addAddress(args, undefined))),
];

/** Plans to delete a link's IPv4 addresses and add them again in order, with those that the kernel has deleted with them. */
function addInOrder(there: Link, wanted: readonly AddressArgs[], gone: readonly AddressArgs[], mark: string): Plan {
  const old = [...ipv4In(wanted), ...gone];
  return [
    ...deleteAddresses(there, old, mark),
    ...[...wanted, ...deletedWith(there, old)].flatMap((args) => addAddress(args, undefined)),
  ];
}

const deleteAddresses = (there: Link | undefined, old: readonly AddressArgs[], mark: string): Plan =>
  old.flatMap((args) => {
    const seen = there && seenOn(there, args);
    return address.plan({ seen: seen && { ...seen, dependants: [], mark }, desired: undefined, mark });
  });

/** Returns the addresses that the kernel deletes with the primary one of their network, in the order in which it lists them. */
function deletedWith(there: Link | undefined, old: readonly AddressArgs[]): AddressArgs[] {
  const lost = old.flatMap((args) => (there && seenOn(there, args)?.dependants) ?? []);
  return (there?.addr_info ?? []).flatMap((entry) =>
    old.some((args) => isOn(entry, args)) ? [] : (lost.find((args) => isOn(entry, args)) ?? []),
  );
}

const ipv4In = (all: readonly AddressArgs[]): AddressArgs[] =>
  all.filter(({ address }) => familyOf(address) === "inet");

function addAddress(args: AddressArgs, link: Link | undefined): Plan {
  if (link !== undefined && isPermanentOn(link, args)) return [];
  if (link !== undefined && seenOn(link, args) !== undefined) return [keepAddress(args)];
  return tolerateExisting(address.plan({ seen: undefined, desired: args, mark: "" }));
}

/** Makes all steps tolerate that the object already exists. */
const tolerateExisting = (plan: Plan): Plan => plan.map((step) => ({ ...step, tolerate: ["exists"] }));
