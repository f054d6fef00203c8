import * as v from "valibot";
import { isUnknown, list, rule } from "../schema.ts";
import { flag, integer, interfaceName, ip, oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted, type OptionArgs, type OptionSource, optional, required } from "./link-option.ts";

const MODES = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
] as const;

interface Monitoring {
  readonly miimon?: number;
  readonly updelay?: number;
  readonly downdelay?: number;
}

const delay = (word: string) => ({
  ...defaulted(integer("a delay in milliseconds", 0, 1_000_000, 200), word, 0),
  // Without miimon the kernel has no delays, and refuses to set any.
  words: (value: unknown, { miimon = 0 }: Monitoring) => (miimon === 0 ? [] : [word, String(value)]),
});

/** Declares an option of mode 802.3ad, which the kernel changes only while the bond is down. */
const ofLacp = <S extends v.GenericSchema>(schema: S, word: string, json: string) => ({
  ...optional(schema, word, { replaces: true, computed: true }),
  read: ({ data }: OptionSource) => data[json],
});

/** Returns an option of ARP monitoring, which the kernel keeps, but does not use, while `miimon` is set. */
const whileMonitoring = (data: OptionSource["data"], value: unknown) => (data["arp_interval"] ? value : undefined);

const options = {
  mode: required(oneOf(MODES), "mode", { replaces: true }),
  miimon: {
    // The kernel's default is 0: no failure of a member is ever noticed.
    ...optional(integer("an interval in milliseconds", 0, 1_000_000, 100), "miimon", { initial: 0 }),
    // The kernel keeps the delays as multiples of the interval.
    words: (miimon: unknown, { updelay = 0, downdelay = 0 }: Monitoring) => [
      ...["miimon", String(miimon)],
      ...(miimon === 0 ? [] : ["updelay", String(updelay), "downdelay", String(downdelay)]),
    ],
  },
  updelay: delay("updelay"),
  downdelay: delay("downdelay"),
  minLinks: defaulted(integer("a number of links", 0, 255, 1), "min_links", 0),
  xmitHashPolicy: defaulted(
    oneOf(["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4", "vlan+srcmac"]),
    "xmit_hash_policy",
    "layer2",
  ),
  lacpRate: ofLacp(oneOf(["slow", "fast"]), "lacp_rate", "ad_lacp_rate"),
  lacpActive: {
    ...ofLacp(flag(), "lacp_active", "ad_lacp_active"),
    words: (active: unknown) => ["lacp_active", active === true ? "on" : "off"],
    read: ({ data }: OptionSource) =>
      data["ad_lacp_active"] === undefined ? undefined : data["ad_lacp_active"] === "on",
  },
  adSelect: ofLacp(oneOf(["stable", "bandwidth", "count"]), "ad_select", "ad_select"),
  arpInterval: {
    ...optional(integer("an interval in milliseconds", 1, 1_000_000, 100), "arp_interval"),
    read: ({ data }: OptionSource) => data["arp_interval"] || undefined,
  },
  arpIpTarget: {
    entry: v.optional(list(ip("inet"), `a list of up to 16 IPv4 addresses, e.g. ["10.0.0.1"]`)),
    words: (targets: unknown) => ["arp_ip_target", String(targets)],
    read: ({ data }: OptionSource) => whileMonitoring(data, data["arp_ip_target"]),
  },
  arpValidate: {
    ...defaulted(oneOf(["none", "active", "backup", "all"]), "arp_validate", "none"),
    // `ip` shows none as null.
    read: ({ data }: OptionSource) => whileMonitoring(data, data["arp_validate"]) ?? "none",
  },
  // The kernel changes it only while the bond has no members.
  failOverMac: defaulted(oneOf(["none", "active", "follow"]), "fail_over_mac", "none", { replaces: true }),
  primaryReselect: defaulted(oneOf(["always", "better", "failure"]), "primary_reselect", "always"),
  // The kernel shows it only while the member belongs to the bond.
  primary: optional(interfaceName(), "primary", { computed: true }),
};

type Options = OptionArgs<typeof options>;

export const bond = linkKind({
  type: "Bond",
  device: "bond",
  options,
  followsMac: true,
  // The bond then has the MAC address of its active member.
  unseen: ({ fail_over_mac: failOver, active_slave: active }) =>
    failOver === "active" && active !== undefined ? ["mac"] : [],
  applyDefaults: (args) =>
    args.miimon !== undefined || isUnknown(args.arpInterval)
      ? args
      : { ...args, miimon: defaultMiimon(args.arpInterval) },
  rules: [
    isMultiple("updelay"),
    isMultiple("downdelay"),
    needsLacp("lacpRate"),
    needsLacp("lacpActive"),
    needsLacp("adSelect"),
    rule<Options, "miimon" | "arpInterval">(["miimon", "arpInterval"], ({ miimon, arpInterval }) => {
      if (arpInterval === undefined)
        return miimon === 0
          ? { at: "miimon", why: "0 without arpInterval: the bond would not notice the failure of a member" }
          : undefined;
      return (miimon ?? 0) > 0
        ? { at: "arpInterval", why: "cannot be used with miimon: the kernel would use only one of them" }
        : undefined;
    }),
    rule<Options, "mode" | "arpInterval">(["mode", "arpInterval"], ({ mode, arpInterval }) =>
      arpInterval !== undefined && !WITH_ARP.includes(mode)
        ? {
            at: "arpInterval",
            why: `a bond of mode "${mode}" has no ARP monitoring; use one of ${WITH_ARP.join(", ")}`,
          }
        : undefined,
    ),
    rule<Options, "arpInterval" | "arpIpTarget">(["arpInterval", "arpIpTarget"], ({ arpInterval, arpIpTarget }) =>
      arpInterval !== undefined && arpIpTarget === undefined
        ? { at: "arpIpTarget", why: "missing: arpInterval requires the addresses for its ARP requests" }
        : arpInterval === undefined && arpIpTarget !== undefined
          ? { at: "arpIpTarget", why: NEEDS_INTERVAL }
          : undefined,
    ),
    rule<Options, "arpIpTarget">(["arpIpTarget"], ({ arpIpTarget: { length } = [] }) =>
      length > MAX_TARGETS
        ? { at: "arpIpTarget", why: `${length} addresses; the kernel takes at most ${MAX_TARGETS}` }
        : undefined,
    ),
    rule<Options, "arpInterval" | "arpValidate">(["arpInterval", "arpValidate"], ({ arpInterval, arpValidate }) =>
      arpInterval === undefined && arpValidate !== "none" ? { at: "arpValidate", why: NEEDS_INTERVAL } : undefined,
    ),
    rule<Options, "mode" | "failOverMac">(["mode", "failOverMac"], ({ mode, failOverMac }) =>
      failOverMac !== "none" && mode !== "active-backup"
        ? { at: "failOverMac", why: `a bond of mode "${mode}" has no active member; it requires mode "active-backup"` }
        : undefined,
    ),
    rule<Options, "mode" | "primary">(["mode", "primary"], ({ mode, primary }) =>
      primary !== undefined && !WITH_PRIMARY.includes(mode)
        ? {
            at: "primary",
            why: `a bond of mode "${mode}" has no primary member; use one of ${WITH_PRIMARY.join(", ")}`,
          }
        : undefined,
    ),
  ],
});

/** Returns the default of `miimon`: 0 with ARP monitoring, because the kernel uses only one of both. */
const defaultMiimon = (arpInterval: number | undefined): number => (arpInterval === undefined ? 100 : 0);

const WITH_ARP: readonly string[] = ["balance-rr", "active-backup", "balance-xor", "broadcast"];
const MAX_TARGETS = 16;
const NEEDS_INTERVAL = "it requires arpInterval; the kernel does not use it otherwise";

const WITH_PRIMARY: readonly string[] = ["active-backup", "balance-tlb", "balance-alb"];

function needsLacp(at: "lacpRate" | "lacpActive" | "adSelect") {
  return rule<Options, "mode" | typeof at>(["mode", at], ({ mode, ...given }) =>
    given[at] !== undefined && mode !== "802.3ad"
      ? { at, why: `a bond of mode "${mode}" has no LACP; it requires mode "802.3ad"` }
      : undefined,
  );
}

/** Declares the rule that a delay is a multiple of miimon: the kernel rounds it down. */
function isMultiple(at: "updelay" | "downdelay") {
  return rule<Options, typeof at | "miimon" | "arpInterval">(
    [at, "miimon", "arpInterval"],
    ({ miimon, arpInterval, ...delays }) => {
      const interval = miimon ?? defaultMiimon(arpInterval);
      if (delays[at] === 0 || (interval > 0 && delays[at] % interval === 0)) return undefined;
      return interval === 0
        ? { at, why: `${delays[at]} cannot be used with arpInterval: only miimon has delays` }
        : { at, why: `${delays[at]} is not a multiple of miimon, ${interval}; the kernel would round it down` };
    },
  );
}
