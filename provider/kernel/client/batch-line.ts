import type { batchFamily, IpCommand } from "../command.ts";
import type { CommandResult } from "../kernel.ts";

/** A command as a line of a batch of `ip`. */
export const batchLine = ({ object, verb, words }: IpCommand): string => `${[object, verb, ...words].join(" ")}\n`;

/** The options of an `ip` that runs lines of a family, in JSON where a line queries something. */
export const batchOptions = (family: ReturnType<typeof batchFamily>): readonly string[] => [
  ...(family === undefined ? [] : ["-6"]),
  "-json",
  "-details",
  "-batch",
  "-",
];

/** The outcome of a line that succeeded and printed nothing. */
export const EMPTY_OK: CommandResult = { code: 0, stdout: "", stderr: "" };

/** The exit code of a line that failed. */
export const BATCH_ERROR_CODE = 2;

/** What `ip` prints of a line that failed, after the reason. */
export const batchErrorLine = (line: number): string => `Command failed -:${line}\n`;
