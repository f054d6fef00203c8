import { linkKindWithoutMac } from "./link-kind.ts";
import { tunTap } from "./tun-tap.ts";

export const tun = linkKindWithoutMac({ type: "Tun", ...tunTap("tun") });
