import type { batchFamily, IpCommand } from "../command.ts";
import type { Outcome } from "../kernel.ts";

/** A command as a line of a batch of `ip`. */
export const lineOf = ({ object, verb, words }: IpCommand): string => `${[object, verb, ...words].join(" ")}\n`;

/** The options of an `ip` that runs lines of a family, in JSON where a line queries something. */
export const batchOptions = (family: ReturnType<typeof batchFamily>): readonly string[] => [
  ...(family === undefined ? [] : ["-6"]),
  "-json",
  "-details",
  "-batch",
  "-",
];

/** The outcome of a line that succeeded and printed nothing. */
export const SILENT: Outcome = { code: 0, stdout: "", stderr: "" };

/** The exit code of a line that failed. */
export const FAILED = 2;

/** What `ip` prints of a line that failed, after the reason. */
export const failedAt = (line: number): string => `Command failed -:${line}\n`;
