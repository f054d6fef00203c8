import { styleText } from "node:util";
import Table from "cli-table3";

/** Prints one or more lines. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Prints a value as JSON, for another program to read. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, undefined, 2));

/** Prints a warning on standard error, so that the output remains that of the command. */
export const warn = (text: string): void => void process.stderr.write(`${paint("yellow", "warning:")} ${text}\n`);

/** Prints why a command failed, without a stack trace, and sets its exit code. */
export function reportFailure(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${styleText("red", "error:", { stream: process.stderr })} ${text}\n`);
  process.exitCode = EXIT_FAILED;
}

/** The exit code of a command that failed. */
const EXIT_FAILED = 1;

/** Returns text in a style if the output is a terminal; without one in a pipe or a file, or with NO_COLOR. */
export const paint = (style: "bold" | "dim" | "green" | "red" | "yellow" | "cyan", text: string): string =>
  styleText(style, text);

/** Aligns rows in columns, separated by spaces. */
export function columns(rows: readonly (readonly string[])[]): string {
  const table = new Table({ chars: NO_LINES, style: { head: [], border: [], "padding-left": 2, "padding-right": 0 } });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, "");
}

const NO_LINES = Object.fromEntries(
  ["top", "bottom", "left", "right"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("mid", "mid-mid", "middle")
    .map((part) => [part, ""]),
);
