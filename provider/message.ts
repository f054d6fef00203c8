/** A text for a user, with a line of help. */
export interface Message {
  readonly message: string;
  readonly help?: string | undefined;
}

/** Returns a message with its line of help, if any, below it. Only this function writes the label of that line. */
export const withHelp = (message: string, help?: string): string =>
  help === undefined ? message : `${message}\n  help: ${help.replaceAll("\n", "\n  ")}`;

/** An error that a user can fix. */
export class UserError extends Error {
  #hasHost = false;

  constructor(message: string, help?: string) {
    super(withHelp(message, help));
  }

  /** Returns the error with the name of the lab host on which it occurred, if it has none yet; undefined for this machine. */
  at(host: string | undefined): this {
    if (host !== undefined && !this.#hasHost) this.message = `${host}: ${this.message}`;
    this.#hasHost ||= host !== undefined;
    return this;
  }
}

/** Returns the name of a class or a kind with its article. */
export const withArticle = (name: string): string => `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
