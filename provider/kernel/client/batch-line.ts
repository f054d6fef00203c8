import type { batchFamily, IpCommand } from "../command.ts";
import type { CommandResult } from "../kernel.ts";

/** Returns a command as a line of a batch of `ip`. */
export const batchLine = ({ object, verb, words }: IpCommand): string => `${[object, verb, ...words].join(" ")}\n`;

/** Returns the options of an `ip` that runs lines of a family, with the output of queries in JSON. */
export const batchOptions = (family: ReturnType<typeof batchFamily>): readonly string[] => [
  ...(family === undefined ? [] : ["-6"]),
  "-json",
  "-details",
  "-batch",
  "-",
];

/** The result of a line that succeeded without output. */
export const EMPTY_OK: CommandResult = { code: 0, stdout: "", stderr: "" };

/** The exit code of a line that failed. */
export const BATCH_ERROR_CODE = 2;

/** Returns the line that `ip` prints for a failed line of a batch, after the reason. */
export const batchErrorLine = (line: number): string => `Command failed -:${line}\n`;
