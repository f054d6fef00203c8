import * as v from "valibot";
import { cidr, contains, familyOf } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { dev, ip, type Link, type LinkAddress, showLink, type Word } from "../kernel/tools/ip.ts";
import { setSysctl } from "../kernel/tools/sysctl.ts";
import { type Kind, type Observed, placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Step } from "../plan.ts";
import { changes } from "../schema.ts";
import { keyOn, PLACEHOLDER } from "../sysctl-key.ts";
import { type AddressArgs, addressSchema } from "./address-args.ts";
import { cidrOf, isOn } from "./address-order.ts";
import { routesLostWith, routesOver } from "./address-routes.ts";
import { linkMark } from "./link.ts";

export interface ObservedAddress extends Observed<AddressArgs> {
  /** Addresses that the kernel would take away together with this one. */
  readonly dependants: readonly AddressArgs[];
  /** What adds the routes again that go with those addresses. */
  readonly routes?: readonly Step[];
}

export const address: Kind<AddressArgs, ObservedAddress> = {
  type: "Address",
  schema: addressSchema,
  ownership: "state",
  createOptimistically: () => true,
  id: ({ namespace, interface: link, address }) => `${placeId(namespace, link)}/${address}`,
  claims: (args) => exclusiveClaims(`address ${address.id(args, "")}`),
  // With one address others may go and be put back, so those of a link are changed one by one.
  lockKey: ({ namespace, interface: link }) => `address ${placeId(namespace, link)}`,

  async observe(kernel, wanted, mark) {
    const { namespace, interface: name } = wanted;
    const link = await showLink(kernel, namespace, name);
    const seen = link && seenOn(link, wanted);
    if (link === undefined || seen === undefined) return undefined;
    const takesRoutes = seen.dependants.length > 0;
    // An address has no room for a mark, but it belongs to the stack that has made its link.
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
      if (is !== undefined && changes(addressSchema, is, desired).length === 0) return [];
      return [
        ...(is === undefined ? [] : deleteAddress(is)),
        addAddress(desired),
        ...(seen?.dependants ?? []).map(addIfMissing),
        ...(seen?.routes ?? []),
      ];
    }
    // On a link that another stack has made in the meantime, an address is that stack's.
    if (seen?.state === undefined || (seen.mark !== undefined && !isOfStack(seen.mark, mark))) return [];
    return [...deleteAddress(seen.state), ...seen.dependants.map(addIfMissing), ...(seen.routes ?? [])];
  },
};

/** An address on a link that has been looked at. */
export function seenOn(link: Link, wanted: AddressArgs): Omit<ObservedAddress, "mark"> | undefined {
  const found = link.addr_info.find((entry) => isOn(entry, wanted));
  if (found === undefined) return undefined;
  return {
    state: stateOf(found, wanted),
    dependants: found.secondary
      ? []
      : link.addr_info.filter((entry) => isDeletedWith(entry, found)).map((entry) => stateOf(entry, wanted)),
  };
}

const deleteAddress = (args: AddressArgs) => [
  { run: ip(args.namespace, "address", "delete", ...addressAndDevice(args)), tolerate: ["absent"] as const },
];

const addAddress = (args: AddressArgs): Step => ({
  run: ip(args.namespace, "address", "add", ...addressWords(args)),
  // In a namespace with IPv6 switched off, an interface that is given an IPv6 address has its own switched on. The lab
  // host's settings are not changed without being asked.
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
    // A lab's addresses are given, not guessed: they need not be tried out for seconds before they can be used.
    ...(familyOf(args.address) === "inet6" ? ["nodad"] : []),
  ];
}

function addressAndDevice({ address, peer, interface: link }: AddressArgs): Word[] {
  const [local, length] = address.split("/");
  return [...(peer === undefined ? [address] : [`${local}`, "peer", `${peer}/${length}`]), dev(link)];
}

/** Unless a namespace promotes them, the kernel deletes secondary addresses with the primary one of their network. */
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
