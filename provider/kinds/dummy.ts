import { linkKind } from "./link-kind.ts";

export const dummy = linkKind({ type: "Dummy", device: "dummy", options: {} });
