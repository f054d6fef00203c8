import type { Command } from "../kernel/command.ts";
import { dev, ip, type Link, type LinkAddress, namespaceWord, type RouteEntry } from "../kernel/tools/ip.ts";
import { LAB_HOST_WORD, openingLabHost } from "../kernel/tools/lab-host-word.ts";
import { fitsNote } from "../notes.ts";
import { digest } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import { cidrOf } from "./address-order.ts";
import { deleteStep, type LinkArgs, type LinkPlace } from "./link.ts";

/*
 * Moves a physical interface to a namespace and back. Its settings on the lab host are stored in notes, which are alternative names of the
 * interface. They move with it, also when the kernel moves it back because the namespace was deleted.
 */

/** The settings of an interface on the lab host. */
export interface HostSettings {
  readonly name: string;
  readonly mac: string | undefined;
  readonly mtu: number;
  readonly up: boolean;
  readonly alias: string | undefined;
  /** Digests of its alternative names. It keeps them in the namespace. */
  readonly altnames: readonly string[];
  readonly addresses: readonly string[];
  readonly gateways: readonly Gateway[];
}

/** An interface with its notes. */
type Noted = Pick<Link, "ifname" | "altnames">;

/** The gateway of a default route. */
interface Gateway {
  readonly via: string;
  readonly metric: number | undefined;
}

/** Returns the settings of an interface on the lab host that are restored when it is moved back. */
export const settingsOn = (link: Link, defaultRoutes: readonly RouteEntry[]): HostSettings => ({
  name: link.ifname,
  mac: link.address,
  mtu: link.mtu,
  up: link.flags.includes("UP"),
  alias: link.ifalias,
  altnames: (link.altnames ?? []).filter((text) => !text.startsWith(PREFIX)).map(digest),
  addresses: link.addr_info.filter(isGivenBack).map(cidrOf),
  gateways: defaultRoutes.flatMap(({ dev: over, gateway: via, metric, protocol }) =>
    over === link.ifname && via !== undefined && !LEARNED.has(protocol ?? "") ? [{ via, metric }] : [],
  ),
});

/** Returns the settings in the notes of an interface; undefined if it has no notes. */
export function notedSettings({ altnames = [] }: Link): HostSettings | undefined {
  const [, name = "", mac = "", mtu, state] =
    altnames.map((text) => SETTINGS.exec(text)).find((match) => match !== null) ?? [];
  if (name === "") return undefined;
  const texts = (prefix: string) =>
    altnames.flatMap((text) => (text.startsWith(prefix) ? [text.slice(prefix.length)] : []));
  const [alias] = texts(ALIAS);
  return {
    name,
    mac: mac === "" ? undefined : (mac.match(/../g) ?? []).join(":"),
    mtu: Number(mtu),
    up: state === "up",
    alias: alias === undefined ? undefined : Buffer.from(alias, "base64url").toString(),
    altnames: texts(ALTNAME),
    addresses: texts(ADDRESS).map((text) => text.replace("_", "/")),
    gateways: texts(GATEWAY).map((text) => {
      const [via = "", metric = ""] = text.split("_");
      return { via, metric: metric === "" ? undefined : Number(metric) };
    }),
  };
}

/** Plans to store the settings of an interface in its notes, and to remove earlier notes. */
export const noteSettings = (link: Noted, settings: HostSettings): Plan => {
  const notes = notesOf(settings);
  const property = (verb: "add" | "del", text: string) =>
    ip(undefined, "link", "property", verb, dev(link.ifname), "altname", text);
  return [
    ...oldNotes(link)
      .filter((text) => !notes.includes(text))
      .map((text) => forget({ name: link.ifname }, text)),
    ...notes
      .filter((text) => !link.altnames?.includes(text))
      .map((text): Step => ({ run: property("add", text), undo: property("del", text) })),
  ];
};

/**
 * Plans to move an interface to a namespace, where it has another name and a mark.
 *
 * @param present Its present settings on the lab host, for a rollback; undefined if the interface was not found.
 */
export function lend(
  from: string,
  { namespace = "", name, mac, mtu }: LinkPlace & Pick<LinkArgs, "mac" | "mtu">,
  mark: string,
  present?: HostSettings,
): Plan {
  const { up = false, alias = "", addresses = [], gateways = [] } = present ?? {};
  const restored = present === undefined ? [] : hardware(present, { mac: mac ?? present.mac, mtu: mtu ?? present.mtu });
  return [
    // These commands change nothing. A rollback undoes the last step first, so it adds the addresses and routes after the move back.
    ...gateways.map((one): Step => ({ run: defaultRoute(from, "replace", one), undo: defaultRoute(from, "add", one) })),
    ...addresses.map(
      (address): Step => ({ run: onLink(from, "replace", address), undo: onLink(from, "add", address) }),
    ),
    {
      run: ip(undefined, "link", "set", dev(from), "netns", namespaceWord(namespace), "name", name, "alias", mark),
      undo: moveToHost({ namespace, name }, ["name", from, ...restored, "alias", alias, up ? "up" : "down"]),
    },
  ];
}

/**
 * Plans to move an interface back to the lab host, with its former settings. Its mark and its notes are removed last, so that the next run
 * finds an interface whose delete was interrupted.
 *
 * @param at Where the interface is: in its namespace, or on the lab host already.
 */
export function giveBack(at: LinkPlace, link: Link, settings: HostSettings): Plan {
  const { name, up, alias, altnames, addresses, gateways } = settings;
  const others = (link.altnames ?? []).filter((text) => !text.startsWith(PREFIX) && !altnames.includes(digest(text)));
  const own = hardware(settings, link.master === undefined ? { mac: link.address, mtu: link.mtu } : undefined);
  const change = (...words: (string | number)[]) => ip(undefined, "link", "set", dev(name), ...words);
  return [
    // Before the move: another interface of the lab host may have such a name.
    ...others.map((text) => forget(at, text)),
    {
      run:
        at.namespace === undefined
          ? ip(undefined, "link", "set", dev(at.name), "down", ...(at.name === name ? [] : ["name", name]), ...own)
          : moveToHost(at, ["down", "nomaster", "name", name, ...own]),
    },
    ...(up ? [{ run: change("up") }] : []),
    ...addresses.map((address): Step => ({ run: onLink(name, "add", address), tolerate: ["exists"] })),
    ...gateways.map((one): Step => ({ run: defaultRoute(name, "add", one), tolerate: ["exists"] })),
    { run: change("alias", alias ?? "") },
    ...forgetSettings({ ...link, ifname: name }),
  ];
}

/** Plans to remove a link of the stack from its place: to delete it, or to move a physical interface back to the lab host. */
export function removeLink(at: LinkPlace, link: Link | undefined): Plan {
  const settings = link && notedSettings(link);
  return link === undefined || settings === undefined ? [deleteStep(at)] : giveBack(at, link, settings);
}

/**
 * Returns the words that restore the MAC address and the MTU. Some drivers accept no MAC address, not even the current one.
 *
 * @param current Those of the interface; undefined if they are its master's, as in a bond.
 */
const hardware = (
  { mac, mtu }: HostSettings,
  current: { readonly mac: string | undefined; readonly mtu: number } | undefined,
): string[] => [
  ...(mac === undefined || mac === current?.mac ? [] : ["address", mac]),
  ...(mtu === current?.mtu ? [] : ["mtu", String(mtu)]),
];

const onLink = (name: string, verb: "add" | "replace", address: string): Command =>
  ip(undefined, "address", verb, address, dev(name));

const defaultRoute = (name: string, verb: "add" | "replace", { via, metric }: Gateway): Command =>
  ip(undefined, "route", verb, "default", "via", via, dev(name), ...(metric === undefined ? [] : ["metric", metric]));

/** Plans to remove the notes of an interface on the lab host. */
export const forgetSettings = (link: Noted): Plan => oldNotes(link).map((text) => forget({ name: link.ifname }, text));

const forget = ({ namespace, name }: LinkPlace, text: string): Step => ({
  run: ip(namespace, "link", "property", "del", dev(name), "altname", text),
  tolerate: ["absent"],
});

/** Returns the command that moves an interface from a namespace to the lab host. */
const moveToHost = ({ namespace, name }: LinkPlace, words: readonly string[]): Command =>
  openingLabHost(ip(namespace, "link", "set", dev(name), ...words, "netns", LAB_HOST_WORD));

const notesOf = ({ name, mac = "", mtu, up, alias, altnames, addresses, gateways }: HostSettings): string[] =>
  [
    `${PREFIX}host:${name}:${mac.replaceAll(":", "")}:${mtu}:${up ? "up" : "down"}`,
    ...(alias === undefined ? [] : [`${ALIAS}${Buffer.from(alias).toString("base64url")}`]),
    ...altnames.map((text) => `${ALTNAME}${text}`),
    ...addresses.map((address) => `${ADDRESS}${address.replace("/", "_")}`),
    ...gateways.map(({ via, metric = "" }) => `${GATEWAY}${via}_${metric}`),
  ].filter(fitsNote);

const oldNotes = ({ altnames = [] }: Noted): string[] => altnames.filter((text) => text.startsWith(PREFIX));

const PREFIX = "pulumi-netns:nic:";
const SETTINGS = /^pulumi-netns:nic:host:([^:]+):([0-9a-f]*):(\d+):(up|down)$/;
const ALIAS = `${PREFIX}alias:`;
const ALTNAME = `${PREFIX}altname:`;
const ADDRESS = `${PREFIX}address:`;
const GATEWAY = `${PREFIX}gateway:`;

/** Returns whether an address is restored. The kernel or a program adds the others again. */
const isGivenBack = ({ scope = "global", dynamic, address }: LinkAddress): boolean =>
  scope === "global" && dynamic !== true && address === undefined;

/** The protocols of routes that the kernel or a program adds again. */
const LEARNED: ReadonlySet<string> = new Set(["kernel", "ra", "dhcp"]);
