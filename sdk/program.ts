import * as pulumi from "@pulumi/pulumi";

/** The program that runs: several may run in one process, one after the other or at once, and each has a stack of its own. */
export const program = (): object => pulumi.runtime.getStackResource() ?? noStack;

const noStack = {};
