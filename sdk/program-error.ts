import * as pulumi from "@pulumi/pulumi";
import { withHelp } from "../provider/message.ts";

/** Returns an error that stops the program. It has no stack trace, which would not help the user. */
export function programError(message: string, help?: string): Error {
  const error = new pulumi.RunError(withHelp(message, help));
  delete error.stack;
  return error;
}

/**
 * Runs a check of an argument, whose error then begins with the argument.
 *
 * @param argument The resource and the argument, as an error names them.
 */
export function checkArgument(argument: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw programError(`${argument}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
