import { rule } from "../schema.ts";
import { integer, interfaceName, oneOf } from "../values.ts";
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

const delay = (word: string) => defaulted(integer("a delay in milliseconds", 0, 1_000_000, 200), word, 0);

interface Delays {
  readonly updelay?: number;
  readonly downdelay?: number;
}

const options = {
  mode: required(oneOf(MODES), "mode", { replaces: true }),
  miimon: {
    // The kernel's default is 0: no failure of a member is ever noticed.
    ...defaulted(integer("an interval in milliseconds", 1, 1_000_000, 100), "miimon", 100, { initial: 0 }),
    // The kernel keeps the delays as multiples of the interval.
    words: (miimon: unknown, { updelay = 0, downdelay = 0 }: Delays) => [
      ...["miimon", String(miimon)],
      ...["updelay", String(updelay)],
      ...["downdelay", String(downdelay)],
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
  // The kernel changes it only while the bond is down.
  lacpRate: {
    ...optional(oneOf(["slow", "fast"]), "lacp_rate", { replaces: true, computed: true }),
    read: ({ data }: OptionSource) => data["ad_lacp_rate"],
  },
  // The kernel shows it only while the member belongs to the bond.
  primary: optional(interfaceName(), "primary", { computed: true }),
};

type Options = OptionArgs<typeof options>;

export const bond = linkKind({
  type: "Bond",
  device: "bond",
  options,
  rules: [
    isMultiple("updelay"),
    isMultiple("downdelay"),
    rule<Options, "mode" | "lacpRate">(["mode", "lacpRate"], ({ mode, lacpRate }) =>
      lacpRate !== undefined && mode !== "802.3ad"
        ? { at: "lacpRate", why: `a bond of mode "${mode}" has no LACP; it requires mode "802.3ad"` }
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

const WITH_PRIMARY: readonly string[] = ["active-backup", "balance-tlb", "balance-alb"];

/** Declares the rule that a delay is a multiple of miimon: the kernel rounds it down. */
function isMultiple(at: "updelay" | "downdelay") {
  return rule<Options, typeof at | "miimon">([at, "miimon"], ({ miimon, ...delays }) =>
    delays[at] % miimon === 0
      ? undefined
      : { at, why: `${delays[at]} is not a multiple of miimon, ${miimon}; the kernel would round it down` },
  );
}
