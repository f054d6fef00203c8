import * as v from "valibot";
import { familyName, familyOf } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import { IPV6_MTU } from "../generations.ts";
import { placeId } from "../kind.ts";
import { field, rule } from "../schema.ts";
import { flag, integer, integerOr, interfaceName, ip, oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { type LinkOption, type OptionArgs, type OptionSource, optional, required, toggle } from "./link-option.ts";
import { underlayOf, underlayOption } from "./link-underlay.ts";
import { inheritsByWord, numberOfHex, trafficClass, trafficClassWord } from "./traffic-class.ts";

const MODES = ["gre", "gretap", "ipip", "sit", "ip6gre", "ip6gretap", "ip6tnl"] as const;

/** The modes whose frames are Ethernet frames, so that their links have a MAC address. */
const ETHERNET: readonly string[] = ["gretap", "ip6gretap"];

const WITH_KEY: readonly string[] = ["gre", "gretap", "ip6gre", "ip6gretap"];

const isOverIpv6 = (mode: string): boolean => mode.startsWith("ip6");

const options = {
  // The mode is the kind of the link, so it is no word of its own.
  mode: {
    entry: field(oneOf(MODES), { replaces: true }),
    words: () => [],
    read: ({ device }: OptionSource) => device,
  } satisfies LinkOption,
  local: required(ip(), "local"),
  remote: required(ip(), "remote"),
  dev: {
    ...optional(interfaceName(), "dev", { replaces: true }),
    read: ({ data, underlay }: OptionSource) => (underlay === undefined ? data["link"] : underlay.dev),
  },
  ...underlayOption(),
  ttl: {
    entry: v.optional(field(integerOr("a TTL", 1, 255, ["inherit"], 64)), 64),
    words: (ttl: unknown, { mode = "" }: Moded) =>
      isOverIpv6(mode) ? ["hoplimit", ttl === "inherit" ? "0" : String(ttl)] : ["ttl", String(ttl)],
    read: ({ data }: OptionSource) => data["ttl"] || "inherit",
  },
  tos: {
    ...trafficClass(),
    words: (tos: unknown, { mode = "" }: Moded) => [isOverIpv6(mode) ? "tclass" : "tos", trafficClassWord(tos)],
    read: (source: OptionSource) => (isOverIpv6(source.device) ? classOverIpv6(source) : trafficClass().read(source)),
  },
  pmtudisc: toggle("pmtudisc", true),
  encaplimit: {
    entry: v.optional(field(integerOr("an encapsulation limit", 0, 255, ["none"], 4)), "none"),
    // `ip` adds a limit to a new tunnel, and 8 bytes for it to each packet.
    initial: 4,
    words: (limit: unknown, { mode = "" }: Moded) => (isOverIpv6(mode) ? ["encaplimit", String(limit)] : []),
    read: ({ data, device }: OptionSource) =>
      isOverIpv6(device) && data["ip6_tnl_f_ign_encap_limit"] !== true ? data["encap_limit"] : "none",
  },
  // `ip` shows one key for both directions as two equal ones.
  key: keyOption("key", ({ ikey, okey }) => (ikey === okey ? ikey : undefined)),
  ikey: keyOption("ikey", ({ ikey, okey }) => (ikey === okey ? undefined : ikey)),
  okey: keyOption("okey", ({ ikey, okey }) => (ikey === okey ? undefined : okey)),
  csum: checkedBy("csum", "icsum"),
  seq: checkedBy("seq", "iseq"),
};

type Options = OptionArgs<typeof options>;

interface Moded {
  readonly mode?: string;
}

export const tunnel = linkKind({
  type: "Tunnel",
  device: { option: "mode", values: MODES },
  options,
  mac: ({ mode }) => ETHERNET.includes(mode),
  optionsChangeMtu: true,
  // Kernels before 6.15 give a tunnel that is created for another namespace the addresses and routes of that one.
  isMovedToPlace: true,
  claims: ({ mode, local, remote, dev, key, ikey = key, ...place }) =>
    local === undefined || remote === undefined
      ? []
      : exclusiveClaims(
          `tunnel ${mode} ${placeId(underlayOf(place), local)} to ${remote} dev ${dev ?? "any"} key ${ikey ?? 0}`,
        ),
  rules: [
    hasFamily("local"),
    hasFamily("remote"),
    needsGre("key"),
    needsGre("ikey"),
    needsGre("okey"),
    inheritsByWord<Options>(),
    rule<Options, "key" | "ikey" | "okey">(["key", "ikey", "okey"], ({ key, ikey, okey }) =>
      key !== undefined && (ikey ?? okey) !== undefined
        ? { at: "key", why: "cannot be used with ikey and okey, which take its place" }
        : ikey !== undefined && ikey === okey
          ? { at: "okey", why: `${okey} is also ikey; set key, which is for both directions` }
          : undefined,
    ),
    rule<Options, "mode" | "pmtudisc">(["mode", "pmtudisc"], ({ mode, pmtudisc }) =>
      !pmtudisc && isOverIpv6(mode)
        ? { at: "pmtudisc", why: `a tunnel of mode "${mode}" runs over IPv6, whose routers fragment no packets` }
        : undefined,
    ),
    rule<Options, "mode" | "encaplimit">(["mode", "encaplimit"], ({ mode, encaplimit }) =>
      encaplimit !== "none" && !isOverIpv6(mode)
        ? { at: "encaplimit", why: `a tunnel of mode "${mode}" runs over IPv4, which has no encapsulation limit` }
        : undefined,
    ),
    needsGre("csum"),
    needsGre("seq"),
    rule<Options & { mtu?: number | undefined }, "mode" | "mtu">(["mode", "mtu"], ({ mode, mtu }) =>
      mode === "sit" && mtu !== undefined && mtu < IPV6_MTU
        ? {
            at: "mtu",
            why: `${mtu} is less than ${IPV6_MTU}, the minimum of IPv6, whose packets a tunnel of mode "sit" carries`,
          }
        : undefined,
    ),
    rule<Options & { mac?: string | undefined }, "mode" | "mac">(["mode", "mac"], ({ mode, mac }) =>
      mac !== undefined && !ETHERNET.includes(mode)
        ? { at: "mac", why: `a tunnel of mode "${mode}" has no MAC address; only ${ETHERNET.join(" and ")} have one` }
        : undefined,
    ),
  ],
});

/** Declares a key of gre, which is read from the keys of both directions. */
function keyOption(word: string, read: (keys: Record<"ikey" | "okey", number | undefined>) => number | undefined) {
  return {
    ...optional(integer("a key", 0, 4_294_967_295, 7), word, { replaces: true }),
    read: ({ data }: OptionSource) => read({ ikey: numberOfQuad(data["ikey"]), okey: numberOfQuad(data["okey"]) }),
  };
}

function classOverIpv6({ data }: OptionSource): unknown {
  return data["ip6_tnl_f_use_orig_tclass"] === true ? "inherit" : numberOfHex(data["tclass"]);
}

/** Declares a switch of gre that `ip` accepts as a word, and shows for each direction while it is on. */
function checkedBy(word: string, json: string) {
  return {
    entry: v.optional(field(flag(), { replaces: true }), false),
    initial: false,
    words: (on: unknown) => (on === true ? [word] : []),
    read: ({ data }: OptionSource) => data[json] === true,
  };
}

function hasFamily(at: "local" | "remote") {
  return rule<Options, "mode" | typeof at>(["mode", at], ({ mode, ...ends }) => {
    const family = isOverIpv6(mode) ? "inet6" : "inet";
    return familyOf(ends[at]) === family
      ? undefined
      : {
          at,
          why: `"${ends[at]}" is not an address of ${familyName(family)}, which carries a tunnel of mode "${mode}"`,
        };
  });
}

function needsGre(at: "key" | "ikey" | "okey" | "csum" | "seq") {
  return rule<Options, "mode" | typeof at>(["mode", at], ({ mode, ...given }) =>
    (given[at] ?? false) !== false && !WITH_KEY.includes(mode)
      ? { at, why: `a tunnel of mode "${mode}" has no ${at}; use one of ${WITH_KEY.join(", ")}` }
      : undefined,
  );
}

/** Returns the number that `ip` shows as a dotted quad. */
function numberOfQuad(quad: unknown): number | undefined {
  if (typeof quad !== "string") return undefined;
  return quad.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}
