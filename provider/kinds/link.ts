import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Command } from "../kernel/command.ts";
import { dev, ip, type Link } from "../kernel/tools/ip.ts";
import { placeId } from "../kind.ts";
import { stackNameOf } from "../owner.ts";
import type { Step } from "../plan.ts";
import { field, isUnknown } from "../schema.ts";
import { altName, flag, interfaceName, mac, namespaceName } from "../values.ts";

/** What every link has. */
export const linkFields = {
  name: field(interfaceName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  mac: v.optional(field(mac())),
  up: v.optional(field(flag()), true),
  altname: v.optional(field(altName())),
};

/** The name of a link and the namespace that it is in. */
export type LinkPlace = Pick<LinkArgs, "name" | "namespace">;

/** The part of a link's arguments that can be set while it lives. */
export interface LinkArgs {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  readonly master?: string | undefined;
  readonly up: boolean;
  readonly altname?: string | undefined;
}

/**
 * Gives a link without a MAC address the one that it is born with, so that it is known at preview and stays the same when
 * the link is made again. A fixed address is also one that udev leaves alone.
 */
export function withDefaultMac<Args extends LinkArgs>(link: Args, mark: string): Args {
  if (isUnknown(link) || link.mac !== undefined || isUnknown(link.name) || isUnknown(link.namespace)) return link;
  return { ...link, mac: initialMac(link, mark) };
}

/**
 * The default MAC address of a link. It follows from the stack and the link's place. The ends of a veth pair are created with
 * it, whatever MAC address they are to have, so it marks them until they have their alias: the kernel takes no alias for a new link.
 */
export function initialMac(at: LinkPlace, mark: string): string {
  // The first byte says: locally administered, one interface.
  return `02:${placeDigest(at, mark).slice(0, 10).match(/../g)?.join(":")}`;
}

/**
 * The number of the group in which a single link is created. It follows from the stack and the link's place, so it marks the
 * link until it has its alias, also where a link of that kind has no MAC address.
 */
export const initialGroup = (at: LinkPlace, mark: string): number =>
  (Number.parseInt(placeDigest(at, mark).slice(0, 8), 16) % MAX_GROUP) + 1;

const MAX_GROUP = 2 ** 31 - 1;

const placeDigest = ({ namespace, name }: LinkPlace, mark: string): string =>
  createHash("sha256")
    .update(`${stackNameOf(mark)} ${placeId(namespace, name)}`)
    .digest("hex");

/** The mark of a link that stands in a place: its alias, or the given mark where the link was created for it and has no alias yet. */
export const linkMark = (at: LinkPlace, link: Link, mark: string): string | undefined =>
  link.ifalias ?? (link.address === initialMac(at, mark) || isInInitialGroup(at, link, mark) ? mark : undefined);

/** Whether a link is still in the group in which it was created. */
export const isInInitialGroup = (at: LinkPlace, { group }: Pick<Link, "group">, mark: string): boolean =>
  group === String(initialGroup(at, mark));

/**
 * A link of the kernel in terms of the arguments that every link has. Of its alternative names only the wanted one counts:
 * others are given by others, such as udev.
 */
export function linkState(link: Link, { namespace, altname }: Pick<LinkArgs, "namespace" | "altname">) {
  return {
    name: link.ifname,
    ...(namespace !== undefined && { namespace }),
    ...(link.address !== undefined && { mac: link.address }),
    mtu: link.mtu,
    ...(link.master !== undefined && { master: link.master }),
    up: link.flags.includes("UP"),
    ...(altname !== undefined && link.altnames?.includes(altname) && { altname }),
  };
}

/** What `ip link add` is to make a link with. */
export const createWords = (link: LinkPlace & Pick<LinkArgs, "mtu">, mark: string): (string | number)[] => [
  "name",
  link.name,
  "address",
  initialMac(link, mark),
  ...(link.mtu === undefined ? [] : ["mtu", link.mtu]),
];

/** A link as it is right after its birth. */
export const initialLink = <Args extends LinkArgs>(link: Args, mark: string) => ({
  ...link,
  mac: initialMac(link, mark),
  master: undefined,
  up: false,
  alias: undefined,
});

/** A link as it was seen or created. */
export interface CurrentLink extends LinkArgs {
  readonly alias: string | undefined;
  /** Whether it is still in the group in which it was created. */
  readonly isInInitialGroup?: boolean;
}

/** Changes a link to what is desired and marks it as ours, in one command; none when it is so already. */
export function updateLink(current: CurrentLink, desired: LinkArgs, mark: string): Step[] {
  const words = [
    ...(desired.mac !== undefined && desired.mac !== current.mac ? ["address", desired.mac] : []),
    ...(desired.mtu !== undefined && desired.mtu !== current.mtu ? ["mtu", desired.mtu] : []),
    ...(desired.master === current.master
      ? []
      : desired.master === undefined
        ? ["nomaster"]
        : ["master", desired.master]),
    ...(desired.up === current.up ? [] : [desired.up ? "up" : "down"]),
    ...(mark === current.alias ? [] : ["alias", mark]),
    ...(current.isInInitialGroup ? ["group", "default"] : []),
  ];
  return words.length === 0 ? [] : [{ run: ip(desired.namespace, "link", "set", dev(desired.name), ...words) }];
}

/** Deletes a link; that it is gone already is as good. */
export const deleteStep = (link: LinkPlace): Step => ({
  run: deleteCommand(link),
  tolerate: ["absent"],
});

/** The command that deletes a link. */
export const deleteCommand = ({ namespace, name }: LinkPlace): Command => ip(namespace, "link", "delete", dev(name));
