import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { runQuery } from "../kernel/query.ts";
import { dev, ip, type Link } from "../kernel/tools/ip.ts";
import { withHelp } from "../message.ts";
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
  warn: deviceFileWarning,
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

/** Returns a warning if the user of a device cannot open the file by which programs reach it; else undefined. */
async function deviceFileWarning(kernel: KernelClient, { user, group }: TunTapArgs): Promise<string | undefined> {
  if ((user ?? group) === undefined || ROOT.includes(user ?? "")) return undefined;
  const mode = await runQuery(kernel, { tool: "sh", args: ["-c", `stat -c %a ${DEVICE_FILE}`], query: true });
  if (mode === undefined || /[1-7].$|[1-7]$/.test(mode.trim())) return undefined;
  return withHelp(
    `only root can open ${DEVICE_FILE} of the lab host, whose permissions are ${mode.trim()}: a program of the ${user === undefined ? `group ${group}` : `user ${user}`} cannot use the device`,
    `chmod 666 ${DEVICE_FILE} on the lab host: without user and group, a device is open to all who can open this file`,
  );
}

const ROOT: readonly (number | string)[] = ["root", 0, "0"];

/** The file by which a program sends and receives the packets of its device. */
const DEVICE_FILE = "/dev/net/tun";

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
