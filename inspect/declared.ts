import { kindOf } from "../provider/kind-of.ts";
import type { StackView } from "./stack.ts";
import { hostOf } from "./stack-hosts.ts";

/**
 * Returns the resource that declares an object of the kernel, such as `Neighbor gw`, by the lab host and the name that its kind claims;
 * undefined if none does.
 */
export type Declared = (host: string | undefined, claim: string) => string | undefined;

/** Returns which resources of a state declare which objects. The stack must be read with its secrets revealed, because a name may be secret. */
export function declaredIn({ resources }: StackView): Declared {
  const byClaim = new Map(
    resources.flatMap((resource) => {
      const { type, name, outputs } = resource;
      const claims = kindOf(type).claims(outputs, String(outputs["__mark"]));
      return claims.map((claim) => [keyOf(hostOf(resource), claim.name), `${type} ${name}`] as const);
    }),
  );
  return (host, claim) => byClaim.get(keyOf(host, claim));
}

const keyOf = (host: string | undefined, claim: string): string => JSON.stringify([host, claim]);
