import type { NftRule } from "../../../provider/kernel/tools/nft.ts";
import { MARK } from "../samples.ts";

/** A rule of the kernel with only `masquerade`. */
export const ruleAt = (handle: number, comment = MARK, chain = "postrouting"): NftRule => ({
  chain,
  handle,
  comment,
  expr: [{ masquerade: null }],
});

/** A rule that a user has added. */
export const stranger = ruleAt(3, "a person's");

export const LAN = { type: "masquerade", source: "192.168.15.0/24" };
