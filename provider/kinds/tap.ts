import { linkKind } from "./link-kind.ts";
import { tunTap } from "./tun-tap.ts";

export const tap = linkKind({ type: "Tap", ...tunTap("tap") });
