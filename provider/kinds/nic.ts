import * as v from "valibot";
import { exclusiveClaims } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type Link, type RouteEntry, showLinks, showRoutes } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, parsePlaceId, placeId } from "../kind.ts";
import { UserError } from "../message.ts";
import { isOfStack, stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, field } from "../schema.ts";
import { flag, interfaceName, mac, mtu, namespaceName } from "../values.ts";
import { addressingClaims, type ObservedAddressing, routesOnOthers } from "./addressing.ts";
import { gatewaysAreReachable } from "./addressing-args.ts";
import { portNeedsMaster } from "./bridge-port.ts";
import { configureInterface, interfaceFields, interfaceState, observeInterface } from "./interface.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import { deleteStep } from "./link.ts";
import { distinctNames, linkClaims, type NameConflict, releaseNames } from "./link-names.ts";
import { netemClaims } from "./link-netem.ts";
import {
  forgetSettings,
  giveBack,
  type HostSettings,
  lend,
  notedSettings,
  noteSettings,
  settingsOn,
} from "./nic-loan.ts";

const entries = {
  ...interfaceFields,
  namespace: field(namespaceName(), { replaces: true }),
  from: field(interfaceName(), { replaces: true }),
  takeInUse: v.optional(field(flag()), false),
  // Those of the hardware, unless the program gives others.
  mac: v.optional(field(mac(), { computed: true })),
  mtu: v.optional(field(mtu(), { computed: true })),
};

const schema = v.pipe(args(entries), gatewaysAreReachable(), ipv6NeedsMtu(), distinctNames(), portNeedsMaster());

type NicArgs = v.InferOutput<typeof schema>;

interface ObservedNic extends Observed<NicArgs> {
  readonly addressing: ObservedAddressing;
  readonly conflicts: readonly NameConflict[];
  /** The interface on the lab host: before it is moved, or after it was moved back by hand or because its namespace was deleted. */
  readonly source: Link | undefined;
  /** Its settings on the lab host; undefined if the interface was not found. */
  readonly settings: HostSettings | undefined;
}

/** A physical interface of the lab host that is moved to a namespace, and moved back on delete. */
export const nic: Kind<NicArgs, ObservedNic> = {
  type: "Nic",
  schema,
  ownership: "mark",
  interfaces: (link) => ({ self: link }),
  id: ({ namespace, name }) => placeId(namespace, name),
  // Its notes contain the name that it has on the lab host.
  argsFromId: (id) => {
    const { namespace = "", name } = parsePlaceId(id);
    return { namespace, name, from: "", takeInUse: false, up: true };
  },
  claims: (link) => [
    ...linkClaims(link),
    ...(link.from === "" ? [] : exclusiveClaims(`physical interface ${link.from}`)),
    ...addressingClaims(link),
    ...netemClaims(link),
  ],

  async observe(kernel, wanted, mark) {
    const { link, addressing, conflicts, mark: linkMark } = await observeInterface(kernel, wanted, mark);
    const noted = link && notedSettings(link);
    if (link !== undefined && (noted !== undefined || linkMark === mark)) {
      const { takeInUse, namespace } = wanted;
      const from = noted?.name ?? wanted.from;
      const settings = noted ?? { ...settingsOn(link, []), name: from, alias: undefined, addresses: [] };
      const state = { ...interfaceState(wanted, link, addressing), namespace, from, takeInUse };
      return { state, mark: linkMark, addressing, conflicts, source: undefined, settings };
    }
    const source = sourceOf(wanted, (await showLinks(kernel, undefined)) ?? [], mark);
    if (link === undefined && source === undefined && conflicts.length === 0) return undefined;
    const ownMark = source === undefined || stackOf(source.ifalias) === undefined ? mark : source.ifalias;
    const settings = source && (await sourceSettings(kernel, source, mark));
    return { state: undefined, mark: link === undefined ? ownMark : linkMark, addressing, conflicts, source, settings };
  },

  plan({ seen, was, desired, mark }) {
    if (desired === undefined) return returned(seen, was);
    const { state } = seen ?? {};
    if (state === undefined) return taken({ seen, desired, mark });
    // Another interface of the stack has the name.
    if (state.from !== desired.from) return [...returned(seen, state), ...taken({ seen: undefined, desired, mark })];
    return configureInterface({
      current: { ...state, alias: seen?.addressing.link?.ifalias },
      ...{ seen: state, addressing: seen?.addressing, conflicts: seen?.conflicts ?? [], was, desired, mark },
    });
  },
};

/** Returns the interface on the lab host: by its mark, if it was moved back by other means than a delete, or by its name. */
const sourceOf = ({ from }: NicArgs, links: readonly Link[], mark: string): Link | undefined =>
  links.find(({ ifalias }) => ifalias === mark) ??
  links.find((link) => isOfStack(link.ifalias, mark) && notedSettings(link)?.name === from) ??
  links.find(({ ifname }) => ifname === from);

/**
 * Returns the settings of an interface on the lab host: those of its notes while it has our mark, because it was moved back without them;
 * else its own.
 */
async function sourceSettings(kernel: KernelClient, source: Link, mark: string): Promise<HostSettings> {
  const own = settingsOn(source, await defaultRoutes(kernel));
  return isOfStack(source.ifalias, mark) ? (notedSettings(source) ?? { ...own, alias: undefined }) : own;
}

async function defaultRoutes(kernel: KernelClient): Promise<RouteEntry[]> {
  const all = await Promise.all(
    (["inet", "inet6"] as const).map((family) =>
      showRoutes(kernel, undefined, { family, destination: "default", table: "254" }),
    ),
  );
  return all.flatMap((routes = []) => routes);
}

interface Taking {
  readonly seen: ObservedNic | undefined;
  readonly desired: NicArgs;
  readonly mark: string;
}

/** Plans to move the interface from the lab host to its namespace. */
function taken({ seen, desired, mark }: Taking): Plan {
  const { source, settings, addressing, conflicts = [] } = seen ?? {};
  const isReturned = source !== undefined && isOfStack(source.ifalias, mark);
  if (source !== undefined && !desired.takeInUse) refuseInUse(source, settings);
  return [
    ...(addressing?.link === undefined ? [] : [deleteStep(desired)]),
    ...releaseNames(conflicts, mark),
    ...(source === undefined || settings === undefined || isReturned ? [] : noteSettings(source, settings)),
    ...lend(source?.ifname ?? desired.from, desired, mark, settings),
    ...configureInterface({
      current: {
        ...desired,
        ...{ mac: source?.address, mtu: source?.mtu, master: undefined, up: false, alias: mark },
      },
      addressing: addressing && routesOnOthers(addressing, [desired]),
      ...{ desired, mark },
    }),
  ];
}

/** Plans to move the interface back to the lab host, or to restore its settings if it is there already. */
function returned(seen: ObservedNic | undefined, former: NicArgs | undefined): Plan {
  const { source, settings, addressing } = seen ?? {};
  const link = source ?? addressing?.link;
  if (seen === undefined || link === undefined || settings === undefined) return [];
  // An interface that is on the lab host with its own alias may still have notes.
  if (source !== undefined && stackOf(source.ifalias) === undefined) return forgetSettings(source);
  const at = source === undefined ? { namespace: seen.state?.namespace, name: link.ifname } : { name: source.ifname };
  return giveBack({ namespace: undefined, ...at }, link, settings, former?.altname);
}

/** Throws an error for an interface that the lab host uses itself. */
function refuseInUse({ ifname, master, addr_info }: Link, settings: HostSettings | undefined): void {
  const addresses = addr_info.filter(({ scope }) => scope !== "link").map(({ local }) => local);
  const [use] = [
    ...(settings?.gateways.length ? ["has the default route of the lab host"] : []),
    ...(addresses.length > 0 ? [`has the addresses ${addresses.join(", ")} of the lab host`] : []),
    ...(master === undefined ? [] : [`belongs to ${master}`]),
  ];
  if (use === undefined) return;
  throw new UserError(
    `interface ${ifname} cannot be moved to a namespace: it ${use}`,
    "take another interface, or set takeInUse: true; its addresses and default routes are added again when it is moved back",
  );
}
