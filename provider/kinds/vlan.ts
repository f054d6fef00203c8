import { exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { integer, oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted, type OptionSource, onOff, required } from "./link-option.ts";
import { parentOptions } from "./link-parent.ts";
import { priorityMap } from "./vlan-priorities.ts";

/** Declares a switch that `ip` accepts as `on` or `off`, and shows as a flag while it is on. */
const flagged = (word: string, value = false) => ({
  ...onOff(word, value),
  read: ({ data }: OptionSource) => Array.isArray(data["flags"]) && data["flags"].includes(word.toUpperCase()),
});

const options = {
  ...parentOptions(),
  vid: required(integer("a VLAN ID", 1, 4094, 10), "id", { replaces: true }),
  protocol: defaulted(oneOf(["802.1Q", "802.1ad"]), "protocol", "802.1Q", { replaces: true }),
  reorderHdr: flagged("reorder_hdr", true),
  gvrp: flagged("gvrp"),
  mvrp: flagged("mvrp"),
  looseBinding: flagged("loose_binding"),
  bridgeBinding: flagged("bridge_binding"),
  ingressQosMap: priorityMap("ingress-qos-map", "ingress_qos", { from: 7, to: 4_294_967_295 }),
  egressQosMap: priorityMap("egress-qos-map", "egress_qos", { from: 4_294_967_295, to: 7 }),
};

export const vlan = linkKind({
  type: "Vlan",
  device: "vlan",
  options,
  followsMac: true,
  claims: ({ link, linkNamespace, vid, protocol }) =>
    link === undefined
      ? []
      : exclusiveClaims(
          `VLAN ${vid} of ${placeId(linkNamespace, link)}${protocol === "802.1Q" ? "" : ` with the protocol ${protocol}`}`,
        ),
});
