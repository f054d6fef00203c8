import { constants } from "node:os";
import type { CommandResult } from "../kernel.ts";
import { bufferOutput, type Child } from "./child.ts";

/** A small process that starts programs: starting one from a large process, such as Node, takes many times as long. */
export interface Shell {
  /** Runs a program to its end. The caller must wait for the result before the next call. */
  run(argv: readonly string[], input: string): Promise<CommandResult>;
  close(): void;
  /** Whether the shell has ended. */
  readonly closed: boolean;
}

/**
 * The script of a shell that starts programs. It reads the number of words, the words, the number of input lines, and the lines,
 * all of which are data to it. After a program's output it writes a sentinel to both streams. Input that
 * ends before a command is complete, as when this process is killed, runs nothing: its last word or line may be cut off.
 */
export const SHELL_SCRIPT = `
mark=$1
nl='
'
while IFS= read -r words; do
  set --
  while [ "$words" -gt 0 ]; do IFS= read -r word || exit; set -- "$@" "$word"; words=$((words - 1)); done
  IFS= read -r lines || exit
  input=
  while [ "$lines" -gt 0 ]; do IFS= read -r line || exit; input=$input$line$nl; lines=$((lines - 1)); done
  if [ -z "$input" ]; then "$@" </dev/null; else "$@" <<END
\${input%"$nl"}
END
  fi
  code=$?
  printf '\\n%s\\n' "$mark" >&2
  printf '\\n%s %s\\n' "$mark" "$code"
done
`;

/** Returns whether the shell's protocol can carry a command: newlines separate the words and the lines. */
export const fitsShellProtocol = (argv: readonly string[], input = ""): boolean =>
  argv.every((word) => !/[\n\0]/.test(word)) && !input.includes("\0") && /^$|\n$/.test(input);

/**
 * Wraps a child that runs {@link SHELL_SCRIPT}.
 *
 * @param sentinel A text that no program prints.
 */
export function shell(child: Child, sentinel: string): Shell {
  let pending: ((outcome: CommandResult) => void) | undefined;
  /** The result of all calls after the shell has ended. */
  let exit: CommandResult | undefined;

  const buffer = bufferOutput(child, drain, (end) => {
    exit = end;
    pending?.(end);
  });

  function drain(): void {
    const { stdout, stderr } = buffer;
    const [atOut, atErr] = [stdout.indexOf(`\n${sentinel} `), stderr.indexOf(`\n${sentinel}\n`)];
    const code = /^\n\S+ (\d+)\n$/.exec(stdout.slice(atOut))?.[1];
    if (atOut === -1 || atErr === -1 || code === undefined) return;
    const resolvePending = pending;
    [buffer.stdout, buffer.stderr, pending] = ["", "", undefined];
    resolvePending?.(commandResult(Number(code), stdout.slice(0, atOut), stderr.slice(0, atErr)));
  }

  return {
    run: (argv, input) =>
      new Promise((resolve) => {
        if (exit !== undefined) {
          resolve(exit);
          return;
        }
        pending = resolve;
        const lines = input === "" ? 0 : input.split("\n").length - 1;
        child.stdin.write(`${argv.length}\n${argv.map((word) => `${word}\n`).join("")}${lines}\n${input}`);
      }),
    close: () => child.stdin.end(),
    get closed() {
      return exit !== undefined;
    },
  };
}

/** Builds a result. A shell reports a signal as an exit code above 128. */
function commandResult(code: number, stdout: string, stderr: string): CommandResult {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return { code, stdout, stderr, ...(signal !== undefined && { signal }) };
}
