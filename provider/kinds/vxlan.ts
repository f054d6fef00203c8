import * as v from "valibot";
import { field, list } from "../schema.ts";
import { integer, integerOr, interfaceName, ip, multicastGroup, oneOf, ports, vxlanIdentifier } from "../values.ts";
import { vniList } from "../vnis.ts";
import { linkKind } from "./link-kind.ts";
import { apart, defaulted, type OptionArgs, type OptionSource, optional, toggle } from "./link-option.ts";
import { type LinkKindArgs, severalSettings } from "./link-spec.ts";
import { underlayOption } from "./link-underlay.ts";
import { inheritsByWord, trafficClass } from "./traffic-class.ts";
import { addressIn, isOtherFamily } from "./tunnel-address.ts";
import { vxlanClaims } from "./vxlan-claims.ts";
import { floodSettings, shownFlood } from "./vxlan-flood.ts";
import { outdatedEntries } from "./vxlan-learned.ts";
import { endRules, identifierRules } from "./vxlan-rules.ts";
import { vniSettings } from "./vxlan-vnis.ts";

/** Declares an address of the tunnel. */
const address = (word: string, schema = ip()) => ({
  ...optional(schema, word, { replaces: isOtherFamily }),
  read: addressIn(word),
});

const options = {
  vni: optional(vxlanIdentifier(), "id", { replaces: true }),
  external: {
    ...toggle("external", false, { replaces: true }),
    // `ip` turns learning off with it.
    words: (_on: unknown, { learning }: { readonly learning?: boolean }) => [
      "external",
      ...(learning === false ? [] : ["learning"]),
    ],
  },
  vnifilter: toggle("vnifilter", false, { replaces: true }),
  remote: address("remote"),
  group: address("group", multicastGroup()),
  local: address("local"),
  dev: {
    ...optional(interfaceName(), "dev", { replaces: true }),
    read: ({ data, underlay }: OptionSource) => (underlay === undefined ? data["link"] : underlay.dev),
  },
  ...underlayOption(),
  dstport: defaulted(integer("a UDP port", 1, 65_535, 4789), "dstport", 4789, {
    json: "port",
    initial: 8472,
    replaces: true,
  }),
  learning: toggle("learning", true),
  ageing: defaulted(integer("an ageing time in seconds", 0, 86_400, 300), "ageing", 300),
  flood: apart(v.optional(list(ip(), `a list of addresses of remote ends, e.g. ["10.0.0.2", "10.0.0.3"]`))),
  vnis: apart(v.optional(field(vniList()))),
  // The kernel has a flag for the TTL of the inner packet, which it sets only for a new link.
  ttl: {
    entry: v.optional(
      field(integerOr("a TTL", 1, 255, ["auto", "inherit"], 64), {
        replaces: (old, now) => old === "inherit" || now === "inherit",
      }),
      "auto",
    ),
    initial: "auto",
    words: (ttl: unknown) => ["ttl", String(ttl)],
    read: ({ data }: OptionSource) =>
      data["ttl"] === undefined ? "inherit" : data["ttl"] === 0 ? "auto" : data["ttl"],
  },
  tos: trafficClass(),
  df: defaulted(oneOf(["unset", "set", "inherit"]), "df", "unset"),
  srcport: {
    entry: v.optional(field(ports(), { replaces: true })),
    words: (range: unknown) => ["srcport", ...boundsOf(String(range))],
    read: ({ data }: OptionSource) => rangeOf(data["port_range"]),
  },
  udpcsum: toggle("udpcsum", true, { json: "udp_csum", replaces: true }),
  proxy: toggle("proxy", false, { replaces: true }),
  rsc: toggle("rsc", false, { replaces: true }),
  l2miss: toggle("l2miss", false, { replaces: true }),
  l3miss: toggle("l3miss", false, { replaces: true }),
};

/** Returns the first and the last port of a range. */
function boundsOf(range: string): [string, string] {
  const [low = "", high = low] = range.split("-");
  return [low, high];
}

/** Returns the range of source ports that `ip` shows; undefined for the kernel's own. */
function rangeOf(shown: unknown): unknown {
  const { low = 0, high = 0 } = (shown ?? {}) as { low?: number; high?: number };
  return low === 0 ? undefined : low === high ? low : `${low}-${high}`;
}

type Options = OptionArgs<typeof options>;

const link = linkKind({
  type: "Vxlan",
  device: "vxlan",
  options,
  settings: severalSettings<LinkKindArgs<typeof options>>(floodSettings, vniSettings),
  outdated: outdatedEntries,
  claims: vxlanClaims,
  rules: [...identifierRules<Options>(), ...endRules<Options>(), inheritsByWord<Options>()],
});

export const vxlan: typeof link = { ...link, shownDifference: shownFlood };
