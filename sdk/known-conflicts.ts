import * as pulumi from "@pulumi/pulumi";
import { type Claims, claim } from "../provider/claims.ts";
import { kindOf } from "../provider/kind-of.ts";
import { markOf } from "../provider/owner.ts";
import { type Failure, hasUnknown } from "../provider/schema.ts";
import { perProgram } from "./program.ts";

/**
 * Returns the failures of a resource that declares the same object as another one before it. The provider finds all of them, but the engine
 * stops at the first; these are those of resources whose arguments the program knows.
 *
 * @param args Valid arguments.
 * @param host The name of the lab host; undefined for this machine.
 */
export function knownConflicts(kind: string, name: string, args: object, host: string | undefined): Failure[] {
  const definition = kindOf(kind);
  // Two resources of one kind and name under different parents count as one here, and are left to the provider.
  const mark = markOf({ project: pulumi.getProject(), stack: pulumi.getStack(), host, name, urn: `${kind}::${name}` });
  const known = definition.applyDefaults?.(args, mark) ?? args;
  return hasUnknown(known) ? [] : claim(claimsOf(host), definition.claims(known, mark), { mark, type: kind });
}

function claimsOf(host: string | undefined): Claims {
  const claims = claimsByHost().get(host) ?? new Map();
  claimsByHost().set(host, claims);
  return claims;
}

const claimsByHost = perProgram(() => new Map<string | undefined, Claims>());
