import { duplicateClaim } from "./duplicate-claim.ts";
import type { Claimant } from "./owner.ts";
import type { Failure } from "./schema.ts";

/** A name in the kernel that a resource claims for itself. */
export interface Claim {
  readonly name: string;
  /** The argument that declares the name, if it is one alone. */
  readonly property?: string;
  /** The value that the resource sets; resources that set the same value may share the name. */
  readonly sharedValue?: string;
  /** Whether a change of the value by one of the objects changes all of them, so that none is in the way of another. */
  readonly changesTogether?: true;
  /** The line of help for another resource that claims the name, where the kind of the object does not tell it. */
  readonly help?: string;
}

/** The claims of the program's current run, by name. */
export type Claims = Map<string, Claim & Claimant>;

/** Claims names for a resource, and reports those that another resource has claimed. */
export function claim(claims: Claims, wanted: readonly Claim[], own: Claimant): Failure[] {
  return wanted.flatMap((one) => {
    const holder = claims.get(one.name);
    if (holder !== undefined && holder.mark !== own.mark) {
      const shared = one.sharedValue !== undefined && one.sharedValue === holder.sharedValue;
      return shared
        ? []
        : [{ property: one.property ?? "", reason: duplicateClaim(one.name, holder, { ...one, ...own }) }];
    }
    claims.set(one.name, { ...one, ...own });
    return [];
  });
}

/** Returns claims of names that cannot be shared. */
export const exclusiveClaims = (...names: readonly string[]): Claim[] => names.map((name) => ({ name }));
