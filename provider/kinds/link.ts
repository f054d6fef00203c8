import { createHash } from "node:crypto";
import * as v from "valibot";
import { type Claim, claimed } from "../claims.ts";
import { ip, type Link } from "../kernel/ip.ts";
import type { Command } from "../kernel/kernel.ts";
import { place } from "../kind.ts";
import { stackNameOf } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import { field, isUnknown, rule } from "../schema.ts";
import { altName, flag, interfaceName, mac, namespaceName } from "../values.ts";

/** What every link has. */
export const linkFields = {
  name: field(interfaceName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  mac: v.optional(field(mac())),
  up: v.optional(field(flag()), true),
  altname: v.optional(field(altName())),
};

/** A second name is another one. */
export const twoNames = <Args extends Named>() =>
  rule<Args, "name" | "altname">(["name", "altname"], ({ name, altname }) =>
    altname === name
      ? { at: "altname", why: `"${altname}" is the name itself; an alternative one differs` }
      : undefined,
  );

/** Where a link stands. */
export type At = Pick<LinkArgs, "name" | "namespace">;

/** A link's place, and the second name that it has there. */
export interface Named extends At {
  readonly altname?: string | undefined;
}

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

/** The names of an interface that no two resources may share. The kernel takes either name for the other. */
export const linkClaims = ({ namespace, name, altname = name }: Named): Claim[] =>
  claimed(...[...new Set([name, altname])].map((one) => `interface ${place(namespace, one)}`));

/**
 * Gives a link without a MAC address the one that it is born with, so that it is known at preview and stays the same when
 * the link is made again. A fixed address is also one that udev leaves alone.
 */
export function withMac<Args extends LinkArgs>(link: Args, mark: string): Args {
  if (isUnknown(link) || link.mac !== undefined || isUnknown(link.name) || isUnknown(link.namespace)) return link;
  return { ...link, mac: birthMac(link, mark) };
}

/**
 * The MAC address that every link of ours is born with. It follows from the stack and the link's place, so it is our mark
 * until the link can bear the real one: a link cannot be born with an alias.
 */
export function birthMac({ namespace, name }: At, mark: string): string {
  const bytes = createHash("sha256")
    .update(`${stackNameOf(mark)} ${place(namespace, name)}`)
    .digest("hex")
    .slice(0, 10);
  // The first byte says: locally administered, one interface.
  return `02:${bytes.match(/../g)?.join(":")}`;
}

/** The mark of a link that stands in a place: the one it bears, or, from its birth until then, the one it is to bear. */
export const markIn = (at: At, link: Link, mark: string): string | undefined =>
  link.ifalias ?? (link.address === birthMac(at, mark) ? mark : undefined);

/**
 * A link of the kernel in terms of the arguments that every link has. Of its alternative names only the wanted one counts:
 * others are given by others, such as udev.
 */
export function linkState(link: Link, { namespace, altname }: Named) {
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
export const birth = (link: At & Pick<LinkArgs, "mtu">, mark: string): (string | number)[] => [
  "name",
  link.name,
  "address",
  birthMac(link, mark),
  ...(link.mtu === undefined ? [] : ["mtu", link.mtu]),
];

/** A link as it is right after its birth. */
export const newborn = <Args extends LinkArgs>(link: Args, mark: string) => ({
  ...link,
  mac: birthMac(link, mark),
  master: undefined,
  up: false,
  alias: undefined,
});

/** Changes a link to what is desired and marks it as ours, in one command; none when it is so already. */
export function adjust(is: LinkArgs & { readonly alias: string | undefined }, to: LinkArgs, mark: string): Step[] {
  const words = [
    ...(to.mac !== undefined && to.mac !== is.mac ? ["address", to.mac] : []),
    ...(to.mtu !== undefined && to.mtu !== is.mtu ? ["mtu", to.mtu] : []),
    ...(to.master === is.master ? [] : to.master === undefined ? ["nomaster"] : ["master", to.master]),
    ...(to.up === is.up ? [] : [to.up ? "up" : "down"]),
    ...(mark === is.alias ? [] : ["alias", mark]),
  ];
  return words.length === 0 ? [] : [{ run: ip(to.namespace, "link", "set", "dev", to.name, ...words) }];
}

/** Brings a link's alternative name to what is desired. A link cannot be born with one. */
export function rename({ seen, was, desired }: Record<"seen" | "was", Named | undefined> & { desired: Named }): Plan {
  const { namespace, name, altname } = desired;
  const change = (verb: "add" | "del", text: string) =>
    ip(namespace, "link", "property", verb, "dev", name, "altname", text);
  const old = was?.altname === altname ? undefined : was?.altname;
  return [
    ...(old === undefined ? [] : [{ run: change("del", old), tolerate: ["absent"] as const }]),
    ...(altname === undefined || altname === seen?.altname ? [] : [{ run: change("add", altname) }]),
  ];
}

/** Deletes a link; that it is gone already is as good. */
export const drop = (link: At): Step => ({
  run: deletion(link),
  tolerate: ["absent"],
});

/** The command that deletes a link. */
export const deletion = ({ namespace, name }: At): Command => ip(namespace, "link", "delete", "dev", name);
