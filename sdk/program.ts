import * as pulumi from "@pulumi/pulumi";

/** Returns a key for the running program. Several programs may run in one process, also at once; each has its own stack resource. */
const program = (): object => pulumi.runtime.getStackResource() ?? noStack;

/** Begins another program in a process without a stack resource, in which the values of the one before have no meaning. */
export function beginProgram(): void {
  noStack = {};
}

let noStack = {};

/** Returns a function that returns the running program's own value, which is created when it is first asked for. */
export function perProgram<T>(create: () => T): () => T {
  const values = new WeakMap<object, { readonly value: T }>();
  return () => {
    const known = values.get(program()) ?? { value: create() };
    values.set(program(), known);
    return known.value;
  };
}
