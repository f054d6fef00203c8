import * as pulumi from "@pulumi/pulumi";
import { usesPlugin } from "./door.ts";
import { titleOf } from "./names.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";

/*
 * A constructor that throws ends the program, which hides the errors that come after it. So that one run shows all errors, the SDK reports an
 * error here, and the program goes on until its turn ends. The engine gets no resource that is declared after the first error.
 */

/**
 * Reports an error of the program, which fails when its turn ends.
 *
 * @throws The error, where the end of a program cannot be awaited: in the plugin, whose components are programs of their own, and under mocks.
 */
export function report(error: Error): void {
  if (usesPlugin() || pulumi.runtime.getStackResource() === undefined) throw error;
  const all = reported();
  const isFirst = all.errors.length === 0;
  all.errors.push(...textsOf(error));
  all.isFailing = true;
  // An error in a later turn ends that turn.
  if (isFirst) void endOfTurn().then(() => fail(all));
}

/** Runs a check, and reports an error that is about the program. Returns whether there is none. */
export function reporting(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (!isAboutProgram(error)) throw error;
    report(error);
    return false;
  }
}

/** Returns whether an error is about the program, and not about a fault of this package or of JavaScript code. */
export const isAboutProgram = (error: unknown): error is Error =>
  pulumi.RunError.isInstance(error) || pulumi.ResourceError.isInstance(error);

/** Returns whether the program has an error that was reported, so that it will fail. */
export const isFailing = (): boolean => reported().isFailing;

/** Returns a promise that is rejected with the last error when the program fails. Pulumi's runner hears of the rejection itself. */
export const failureOfProgram = (): Promise<never> => reported().failure.promise;

/** Adds lines that are logged with the errors. */
export const addLines = (lines: readonly string[]): void => void reported().lines.push(...lines);

/** Removes lines that are not logged yet. */
export function dropLines(lines: readonly string[]): void {
  const all = reported();
  all.lines = all.lines.filter((line) => !lines.includes(line));
}

/** Logs the lines that are not logged yet. Resolves when all so far are logged. */
export function logLines(): Promise<undefined> {
  const all = reported();
  const logged = all.lines.splice(0).map((line) => pulumi.log.error(line));
  all.logged = Promise.all([all.logged, ...logged]).then(() => undefined);
  return all.logged;
}

/** Resolves after the resources of the program that do not wait for anything have been declared. */
export const endOfTurn = (): Promise<void> => new Promise((turn) => setImmediate(turn));

interface Reported {
  isFailing: boolean;
  readonly errors: string[];
  lines: string[];
  /** Resolves when the errors so far are logged. */
  logged: Promise<undefined>;
  readonly failure: PromiseWithResolvers<never>;
}

const reported = perProgram(
  (): Reported => ({
    isFailing: false,
    errors: [],
    lines: [],
    logged: Promise.resolve(undefined),
    failure: Promise.withResolvers<never>(),
  }),
);

/** Logs all errors, and fails with the last one, which Pulumi's runner logs. */
async function fail(all: Reported): Promise<void> {
  const errors = all.errors.splice(0);
  const last = errors.pop() ?? "";
  addLines(errors);
  await logLines();
  all.failure.reject(programError(last));
}

/** Returns the errors in one, with the title of its component. The engine shows them at the stack, because the component may never be registered. */
function textsOf(error: Error): readonly string[] {
  const title = pulumi.ResourceError.isInstance(error) && error.resource && titleOf(error.resource);
  if (typeof title !== "string") return [error.message];
  return error.message.split(/\n(?! )/).map((line) => `${title}: ${line}`);
}
