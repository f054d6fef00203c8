import { constants } from "node:os";
import type { CommandResult } from "../kernel.ts";
import { bufferOutput, type Child } from "./child.ts";

/** A command for a shell: words, and lines of standard input. */
export interface ShellCommand {
  readonly argv: readonly string[];
  readonly input: string;
}

/** A small process that starts programs: starting one from a large process, such as Node, takes many times as long. */
export interface Shell {
  /**
   * Runs commands, one after the other, until one fails. Returns a result for each that was run. Calls may be queued; they run in
   * their order.
   */
  run(commands: readonly ShellCommand[]): Promise<readonly CommandResult[]>;
  close(): void;
  /** The number of calls without a result. */
  readonly pending: number;
  /** Whether the shell has ended. */
  readonly closed: boolean;
}

/**
 * The script of a shell that starts programs. It reads the number of commands; of each command the number of words, the words, the
 * number of input lines, and the lines. All of them are data to it. A word that begins with a percent sign is escaped, and so is an
 * input whose number of lines is a percent sign. At its start and after a program's output it writes a sentinel to both streams. Input
 * that ends before a command is complete, as when this process is killed, does not run it: its last word or line may be cut off.
 */
export const SHELL_SCRIPT = `
mark=$1
nl='
'
answer() { printf '\\n%s\\n' "$mark" >&2; printf '\\n%s %s\\n' "$mark" "$1"; }
answer 0
while IFS= read -r commands; do
  code=0
  while [ "$commands" -gt 0 ]; do
    commands=$((commands - 1))
    IFS= read -r words || exit
    set --
    while [ "$words" -gt 0 ]; do
      IFS= read -r word || exit
      case $word in %*) word=$(printf '%b.' "\${word#%}"); word=\${word%.} ;; esac
      set -- "$@" "$word"
      words=$((words - 1))
    done
    IFS= read -r lines || exit
    if [ "$lines" = % ]; then IFS= read -r input || exit
    else
      input=
      while [ "$lines" -gt 0 ]; do IFS= read -r line || exit; input=$input$line$nl; lines=$((lines - 1)); done
    fi
    [ "$code" -eq 0 ] || continue
    if [ "$lines" = % ]; then printf %b "$input" | "$@"
    elif [ -z "$input" ]; then "$@" </dev/null
    else "$@" <<END
\${input%"$nl"}
END
    fi
    code=$?
    answer "$code"
  done
done
`;

/** Returns a text as one line, from which `printf %b` makes the text again. */
export const escapeLine = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\0", "\\0000");

/**
 * Wraps a child that runs {@link SHELL_SCRIPT}.
 *
 * @param sentinel A text that no program prints.
 * @param unanswered Returns the result of the commands that have none when the child has ended, from its exit and last output.
 */
export function shell(
  child: Child,
  sentinel: string,
  unanswered: (exit: CommandResult) => CommandResult = (exit) => ({ ...exit, stdout: "" }),
): Shell {
  // The first answer is the one at the start of the script: it ends what a profile of the user has printed before.
  const pending: PendingRun[] = [{ count: 1, results: [], resolve: () => undefined }];
  /** The result of all calls after the shell has ended. */
  let exit: CommandResult | undefined;

  const buffer = bufferOutput(child, drain, (end) => {
    const last = unanswered({ ...end, stdout: buffer.stdout });
    exit = last;
    for (const { results, resolve } of pending.splice(0)) resolve([...results, last]);
  });

  function drain(): void {
    for (let answer = takeAnswer(); answer !== undefined; answer = takeAnswer()) {
      const [first] = pending;
      if (first === undefined) return;
      first.results.push(answer);
      if (answer.code === 0 && first.results.length < first.count) continue;
      pending.shift();
      first.resolve(first.results);
    }
  }

  /** Parses the answer to one command; undefined if it is not complete yet. */
  function takeAnswer(): CommandResult | undefined {
    const { stdout, stderr } = buffer;
    const [atOut, atErr] = [stdout.indexOf(`\n${sentinel} `), stderr.indexOf(`\n${sentinel}\n`)];
    const end = stdout.indexOf("\n", atOut + 1);
    if (atOut === -1 || atErr === -1 || end === -1) return undefined;
    [buffer.stdout, buffer.stderr] = [stdout.slice(end + 1), stderr.slice(atErr + sentinel.length + 2)];
    const code = Number(stdout.slice(atOut + sentinel.length + 2, end));
    return commandResult(code, stdout.slice(0, atOut), stderr.slice(0, atErr));
  }

  return {
    run: (commands) =>
      new Promise((resolve) => {
        if (exit !== undefined) {
          resolve([exit]);
          return;
        }
        pending.push({ count: commands.length, results: [], resolve });
        child.stdin.write(`${commands.length}\n${commands.map(commandText).join("")}`);
      }),
    close: () => child.stdin.end(),
    get pending() {
      return pending.length;
    },
    get closed() {
      return exit !== undefined;
    },
  };
}

interface PendingRun {
  /** The number of commands. */
  readonly count: number;
  readonly results: CommandResult[];
  readonly resolve: (results: readonly CommandResult[]) => void;
}

/** Returns a command as {@link SHELL_SCRIPT} reads it. */
const commandText = ({ argv, input }: ShellCommand): string =>
  `${argv.length}\n${argv.map((word) => `${wordLine(word)}\n`).join("")}${inputLines(input)}`;

function wordLine(word: string): string {
  // A shell would drop it, and so run another command.
  if (word.includes("\0")) throw new Error("a word of a command contains NUL");
  return /^%|\n/.test(word) ? `%${escapeLine(word)}` : word;
}

const inputLines = (input: string): string =>
  input.length <= MAX_LINES_LENGTH && /^$|^[^\0]*\n$/.test(input)
    ? `${input === "" ? 0 : input.split("\n").length - 1}\n${input}`
    : `%\n${escapeLine(input)}\n`;

/** The length up to which an input is sent as lines: a shell joins them in a time that grows with the square of their number. */
const MAX_LINES_LENGTH = 2048;

/** Builds a result. A shell reports a signal as an exit code above 128. */
function commandResult(code: number, stdout: string, stderr: string): CommandResult {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return { code, stdout, stderr, ...(signal !== undefined && { signal }) };
}
