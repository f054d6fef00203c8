import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { dev, ip, type Link } from "../kernel/tools/ip.ts";
import { field } from "../schema.ts";
import { flag } from "../values.ts";
import { accountName, accountOf } from "./account.ts";
import type { LinkPlace } from "./link.ts";
import type { LinkOption, OptionSource } from "./link-option.ts";

/*
 * Tun and tap devices: links whose packets or frames a program sends and receives through /dev/net/tun. `ip tuntap add` creates them, not
 * `ip link add`, and its settings cannot be changed later.
 */

interface TunTapArgs extends LinkPlace {
  readonly user?: number | string | undefined;
  readonly group?: number | string | undefined;
  readonly multiQueue: boolean;
  readonly vnetHdr: boolean;
}

/** Returns the definition that tun and tap devices share. */
export const tunTap = (mode: "tun" | "tap") => ({
  device: mode,
  deviceIn: ({ type }: OptionSource["data"]) => type,
  createdBy: ({ namespace, user, group, multiQueue, vnetHdr }: TunTapArgs, name: string) =>
    ip(
      namespace,
      "tuntap",
      "add",
      dev(name),
      "mode",
      mode,
      ...[
        ...(user === undefined ? [] : ["user", user]),
        ...(group === undefined ? [] : ["group", group]),
        ...(vnetHdr ? ["vnet_hdr"] : []),
        ...(multiQueue ? ["multi_queue"] : []),
      ],
    ),
  options: {
    user: account("user"),
    group: account("group"),
    multiQueue: fixedFlag("multi_queue"),
    vnetHdr: fixedFlag("vnet_hdr"),
  },
  ...(mode === "tap" && { mtu: { max: 65_521 } }),
  // A program that opens the device sets it anew, and it stays so.
  unseen: () => ["vnetHdr"] as const,
  settings: {
    async observe(kernel: KernelClient, wanted: TunTapArgs, { linkinfo }: Link) {
      const { user, group } = linkinfo?.info_data ?? {};
      return {
        ...(user !== undefined && { user: await accountOf(kernel, "passwd", wanted.user, user) }),
        ...(group !== undefined && { group: await accountOf(kernel, "group", wanted.group, group) }),
      };
    },
    plan: () => [],
  },
});

function account(word: "user" | "group") {
  return {
    entry: v.optional(field(accountName(word), { replaces: true })),
    words: () => [],
    read: ({ data }: OptionSource) => data[word],
  } satisfies LinkOption;
}

function fixedFlag(json: string) {
  return {
    entry: v.optional(field(flag(), { replaces: true }), false),
    initial: false,
    words: () => [],
    read: ({ data }: OptionSource) => data[json],
  } satisfies LinkOption;
}
