/** The type of the resource that is the root parent of a stack's resources. */
export const STACK = "pulumi:pulumi:Stack";

/** The stack's part in the URNs of its resources. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/** Returns the URN of a resource with a parent. The stack itself is not part of any URN. */
export function urnOf({ project, stack }: StackName, parent: string | undefined, type: string, name: string): string {
  const above = parent === undefined || qualifiedTypeOf(parent) === STACK ? "" : `${qualifiedTypeOf(parent)}$`;
  return `urn:pulumi:${stack}::${project}::${above}${type}::${name}`;
}

/** Returns a resource's type with those of its parents, such as `netns:lab:Lan$netns:lab:Host`. */
export const qualifiedTypeOf = (urn: string): string => urn.split("::")[2] ?? "";

export const typeOf = (urn: string): string => qualifiedTypeOf(urn).split("$").at(-1) ?? "";

export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
