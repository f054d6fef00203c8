import { linkKind } from "./link-kind.ts";

export const ifb = linkKind({ type: "Ifb", device: "ifb", options: {}, mac: "fixed" });
