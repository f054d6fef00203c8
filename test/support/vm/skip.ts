import { beforeEach, inject } from "vitest";

// Skips the tests of a file whose kinds neither the running kernel has nor a virtual machine, and says so.
beforeEach((context) => context.skip(`this kernel lacks ${inject("missing")}, and there is no virtual machine`));

declare module "vitest" {
  export interface ProvidedContext {
    missing: string;
  }
}
