/** The type of the resource that all others of a stack are children of. */
export const STACK = "pulumi:pulumi:Stack";

/** What identifies a stack in its resources' URNs. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/** The URN of a resource below a parent. The stack itself is in no URN. */
export function urnOf({ project, stack }: StackName, parent: string | undefined, type: string, name: string): string {
  const above = parent === undefined || qualifiedTypeOf(parent) === STACK ? "" : `${qualifiedTypeOf(parent)}$`;
  return `urn:pulumi:${stack}::${project}::${above}${type}::${name}`;
}

/** A resource's type with those of its parents, as in `netns:lab:Lan$netns:lab:Host`. */
export const qualifiedTypeOf = (urn: string): string => urn.split("::")[2] ?? "";

export const typeOf = (urn: string): string => qualifiedTypeOf(urn).split("$").at(-1) ?? "";

export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
