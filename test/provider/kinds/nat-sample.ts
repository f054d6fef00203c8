import type { NftRule } from "../../../provider/kernel/tools/nft.ts";
import { MARK } from "../samples.ts";

/** A rule of the kernel that says no more than `masquerade`. */
export const ruleAt = (handle: number, comment = MARK, chain = "postrouting"): NftRule => ({
  chain,
  handle,
  comment,
  expr: [{ masquerade: null }],
});

/** A rule that a person has made. */
export const stranger = ruleAt(3, "a person's");

export const LAN = { type: "masquerade", source: "192.168.15.0/24" };
