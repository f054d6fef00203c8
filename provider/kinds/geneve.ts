import * as v from "valibot";
import { isLinkLocal } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { field, rule } from "../schema.ts";
import { integer, integerOr, ip, oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted, type OptionArgs, type OptionSource, required } from "./link-option.ts";
import { underlayOf, underlayOption } from "./link-underlay.ts";
import { inheritsByWord, trafficClass } from "./traffic-class.ts";
import { addressIn, isOtherFamily } from "./tunnel-address.ts";

const options = {
  vni: required(integer("a virtual network identifier", 0, 16_777_215, 42), "id", { replaces: true }),
  remote: { ...required(ip(), "remote", { replaces: isOtherFamily }), read: addressIn("remote") },
  dstport: defaulted(integer("a UDP port", 1, 65_535, 6081), "dstport", 6081, { json: "port", replaces: true }),
  ttl: {
    entry: v.optional(field(integerOr("a TTL; 0 is the default of the namespace", 0, 255, ["inherit"], 64)), 0),
    initial: 0,
    words: (ttl: unknown) => ["ttl", String(ttl)],
    // `ip` shows no TTL in place of the word.
    read: ({ data }: OptionSource) => data["ttl"] ?? "inherit",
  },
  tos: trafficClass(),
  df: defaulted(oneOf(["unset", "set", "inherit"]), "df", "unset"),
  ...underlayOption(),
};

export const geneve = linkKind({
  type: "Geneve",
  device: "geneve",
  options,
  mtu: { max: 65_485 },
  // The kernel does not report the underlay. It deletes a tunnel with the namespace of its underlay.
  unseen: () => ["underlay"],
  claims: ({ vni, remote, dstport, ...place }) =>
    remote === undefined
      ? []
      : exclusiveClaims(`Geneve ${vni} to ${remote} by udp port ${placeId(underlayOf(place), String(dstport))}`),
  rules: [
    inheritsByWord<OptionArgs<typeof options>>(),
    rule<OptionArgs<typeof options>, "remote">(["remote"], ({ remote }) =>
      isLinkLocal(remote)
        ? { at: "remote", why: `"${remote}" is a link-local address, which names no interface; use a routed one` }
        : undefined,
    ),
  ],
  // `ip` requires the identifier in each change.
  changeWords: ({ vni }) => ["id", String(vni)],
  optionsChangeMtu: true,
});
