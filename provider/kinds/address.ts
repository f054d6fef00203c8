import * as v from "valibot";
import { cidr, contains, familyOf, withoutPrefixLength } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { dev, ip, type Link, type LinkAddress, showLink, type Word } from "../kernel/tools/ip.ts";
import { setSysctl } from "../kernel/tools/sysctl.ts";
import { type Kind, type Observed, onInterface, placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Step } from "../plan.ts";
import { changes, isUnknown } from "../schema.ts";
import { keyOn, PLACEHOLDER } from "../sysctl-key.ts";
import { type AddressArgs, addressSchema } from "./address-args.ts";
import { cidrOf, isOn } from "./address-order.ts";
import { routesLostWith, routesOver } from "./address-routes.ts";
import { linkMark } from "./link.ts";

export interface ObservedAddress extends Observed<AddressArgs> {
  /** Whether it is there only for the time of a lease. */
  readonly isLeased?: true;
  /** The addresses that the kernel would delete together with this one. */
  readonly dependants: readonly AddressArgs[];
  /** The steps that add the routes again that are deleted with those addresses. */
  readonly routes?: readonly Step[];
}

export const address: Kind<AddressArgs, ObservedAddress> = {
  type: "Address",
  schema: addressSchema,
  ownership: "state",
  createOptimistically: () => true,
  id: ({ namespace, interface: link, address }) => `${placeId(namespace, link)}/${address}`,
  argsOfImport: (id) => {
    const [, place = "", address = "", peer] = /^(.+?)\/([\da-f.:]+\/\d+)(?:\/peer\/([^/]+))?$/.exec(id) ?? [];
    return address === "" ? undefined : { ...onInterface(place), address, ...(peer !== undefined && { peer }) };
  },
  claims: (args) => exclusiveClaims(`address ${address.id(args, "")}`),
  // Deleting one address may delete others, which are then restored, so the addresses of a link are changed one at a time.
  lockKey: ({ namespace, interface: link }) => `address ${placeId(namespace, link)}`,

  async observe(kernel, wanted, mark) {
    const { namespace, interface: name } = wanted;
    const link = await showLink(kernel, namespace, name);
    const seen = link && seenOn(link, wanted);
    if (link === undefined || seen === undefined) return undefined;
    const takesRoutes = seen.dependants.length > 0;
    // An address cannot store a mark, but it belongs to the stack that has created its link.
    const found = { ...seen, mark: linkMark({ namespace, name }, link, mark) };
    return takesRoutes ? { ...found, routes: await routesOver(kernel, namespace, name) } : found;
  },

  async dependents(kernel, wanted) {
    const link = await showLink(kernel, wanted.namespace, wanted.interface);
    const inet = link?.addr_info.filter(({ family }) => family === "inet") ?? [];
    return routesLostWith(kernel, wanted, inet.length === 1 && inet.some((entry) => isOn(entry, wanted)));
  },

  plan({ seen, desired, mark }) {
    if (desired !== undefined) {
      const is = seen?.state;
      if (is !== undefined && changes(addressSchema, is, desired).length === 0)
        return seen?.isLeased ? [keepAddress(desired)] : [];
      return [
        ...(is === undefined ? [] : deleteAddress(is)),
        addAddress(desired),
        ...(seen?.dependants ?? []).map(addIfMissing),
        ...(seen?.routes ?? []),
      ];
    }
    // If another stack has created the link in the meantime, the address belongs to that stack.
    if (seen?.state === undefined || (seen.mark !== undefined && !isOfStack(seen.mark, mark))) return [];
    return [...deleteAddress(seen.state), ...seen.dependants.map(addIfMissing), ...(seen.routes ?? [])];
  },

  derive: ({ address }) => ({
    ip: typeof address === "string" && !isUnknown(address) ? withoutPrefixLength(address) : address,
  }),
};

/** Returns the observed address on a link that has been queried; undefined if the link does not have it. */
export function seenOn(link: Link, wanted: AddressArgs): Omit<ObservedAddress, "mark"> | undefined {
  const found = link.addr_info.find((entry) => isOn(entry, wanted));
  if (found === undefined) return undefined;
  return {
    state: stateOf(found, wanted),
    ...(found.dynamic && { isLeased: true }),
    dependants: found.secondary
      ? []
      : link.addr_info.filter((entry) => isDeletedWith(entry, found)).map((entry) => stateOf(entry, wanted)),
  };
}

/** Returns whether a link has an address, and not only for the time of a lease, with which the DHCP client deletes it. */
export const isPermanentOn = (link: Link, wanted: AddressArgs): boolean =>
  link.addr_info.some((entry) => isOn(entry, wanted) && entry.dynamic !== true);

/** Makes an address that DHCP has set permanent. */
export const keepAddress = (args: AddressArgs): Step => ({
  run: ip(args.namespace, "address", "change", ...addressWords(args), ...FOREVER),
});

const FOREVER = ["valid_lft", "forever", "preferred_lft", "forever"];

const deleteAddress = (args: AddressArgs) => [
  { run: ip(args.namespace, "address", "delete", ...addressAndDevice(args)), tolerate: ["absent"] as const },
];

const addAddress = (args: AddressArgs): Step => ({
  run: ip(args.namespace, "address", "add", ...addressWords(args)),
  // In a namespace where IPv6 is disabled, adding an IPv6 address enables IPv6 on the interface. The lab host's settings are
  // only changed by an explicit resource.
  ...(familyOf(args.address) === "inet6" &&
    args.namespace !== undefined && { recover: { from: "ipv6-off" as const, run: switchIpv6On(args) } }),
});

const addIfMissing = (args: AddressArgs): Step => ({ ...addAddress(args), tolerate: ["exists"] });

const switchIpv6On = ({ namespace, interface: link }: AddressArgs): Command =>
  setSysctl(namespace, keyOn(`net.ipv6.conf.${PLACEHOLDER}.disable_ipv6`, link), "0");

function addressWords(args: AddressArgs): Word[] {
  return [
    ...addressAndDevice(args),
    ...(args.broadcast === undefined ? [] : ["broadcast", args.broadcast]),
    ...(args.scope === undefined ? [] : ["scope", args.scope]),
    // A lab's addresses are configured explicitly, so duplicate address detection would only delay their use by seconds.
    ...(familyOf(args.address) === "inet6" ? ["nodad"] : []),
  ];
}

function addressAndDevice({ address, peer, interface: link }: AddressArgs): Word[] {
  const [local, length] = address.split("/");
  return [...(peer === undefined ? [address] : [`${local}`, "peer", `${peer}/${length}`]), dev(link)];
}

/** Returns whether the kernel deletes an address with a primary one. It does so unless the namespace promotes secondaries. */
const isDeletedWith = (entry: LinkAddress, primary: LinkAddress): boolean =>
  entry.secondary === true && entry.prefixlen === primary.prefixlen && contains(networkOf(primary), entry.local);

const networkOf = (entry: LinkAddress): string => `${cidr(cidrOf(entry))?.network}/${entry.prefixlen}`;

function stateOf(entry: LinkAddress, { interface: link, namespace }: AddressArgs): AddressArgs {
  const scope = v.safeParse(addressSchema.entries.scope, entry.scope);
  return {
    interface: link,
    ...(namespace !== undefined && { namespace }),
    address: cidrOf(entry),
    ...(entry.address !== undefined && { peer: entry.address }),
    ...(entry.broadcast !== undefined && { broadcast: entry.broadcast }),
    ...(scope.success && scope.output !== undefined && { scope: scope.output }),
  };
}
