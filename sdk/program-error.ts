import * as pulumi from "@pulumi/pulumi";
import { withHelp } from "../provider/message.ts";

/** Returns an error that stops the program. It has no stack trace, which would not help the user. */
export function programError(message: string, help?: string): Error {
  const error = new pulumi.RunError(withHelp(message, help));
  delete error.stack;
  return error;
}
