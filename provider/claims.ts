import { duplicateClaim } from "./errors.ts";
import type { Failure } from "./schema.ts";

/** A name in the kernel that a resource claims for itself. */
export interface Claim {
  readonly name: string;
  /** What the resource asks of the name, where resources that ask for the same may share it. */
  readonly sharedValue?: string;
}

/** The claims of the program that is being run, by their names. */
export type Claims = Map<string, Claim & { readonly mark: string }>;

/** Claims names for the resource that bears a mark, and reports those that another resource has. */
export function claim(claims: Claims, wanted: readonly Claim[], mark: string): Failure[] {
  return wanted.flatMap((one) => {
    const holder = claims.get(one.name);
    if (holder !== undefined && holder.mark !== mark) {
      const shared = one.sharedValue !== undefined && one.sharedValue === holder.sharedValue;
      return shared ? [] : [{ property: "", reason: duplicateClaim(one.name, holder.mark) }];
    }
    claims.set(one.name, { ...one, mark });
    return [];
  });
}

/** Names that cannot be shared. */
export const exclusiveClaims = (...names: readonly string[]): Claim[] => names.map((name) => ({ name }));
