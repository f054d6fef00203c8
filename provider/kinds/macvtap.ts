import { linkKind } from "./link-kind.ts";
import { macvlanOptions } from "./macvlan.ts";

export const macvtap = linkKind({ type: "Macvtap", device: "macvtap", options: macvlanOptions() });
