import { linkKind } from "./link-kind.ts";
import { macvlanClaims, macvlanOptions } from "./macvlan.ts";

export const macvtap = linkKind({
  type: "Macvtap",
  device: "macvtap",
  options: macvlanOptions(),
  claims: macvlanClaims,
  claimsAlsoOf: ["macvlan"],
});
