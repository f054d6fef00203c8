import * as pulumi from "@pulumi/pulumi";

/** Returns a key for the running program. Several programs may run in one process, also at once; each has its own stack resource. */
export const program = (): object => pulumi.runtime.getStackResource() ?? noStack;

const noStack = {};
