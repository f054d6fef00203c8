import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/state.js";
import type { Monitor } from "./monitor.ts";
import type { StackName } from "./urn.ts";

/** A program, as a project's main module is one: what it constructs are the stack's resources. What it gives is awaited. */
export type Program = () => unknown;

/** How a program is run. */
export interface Surroundings {
  readonly monitor: Monitor;
  readonly name: StackName;
  readonly dryRun: boolean;
  readonly config: Readonly<Record<string, string>>;
}

/** Runs a program to its end, when all that it has registered has been answered. Several may run at once. */
export const run = (program: Program, { monitor, name, dryRun, config }: Surroundings): Promise<void> =>
  isolated(async () => {
    pulumi.runtime.setMockOptions(monitor.client, name.project, name.stack, dryRun, "organization");
    pulumi.runtime.setAllConfig({ ...config });
    await pulumi.runtime.runInPulumiStack(async () => {
      await program();
      return {};
    });
    await pulumi.runtime.disconnect();
  });

/** Gives what runs inside a runtime of its own, as Pulumi does for programs that are functions. */
const isolated = (runtime as unknown as { withLocalStorage<T>(work: () => Promise<T>): Promise<T> }).withLocalStorage;
