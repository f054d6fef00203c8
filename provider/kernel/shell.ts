import { constants } from "node:os";
import type { Child } from "./child.ts";
import type { Outcome } from "./kernel.ts";

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
export function shell({ stdin, stdout, stderr, end }: Child, mark: string): Shell {
  let [out, err] = ["", ""];
  let answer: ((outcome: Outcome) => void) | undefined;
  /** What whoever asks is told when it has ended. */
  let last: Outcome | undefined;

  stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    settle();
  });
  stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    settle();
  });
  stdin.on("error", () => undefined);
  void end.then(({ code, signal }) => {
    last = { code, stdout: "", stderr: err, ...(signal !== undefined && { signal }) };
    answer?.(last);
  });

  function settle(): void {
    const [atOut, atErr] = [out.indexOf(`\n${mark} `), err.indexOf(`\n${mark}\n`)];
    const code = /^\n\S+ (\d+)\n$/.exec(out.slice(atOut))?.[1];
    if (atOut === -1 || atErr === -1 || code === undefined) return;
    const [outcome, done] = [outcomeOf(Number(code), out.slice(0, atOut), err.slice(0, atErr)), answer];
    [out, err, answer] = ["", "", undefined];
    done?.(outcome);
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
        stdin.write(`${argv.length}\n${argv.map((word) => `${word}\n`).join("")}${lines}\n${input}`);
      }),
    close: () => stdin.end(),
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
