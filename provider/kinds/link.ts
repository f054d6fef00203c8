import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Command } from "../kernel/command.ts";
import { dev, ip, type Link } from "../kernel/tools/ip.ts";
import { placeId } from "../kind.ts";
import { stackNameOf } from "../owner.ts";
import type { Step } from "../plan.ts";
import { field, isUnknown } from "../schema.ts";
import { altName, flag, linkName, mac, namespaceName } from "../values.ts";
import { controlledState } from "./master.ts";

/** The arguments of every link. */
export const linkFields = {
  name: field(linkName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  mac: v.optional(field(mac())),
  up: v.optional(field(flag()), true),
  altname: v.optional(field(altName())),
};

/** The name of a link and the namespace that it is in. */
export type LinkPlace = Pick<LinkArgs, "name" | "namespace">;

/** The link arguments that can be changed in place. */
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
 * Adds the default MAC address to a link without one, so that it is known at preview and stays the same when the link is
 * recreated. Also, udev does not change a fixed address.
 */
export function withDefaultMac<Args extends LinkArgs>(link: Args, mark: string): Args {
  if (isUnknown(link) || link.mac !== undefined || isUnknown(link.name) || isUnknown(link.namespace)) return link;
  return { ...link, mac: initialMac(link, mark) };
}

/**
 * Returns the default MAC address of a link, derived from the stack and the link's place. The ends of a veth pair are created
 * with it, even if another MAC address is wanted, so it marks them until they have their alias: the kernel does not accept an
 * alias for a new link.
 */
export function initialMac(at: LinkPlace, mark: string): string {
  // The first byte means: locally administered, unicast.
  return `02:${placeDigest(at, mark).slice(0, 10).match(/../g)?.join(":")}`;
}

/**
 * Returns the number of the group in which a single link is created. It is derived from the stack and the link's place, so it
 * marks the link until it has its alias, also for kinds of links without a MAC address.
 */
export const initialGroup = (at: LinkPlace, mark: string): number =>
  (Number.parseInt(placeDigest(at, mark).slice(0, 8), 16) % MAX_GROUP) + 1;

const MAX_GROUP = 2 ** 31 - 1;

const placeDigest = ({ namespace, name }: LinkPlace, mark: string): string =>
  createHash("sha256")
    .update(`${stackNameOf(mark)} ${placeId(namespace, name)}`)
    .digest("hex");

/** Returns the mark of a link in a place: its alias, or the given mark if the link was created for it and has no alias yet. */
export const linkMark = (at: LinkPlace, link: Link, mark: string): string | undefined =>
  link.ifalias ?? (link.address === initialMac(at, mark) || isInInitialGroup(at, link, mark) ? mark : undefined);

/** Returns whether a link is still in the group in which it was created. */
export const isInInitialGroup = (at: LinkPlace, { group }: Pick<Link, "group">, mark: string): boolean =>
  group === String(initialGroup(at, mark));

/**
 * Returns a kernel link in terms of the common arguments. Of its altnames only the wanted one is included: programs such as
 * udev add others.
 */
export function linkState(link: Link, wanted: Pick<LinkArgs, "namespace" | "altname" | "mtu" | "up">) {
  const { namespace, altname } = wanted;
  return {
    name: link.ifname,
    ...(namespace !== undefined && { namespace }),
    ...(link.address !== undefined && { mac: link.address }),
    mtu: link.mtu,
    ...(link.master !== undefined && { master: link.master }),
    up: link.flags.includes("UP"),
    ...controlledState(link, wanted),
    ...(altname !== undefined && link.altnames?.includes(altname) && { altname }),
  };
}

/** Returns the words of `ip link add` for a link. */
export const createWords = (link: LinkPlace & Pick<LinkArgs, "mtu">, mark: string): (string | number)[] => [
  "name",
  link.name,
  "address",
  initialMac(link, mark),
  ...(link.mtu === undefined ? [] : ["mtu", link.mtu]),
];

/** Returns a link in its state right after it is created. */
export const initialLink = <Args extends LinkArgs>(link: Args, mark: string) => ({
  ...link,
  mac: initialMac(link, mark),
  master: undefined,
  up: false,
  alias: undefined,
});

/** A link as it was observed or created. */
export interface CurrentLink extends LinkArgs {
  readonly alias: string | undefined;
  /** Whether the link is still in the group in which it was created. */
  readonly isInInitialGroup?: boolean;
  /** Whether the link's master controls whether it is up, and leaves it down when it leaves. */
  readonly isControlled?: boolean;
}

/** Returns the steps that change a link to the desired state and mark it as ours; none if nothing differs. */
export function updateLink(current: CurrentLink, desired: LinkArgs, mark: string): Step[] {
  const { master } = desired;
  const joins = master !== undefined && master !== current.master;
  const leaves = current.master !== undefined && master !== current.master;
  const words = [
    ...(desired.mac !== undefined && desired.mac !== current.mac ? ["address", desired.mac] : []),
    ...(desired.mtu !== undefined && desired.mtu !== current.mtu ? ["mtu", desired.mtu] : []),
    ...(joins ? ["master", master] : leaves ? ["nomaster"] : []),
    ...(desired.up === current.up ? [] : [desired.up ? "up" : "down"]),
    ...(mark === current.alias ? [] : ["alias", mark]),
    ...(current.isInInitialGroup ? ["group", "default"] : []),
  ];
  const set = (...changes: (string | number)[]) => ip(desired.namespace, "link", "set", dev(desired.name), ...changes);
  return [
    ...(words.length === 0
      ? []
      : [
          {
            run: set(...words),
            // A bond takes only links that are down, and takes them up itself. All other changes of the rejected command are in effect.
            ...(joins && {
              recover: { from: "enslave-up" as const, run: set("down", "master", master), tellsWhy: true as const },
            }),
          },
        ]),
    ...(leaves && current.isControlled && desired.up ? [{ run: set("up") }] : []),
  ];
}

/** Returns the step that deletes a link, and tolerates that it does not exist. */
export const deleteStep = (link: LinkPlace): Step => ({
  run: deleteCommand(link),
  tolerate: ["absent"],
});

/** Returns the command that deletes a link. */
export const deleteCommand = ({ namespace, name }: LinkPlace): Command => ip(namespace, "link", "delete", dev(name));
