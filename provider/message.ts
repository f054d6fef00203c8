/** A text for a user, and a line that says what helps. */
export interface Message {
  readonly message: string;
  readonly help?: string | undefined;
}

/** The text of a message and, where there is help, its line below. This is the only place that writes the label of that line. */
export const withHelp = (message: string, help?: string): string =>
  help === undefined ? message : `${message}\n  help: ${help.replaceAll("\n", "\n  ")}`;

/** An error that a user can do something about. */
export class UserError extends Error {
  constructor(message: string, help?: string) {
    super(withHelp(message, help));
  }
}
