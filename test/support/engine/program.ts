import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/state.js";
import { failureOfProgram, isFailing } from "../../../sdk/reported-errors.ts";
import type { Monitor } from "./monitor.ts";
import type { StackName } from "./urn.ts";

/** A program, like the main module of a project: it constructs the stack's resources. Its result is awaited. */
export type Program = () => unknown;

/** The environment of a program. */
export interface Surroundings {
  readonly monitor: Monitor;
  readonly name: StackName;
  readonly dryRun: boolean;
  readonly config: Readonly<Record<string, string>>;
}

/** Runs a program until all of its registrations are answered. Several may run at once. */
export const run = (program: Program, { monitor, name, dryRun, config }: Surroundings): Promise<void> =>
  isolated(async () => {
    pulumi.runtime.setMockOptions(monitor.client, name.project, name.stack, dryRun, "organization");
    pulumi.runtime.setAllConfig({ ...config });
    const thrown: unknown[] = [];
    let failure: Promise<unknown> | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
      // Pulumi's own runner hears of it as an unhandled rejection. Resources may then wait forever.
      failure = failureOfProgram().catch((error: unknown) => void thrown.push(error));
      // The promises of a stack whose program throws reject too, and Pulumi's own runner ends the process.
      await Promise.resolve()
        .then(program)
        .catch((error: unknown) => void thrown.push(error));
      return {};
    });
    await Promise.race([pulumi.runtime.disconnect(), failure]);
    if (isFailing()) await failure;
    if (thrown.length > 0) throw thrown[0];
  });

/** Runs a function in an isolated runtime, as Pulumi does for inline programs. */
const isolated = (runtime as unknown as { withLocalStorage<T>(work: () => Promise<T>): Promise<T> }).withLocalStorage;
