import { type Claim, exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { rule } from "../schema.ts";
import { oneOf } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted, type OptionArgs } from "./link-option.ts";
import { type ParentArgs, parentOptions } from "./link-parent.ts";

const PASSTHRU = "passthru";

const options = {
  ...parentOptions(),
  mode: defaulted(oneOf(["bridge", "private", "vepa", PASSTHRU]), "mode", "bridge", {
    initial: "vepa",
    // The kernel makes all other changes in place.
    replaces: (old, now) => old === PASSTHRU || now === PASSTHRU,
  }),
};

type Options = OptionArgs<typeof options>;

/** Returns the claims of a macvlan or macvtap: the kernel allows a MAC address once among those on one parent that are up. */
const macvlanClaims = ({
  link,
  linkNamespace,
  mode: own,
  mac,
  up = true,
}: ParentArgs & {
  readonly mode?: string | undefined;
  readonly mac?: string | undefined;
  readonly up?: boolean | undefined;
}): Claim[] => {
  if (link === undefined) return [];
  const parent = placeId(linkNamespace, link);
  return [
    { name: `macvlan parent ${parent}`, ...(own !== PASSTHRU && { sharedValue: "several links" }) },
    ...(mac === undefined || !up ? [] : exclusiveClaims(`MAC address ${mac} on ${parent}`)),
  ];
};

/** The definition that macvlan and macvtap share. */
export const onParent = {
  options,
  // With passthru, the link has the MAC address of its parent, and a change of it would change that of the parent.
  mac: ({ mode: of }: Options) => of !== PASSTHRU,
  claims: macvlanClaims,
  rules: [
    rule<Options & { mac?: string | undefined }, "mode" | "mac">(["mode", "mac"], ({ mode: of, mac }) =>
      of === PASSTHRU && mac !== undefined
        ? { at: "mac", why: `"${mac}" cannot be used with mode "passthru": the link has the MAC address of its parent` }
        : undefined,
    ),
  ],
};

export const macvlan = linkKind({ type: "Macvlan", device: "macvlan", ...onParent, claimsAlsoOf: ["macvtap"] });
