import { constants } from "node:os";
import type { Outcome } from "../kernel.ts";
import { type Child, listen } from "./child.ts";

/** A small process that starts programs: to start one from a large process, such as Node, takes many times as long. */
export interface Shell {
  /** Runs a program to its end. One at a time: whoever asks waits for the answer first. */
  run(argv: readonly string[], input: string): Promise<Outcome>;
  close(): void;
  /** Whether it has ended. */
  readonly closed: boolean;
}

/**
 * What a shell reads to start programs: how many words there are, the words, how many lines of input, and the lines. All of
 * that is data to it. Behind what the program has said it puts a mark, on both streams.
 */
export const SCRIPT = `
mark=$1
nl='
'
while IFS= read -r words; do
  set --
  while [ "$words" -gt 0 ]; do IFS= read -r word; set -- "$@" "$word"; words=$((words - 1)); done
  IFS= read -r lines
  input=
  while [ "$lines" -gt 0 ]; do IFS= read -r line; input=$input$line$nl; lines=$((lines - 1)); done
  if [ -z "$input" ]; then "$@" </dev/null; else "$@" <<END
\${input%"$nl"}
END
  fi
  code=$?
  printf '\\n%s\\n' "$mark" >&2
  printf '\\n%s %s\\n' "$mark" "$code"
done
`;

/** Whether a shell can be told of a command: its words and lines are told apart by their ends. */
export const isSpeakable = (argv: readonly string[], input = ""): boolean =>
  argv.every((word) => !/[\n\0]/.test(word)) && !input.includes("\0") && /^$|\n$/.test(input);

/** @param mark A text that no program says. */
export function shell(child: Child, mark: string): Shell {
  let answer: ((outcome: Outcome) => void) | undefined;
  /** What whoever asks is told when it has ended. */
  let last: Outcome | undefined;

  const heard = listen(child, settle, (end) => {
    last = end;
    answer?.(end);
  });

  function settle(): void {
    const { stdout, stderr } = heard;
    const [atOut, atErr] = [stdout.indexOf(`\n${mark} `), stderr.indexOf(`\n${mark}\n`)];
    const code = /^\n\S+ (\d+)\n$/.exec(stdout.slice(atOut))?.[1];
    if (atOut === -1 || atErr === -1 || code === undefined) return;
    const done = answer;
    [heard.stdout, heard.stderr, answer] = ["", "", undefined];
    done?.(outcomeOf(Number(code), stdout.slice(0, atOut), stderr.slice(0, atErr)));
  }

  return {
    run: (argv, input) =>
      new Promise((resolve) => {
        if (last !== undefined) {
          resolve(last);
          return;
        }
        answer = resolve;
        const lines = input === "" ? 0 : input.split("\n").length - 1;
        child.stdin.write(`${argv.length}\n${argv.map((word) => `${word}\n`).join("")}${lines}\n${input}`);
      }),
    close: () => child.stdin.end(),
    get closed() {
      return last !== undefined;
    },
  };
}

/** A shell tells of a signal by a number above 128. */
function outcomeOf(code: number, stdout: string, stderr: string): Outcome {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return { code, stdout, stderr, ...(signal !== undefined && { signal }) };
}
