import { linkKind } from "./link-kind.ts";
import { onParent } from "./macvlan.ts";

export const macvtap = linkKind({ type: "Macvtap", device: "macvtap", ...onParent, claimsAlsoOf: ["macvlan"] });
