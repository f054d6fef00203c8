import * as v from "valibot";
import { cidr, contains, familyOf } from "../cidr.ts";
import { claimed } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { dev, ip, type Link, type LinkAddress, showLink, type Word } from "../kernel/tools/ip.ts";
import { setSysctl } from "../kernel/tools/sysctl.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Step } from "../plan.ts";
import { changes } from "../schema.ts";
import { keyOn, PLACEHOLDER } from "../sysctl-key.ts";
import { type AddressArgs, addressSchema } from "./address-args.ts";
import { isOn, textOf } from "./address-order.ts";
import { routesGoingWith, routesOver } from "./address-routes.ts";
import { markIn } from "./link.ts";

export interface SeenAddress extends Observed<AddressArgs> {
  /** Addresses that the kernel would take away together with this one. */
  readonly dependants: readonly AddressArgs[];
  /** What adds the routes again that go with those addresses. */
  readonly routes?: readonly Step[];
}

export const address: Kind<AddressArgs, SeenAddress> = {
  type: "Address",
  schema: addressSchema,
  proof: "state",
  eager: () => true,
  id: ({ namespace, interface: link, address }) => `${place(namespace, link)}/${address}`,
  claims: (args) => claimed(`address ${address.id(args, "")}`),
  // With one address others may go and be put back, so those of a link are changed one by one.
  serial: ({ namespace, interface: link }) => `address ${place(namespace, link)}`,

  async observe(kernel, wanted, mark) {
    const { namespace, interface: name } = wanted;
    const link = await showLink(kernel, namespace, name);
    const seen = link && seenOn(link, wanted);
    if (link === undefined || seen === undefined) return undefined;
    const takesRoutes = seen.dependants.length > 0;
    // An address has no room for a mark, but it belongs to the stack that has made its link.
    const found = { ...seen, mark: markIn({ namespace, name }, link, mark) };
    return takesRoutes ? { ...found, routes: await routesOver(kernel, namespace, name) } : found;
  },

  async takesAlong(kernel, wanted) {
    const link = await showLink(kernel, wanted.namespace, wanted.interface);
    const inet = link?.addr_info.filter(({ family }) => family === "inet") ?? [];
    return routesGoingWith(kernel, wanted, inet.length === 1 && inet.some((entry) => isOn(entry, wanted)));
  },

  plan({ seen, desired, mark }) {
    if (desired !== undefined) {
      const is = seen?.state;
      if (is !== undefined && changes(addressSchema, is, desired).length === 0) return [];
      return [
        ...(is === undefined ? [] : remove(is)),
        add(desired),
        ...(seen?.dependants ?? []).map(addIfLost),
        ...(seen?.routes ?? []),
      ];
    }
    // On a link that another stack has made in the meantime, an address is that stack's.
    if (seen?.state === undefined || (seen.mark !== undefined && !isOfStack(seen.mark, mark))) return [];
    return [...remove(seen.state), ...seen.dependants.map(addIfLost), ...(seen.routes ?? [])];
  },
};

/** An address on a link that has been looked at. */
export function seenOn(link: Link, wanted: AddressArgs): Omit<SeenAddress, "mark"> | undefined {
  const found = link.addr_info.find((entry) => isOn(entry, wanted));
  if (found === undefined) return undefined;
  return {
    state: stateOf(found, wanted),
    dependants: found.secondary
      ? []
      : link.addr_info.filter((entry) => goesWith(entry, found)).map((entry) => stateOf(entry, wanted)),
  };
}

const remove = (args: AddressArgs) => [
  { run: ip(args.namespace, "address", "delete", ...subject(args)), tolerate: ["absent"] as const },
];

const add = (args: AddressArgs): Step => ({
  run: ip(args.namespace, "address", "add", ...words(args)),
  // In a namespace with IPv6 switched off, an interface that is given an IPv6 address has its own switched on. The lab
  // host's settings are not changed without being asked.
  ...(familyOf(args.address) === "inet6" &&
    args.namespace !== undefined && { recover: { from: "ipv6-off" as const, run: switchIpv6On(args) } }),
});

const addIfLost = (args: AddressArgs): Step => ({ ...add(args), tolerate: ["exists"] });

const switchIpv6On = ({ namespace, interface: link }: AddressArgs): Command =>
  setSysctl(namespace, keyOn(`net.ipv6.conf.${PLACEHOLDER}.disable_ipv6`, link), "0");

function words(args: AddressArgs): Word[] {
  return [
    ...subject(args),
    ...(args.broadcast === undefined ? [] : ["broadcast", args.broadcast]),
    ...(args.scope === undefined ? [] : ["scope", args.scope]),
    // A lab's addresses are given, not guessed: they need not be tried out for seconds before they can be used.
    ...(familyOf(args.address) === "inet6" ? ["nodad"] : []),
  ];
}

function subject({ address, peer, interface: link }: AddressArgs): Word[] {
  const [local, length] = address.split("/");
  return [...(peer === undefined ? [address] : [`${local}`, "peer", `${peer}/${length}`]), dev(link)];
}

/** Unless a namespace promotes them, the kernel deletes secondary addresses with the primary one of their network. */
const goesWith = (entry: LinkAddress, primary: LinkAddress): boolean =>
  entry.secondary === true && entry.prefixlen === primary.prefixlen && contains(networkOf(primary), entry.local);

const networkOf = (entry: LinkAddress): string => `${cidr(textOf(entry))?.network}/${entry.prefixlen}`;

function stateOf(entry: LinkAddress, { interface: link, namespace }: AddressArgs): AddressArgs {
  const scope = v.safeParse(addressSchema.entries.scope, entry.scope);
  return {
    interface: link,
    ...(namespace !== undefined && { namespace }),
    address: textOf(entry),
    ...(entry.address !== undefined && { peer: entry.address }),
    ...(entry.broadcast !== undefined && { broadcast: entry.broadcast }),
    ...(scope.success && scope.output !== undefined && { scope: scope.output }),
  };
}
