import { kindOf } from "../provider/kind-of.ts";
import { type DeclaredRoute, routesIn } from "./declared-routes.ts";
import { type DeclaredSegments, segmentsIn } from "./declared-segments.ts";
import type { Language } from "./language.ts";
import type { StackView } from "./stack.ts";
import { hostOf } from "./stack-hosts.ts";

/** What the resources of a state declare. */
export interface Declared {
  /** The language of the program. */
  readonly language: Language;
  /**
   * Returns the resource that declares an object of the kernel, such as `Neighbor gw`, by the lab host and the name that its kind claims;
   * undefined if none does.
   */
  readonly resource: (host: string | undefined, claim: string) => string | undefined;
  readonly routes: readonly DeclaredRoute[];
  readonly segments: DeclaredSegments;
}

/** A state without resources. */
export const NOTHING_DECLARED: Declared = {
  language: "typescript",
  resource: () => undefined,
  routes: [],
  segments: { addresses: [], of: () => undefined },
};

/** Returns what the resources of a state declare. The stack must be read with its secrets revealed, because a name may be secret. */
export function declaredIn({ resources, language = "typescript" }: StackView): Declared {
  const byClaim = new Map(
    resources.flatMap((resource) => {
      const { type, name, outputs } = resource;
      const claims = kindOf(type).claims(outputs, String(outputs["__mark"]));
      return claims.map((claim) => [keyOf(hostOf(resource), claim.name), `${type} ${name}`] as const);
    }),
  );
  return {
    language,
    resource: (host, claim) => byClaim.get(keyOf(host, claim)),
    routes: routesIn(resources),
    segments: segmentsIn(resources),
  };
}

const keyOf = (host: string | undefined, claim: string): string => JSON.stringify([host, claim]);
