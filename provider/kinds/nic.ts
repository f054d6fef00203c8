import * as v from "valibot";
import { faultOfInterface } from "../faults.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type Link, listNamespaces, type RouteEntry, showLinks, showRoutes } from "../kernel/tools/ip.ts";
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
import type { LinkPlace } from "./link.ts";
import { distinctNames, linkClaims, type NameConflict, releaseNames } from "./link-names.ts";
import { netemClaims } from "./link-netem.ts";
import {
  forgetSettings,
  giveBack,
  type HostSettings,
  lend,
  notedSettings,
  noteSettings,
  removeLink,
  settingsOn,
} from "./nic-loan.ts";

const faultOfHardware = (name: string): string | undefined =>
  name === "lo" ? "it is the loopback interface, which each namespace has of its own" : faultOfInterface(name);

const entries = {
  ...interfaceFields,
  namespace: field(namespaceName(), { replaces: true }),
  from: field(interfaceName(faultOfHardware), { replaces: true }),
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
  /** The interface, wherever it is. */
  readonly source: Source | undefined;
}

/** A physical interface with its place. */
interface Source {
  readonly link: Link;
  /**
   * The lab host, before it is moved or after it was moved back by hand or because its namespace was deleted; or the namespace to which
   * this resource or a former one of the stack has moved it.
   */
  readonly at: LinkPlace;
  /** Its settings on the lab host, which are restored when it is moved back. */
  readonly settings: HostSettings;
  /** Its settings on the lab host at present. Those of one that was moved back by hand may differ from {@link settings}. */
  readonly present: HostSettings;
}

const TAKEN =
  "a Nic gives its interface this name back when it is deleted: give the other resource another name, or remove one of them";

/** A physical interface of the lab host that is moved to a namespace, and moved back on delete. */
export const nic: Kind<NicArgs, ObservedNic> = {
  type: "Nic",
  schema,
  ownership: "mark",
  recreatesSibling: true,
  interfaces: (link) => ({ self: link }),
  id: ({ namespace, name }) => placeId(namespace, name),
  // An interface that is moved from a former resource's namespace is on the lab host for a moment, where others look for theirs.
  lockKey: () => "physical interfaces",
  // Its notes contain the name that it has on the lab host.
  argsFromId: (id) => {
    const { namespace = "", name } = parsePlaceId(id);
    return { namespace, name, from: "", takeInUse: false, up: true };
  },
  claims: (link) => [
    ...linkClaims(link),
    // It gets this name back on the lab host.
    ...(link.from === ""
      ? []
      : linkClaims({ name: link.from }).map((one) => ({ ...one, property: "from", help: TAKEN }))),
    ...addressingClaims(link),
    ...netemClaims(link),
  ],

  async observe(kernel, wanted, mark) {
    const { link, addressing, conflicts, mark: linkMark } = await observeInterface(kernel, wanted, mark);
    const noted = link && notedSettings(link);
    // Its alias is set as it is moved: a link that has only the MAC address of a new link is the end of a veth pair.
    if (link !== undefined && (noted !== undefined || link.ifalias === mark)) {
      const { takeInUse, namespace } = wanted;
      const from = noted?.name ?? wanted.from;
      const state = { ...interfaceState(wanted, link, addressing), namespace, from, takeInUse };
      const here = noted && { link, at: { namespace, name: link.ifname }, settings: noted, present: noted };
      const source = from === wanted.from || wanted.from === "" ? here : await observeSource(kernel, wanted, mark);
      return { state, mark: linkMark, addressing, conflicts, source };
    }
    const source = await observeSource(kernel, wanted, mark);
    if (link === undefined && source === undefined && conflicts.length === 0) return undefined;
    const isForeign = stackOf(source?.link.ifalias) !== undefined && !isOfStack(source?.link.ifalias, mark);
    const ownMark = isForeign ? source?.link.ifalias : mark;
    return { state: undefined, mark: link === undefined ? ownMark : linkMark, addressing, conflicts, source };
  },

  plan({ seen, was, desired, mark }) {
    if (desired === undefined) return returned(seen, mark);
    const { state } = seen ?? {};
    // Another interface of the stack may have the name.
    if (state === undefined || state.from !== desired.from) return taken({ seen, desired, mark });
    return configureInterface({
      current: { ...state, alias: seen?.addressing.link?.ifalias },
      ...{ seen: state, addressing: seen?.addressing, conflicts: seen?.conflicts ?? [], was, desired, mark },
    });
  },
};

/** Queries an interface that is not in the namespace to which it is to be moved. */
async function observeSource(kernel: KernelClient, wanted: NicArgs, mark: string): Promise<Source | undefined> {
  const link = onHost(wanted, (await showLinks(kernel, undefined)) ?? [], mark);
  if (link === undefined) return lentElsewhere(kernel, wanted, mark);
  // The notes of an interface count while it has our mark: it was moved back by other means than a delete.
  const present = settingsOn(link, await defaultRoutes(kernel));
  const settings = isOfStack(link.ifalias, mark) ? (notedSettings(link) ?? { ...present, alias: undefined }) : present;
  return { link, at: { namespace: undefined, name: link.ifname }, settings, present };
}

/** Returns the interface on the lab host: by its mark, if it was moved back by other means than a delete, or by its name. */
const onHost = ({ from }: NicArgs, links: readonly Link[], mark: string): Link | undefined =>
  links.find((link) => link.ifalias === mark && (notedSettings(link)?.name ?? from) === from) ??
  links.find((link) => isOfStack(link.ifalias, mark) && notedSettings(link)?.name === from) ??
  links.find(({ ifname }) => ifname === from);

/** Queries the interface in the namespaces, for one that another resource of the stack has moved. */
async function lentElsewhere(kernel: KernelClient, { from }: NicArgs, mark: string): Promise<Source | undefined> {
  const namespaces = await listNamespaces(kernel);
  const found = await Promise.all(
    namespaces.map(async ({ name: namespace }) => {
      const links = (await showLinks(kernel, namespace)) ?? [];
      return links.map((link) => ({ link, at: { namespace, name: link.ifname }, settings: notedSettings(link) }));
    }),
  );
  return found
    .flat()
    .flatMap(({ link, at, settings }) => (settings === undefined ? [] : [{ link, at, settings, present: settings }]))
    .find(({ link, settings }) => settings.name === from && isOfStack(link.ifalias, mark));
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

/** Plans to move the interface to its namespace, from the lab host or from the namespace of a former resource. */
function taken({ seen, desired, mark }: Taking): Plan {
  const { source, addressing, conflicts = [] } = seen ?? {};
  if (source !== undefined && !desired.takeInUse) refuseInUse(source);
  const { name, mac, mtu } = source?.settings ?? { name: desired.from };
  const isLent = source !== undefined && source.at.namespace !== undefined;
  const from = isLent ? name : (source?.link.ifname ?? desired.from);
  return [
    ...(addressing?.link === undefined || isAt(source, desired) ? [] : removeLink(desired, addressing.link)),
    ...releaseNames(
      // The interface itself may have the altname as its name.
      conflicts.filter(({ namespace, link }) => !isAt(source, { namespace, name: link.ifname })),
      mark,
    ),
    ...(isLent ? giveBack(source.at, source.link, source.settings) : []),
    ...(source === undefined ? [] : noted(source, mark)),
    ...lend(from, desired, mark, source?.present),
    ...configureInterface({
      current: {
        ...desired,
        ...{ mac: isLent ? mac : source?.link.address, mtu: isLent ? mtu : source?.link.mtu },
        ...{ master: undefined, up: false, alias: mark },
      },
      addressing: addressing && routesOnOthers(addressing, [desired]),
      ...{ desired, mark },
    }),
  ];
}

const isAt = (source: Source | undefined, { namespace, name }: LinkPlace): boolean =>
  source !== undefined && source.at.namespace === namespace && source.at.name === name;

/** Plans to store the settings of an interface in its notes, which one that was moved back by other means than a delete still has. */
function noted({ link, at, settings }: Source, mark: string): Plan {
  if (at.namespace !== undefined) return noteSettings({ ifname: settings.name }, settings);
  return isOfStack(link.ifalias, mark) ? [] : noteSettings(link, settings);
}

/** Plans to move the interface back to the lab host, or to restore its settings if it is there already. */
function returned({ state, addressing, source }: Partial<ObservedNic> = {}, mark: string): Plan {
  const link = addressing?.link;
  if (state !== undefined && link !== undefined) {
    const own = { ...settingsOn(link, []), name: state.from, alias: undefined, addresses: [] };
    return giveBack(state, link, notedSettings(link) ?? own);
  }
  // In another namespace it belongs to the resource that has moved it there.
  if (source === undefined || source.at.namespace !== undefined) return [];
  // An interface that is on the lab host with its own alias may still have notes.
  return isOfStack(source.link.ifalias, mark)
    ? giveBack(source.at, source.link, source.settings)
    : forgetSettings(source.link);
}

/** Throws an error for an interface that the lab host uses itself. */
function refuseInUse({
  link: { ifname, master, addr_info },
  at,
  settings: { name, gateways, addresses: former },
}: Source): void {
  const isLent = at.namespace !== undefined;
  const addresses = isLent ? former : addr_info.filter(({ scope }) => scope !== "link").map(({ local }) => local);
  const [use] = [
    ...(gateways.length > 0 ? ["has the default route of the lab host"] : []),
    ...(addresses.length > 0 ? [`has the addresses ${addresses.join(", ")} of the lab host`] : []),
    ...(isLent || master === undefined ? [] : [`belongs to ${master}`]),
  ];
  if (use === undefined) return;
  throw new UserError(
    `interface ${isLent ? name : ifname} cannot be moved to a namespace: it ${use}`,
    "take another interface, or set takeInUse: true; its addresses and default routes are added again when it is moved back",
  );
}
