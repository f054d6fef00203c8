import { type Claim, exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted } from "./link-option.ts";
import { type ParentArgs, parentOptions } from "./link-parent.ts";

/** Returns the options that macvlan and macvtap share. */
export const macvlanOptions = () => ({
  ...parentOptions(),
  mode: defaulted(oneOf(["bridge", "private", "vepa"]), "mode", "bridge", { initial: "vepa" }),
});

/** Returns the claim of a macvlan or macvtap: the kernel allows a MAC address once among those on one parent that are up. */
export const macvlanClaims = ({
  link,
  linkNamespace,
  mac,
  up = true,
}: ParentArgs & { readonly mac?: string | undefined; readonly up?: boolean | undefined }): Claim[] =>
  link === undefined || mac === undefined || !up
    ? []
    : exclusiveClaims(`MAC address ${mac} on ${placeId(linkNamespace, link)}`);

export const macvlan = linkKind({
  type: "Macvlan",
  device: "macvlan",
  options: macvlanOptions(),
  claims: macvlanClaims,
  claimsAlsoOf: ["macvtap"],
});
