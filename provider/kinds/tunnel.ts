import * as v from "valibot";
import { familyOf } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { field, rule } from "../schema.ts";
import { flag, integer, interfaceName, ip, oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { type LinkOption, type OptionArgs, type OptionSource, optional, required } from "./link-option.ts";
import { underlayOf, underlayOption } from "./link-underlay.ts";

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
    entry: v.optional(field(integer("a TTL", 1, 255, 64)), 64),
    // Without an encapsulation limit, which `ip` would add, the header is 8 bytes smaller.
    words: (ttl: unknown, { mode = "" }: { mode?: string }) =>
      isOverIpv6(mode) ? ["hoplimit", String(ttl), "encaplimit", "none"] : ["ttl", String(ttl)],
    read: ({ data }: OptionSource) => data["ttl"],
  },
  key: {
    ...optional(integer("a key", 0, 4_294_967_295, 7), "key", { replaces: true }),
    read: ({ data }: OptionSource) => numberOfQuad(data["ikey"]),
  },
  csum: checkedBy("csum", "icsum"),
  seq: checkedBy("seq", "iseq"),
};

type Options = OptionArgs<typeof options>;

export const tunnel = linkKind({
  type: "Tunnel",
  device: ({ mode }) => mode,
  options,
  mac: ({ mode }) => ETHERNET.includes(mode),
  optionsChangeMtu: true,
  // Kernels before 6.15 give a tunnel that is created for another namespace the addresses and routes of that one.
  isMovedToPlace: true,
  claims: ({ mode, local, remote, dev, key = 0, ...place }) =>
    local === undefined || remote === undefined
      ? []
      : exclusiveClaims(
          `tunnel ${mode} ${placeId(underlayOf(place), local)} to ${remote} dev ${dev ?? "any"} key ${key}`,
        ),
  rules: [
    hasFamily("local"),
    hasFamily("remote"),
    needsGre("key"),
    needsGre("csum"),
    needsGre("seq"),
    rule<Options & { mac?: string | undefined }, "mode" | "mac">(["mode", "mac"], ({ mode, mac }) =>
      mac !== undefined && !ETHERNET.includes(mode)
        ? { at: "mac", why: `a tunnel of mode "${mode}" has no MAC address; only ${ETHERNET.join(" and ")} have one` }
        : undefined,
    ),
  ],
});

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
          why: `"${ends[at]}" is not an address of ${family === "inet" ? "IPv4" : "IPv6"}, which carries a tunnel of mode "${mode}"`,
        };
  });
}

function needsGre(at: "key" | "csum" | "seq") {
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
