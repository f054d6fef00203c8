import { oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted } from "./link-option.ts";
import { parentOptions } from "./link-parent.ts";

/** Returns the options that macvlan and macvtap share. */
export const macvlanOptions = () => ({
  ...parentOptions(),
  mode: defaulted(oneOf(["bridge", "private", "vepa"]), "mode", "bridge", { initial: "vepa" }),
});

export const macvlan = linkKind({ type: "Macvlan", device: "macvlan", options: macvlanOptions() });
