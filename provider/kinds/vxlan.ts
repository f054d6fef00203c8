import * as v from "valibot";
import { areOfOneFamily, familyOf } from "../cidr.ts";
import { placeId } from "../kind.ts";
import { field, isUnknown, list, rule } from "../schema.ts";
import { integer, integerOr, interfaceName, ip, multicastGroup, oneOf, ports } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted, type OptionArgs, type OptionSource, optional, required, toggle } from "./link-option.ts";
import { underlayOf, underlayOption } from "./link-underlay.ts";
import { inheritsByWord, trafficClass } from "./traffic-class.ts";
import { addressIn, isOtherFamily } from "./tunnel-address.ts";
import { floodSettings } from "./vxlan-flood.ts";

/** Declares an address of the tunnel. */
const address = (word: string, schema = ip()) => ({
  ...optional(schema, word, { replaces: isOtherFamily }),
  read: addressIn(word),
});

const options = {
  vni: required(integer("a VXLAN network identifier", 1, 16_777_215, 42), "id", { replaces: true }),
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
  flood: {
    entry: v.optional(list(ip(), `a list of addresses of remote ends, e.g. ["10.0.0.2", "10.0.0.3"]`)),
    words: () => [],
    read: () => undefined,
  },
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

/** An address of the family that a tunnel without addresses has. */
const IPV4 = "0.0.0.0";

type Options = OptionArgs<typeof options>;

export const vxlan = linkKind({
  type: "Vxlan",
  device: "vxlan",
  options,
  settings: floodSettings,
  claims: ({ vni, dstport, local, remote, group, ...place }) => {
    if (vni === undefined) return [];
    // A socket is for one family.
    const family = familyOf(local ?? remote ?? group ?? IPV4) === "inet" ? "IPv4" : "IPv6";
    return [
      {
        name: `VXLAN identifier ${vni} on udp port ${placeId(underlayOf(place), String(dstport))} (${family})`,
        property: "vni",
      },
    ];
  },
  rules: [
    rule<Options, "flood" | "remote" | "group">(["flood", "remote", "group"], ({ flood, remote, group }) =>
      flood !== undefined && (remote ?? group) !== undefined
        ? { at: "flood", why: "cannot be used with remote or group: flood names all remote ends" }
        : undefined,
    ),
    rule<Options, "flood" | "local">(["flood", "local"], ({ flood, local = IPV4 }) => {
      const other = flood?.find((end) => !isUnknown(end) && !areOfOneFamily(end, local));
      return other === undefined
        ? undefined
        : { at: "flood", why: `"${other}" must be of the family of local, which is IPv4 if it is omitted` };
    }),
    inheritsByWord<Options>(),
    rule<Options, "remote" | "group">(["remote", "group"], ({ remote, group }) =>
      remote !== undefined && group !== undefined
        ? {
            at: "group",
            why: `"${group}" cannot be used with remote: a tunnel has either one remote or one multicast group`,
          }
        : undefined,
    ),
    rule<Options, "group" | "dev">(["group", "dev"], ({ group, dev }) =>
      group !== undefined && dev === undefined
        ? { at: "dev", why: "missing: group requires the interface that joins the multicast group" }
        : undefined,
    ),
    rule<Options, "local" | "remote" | "group">(["local", "remote", "group"], ({ local, remote, group }) => {
      const other = remote ?? group;
      return local !== undefined && other !== undefined && !areOfOneFamily(local, other)
        ? { at: "local", why: `"${local}" and "${other}" must be of the same family` }
        : undefined;
    }),
  ],
});
