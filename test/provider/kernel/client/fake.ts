import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { batchErrorLine } from "../../../../provider/kernel/client/batch-line.ts";
import type { Child } from "../../../../provider/kernel/client/child.ts";
import type { CommandResult } from "../../../../provider/kernel/kernel.ts";

/** A process whose output and end a test controls. */
export interface Fake {
  readonly child: Child;
  readonly say: { stdout(text: string | Buffer): void; stderr(text: string | Buffer): void };
  end(code: number, signal?: string): void;
  /** Whether its input was closed. */
  readonly dismissed: boolean;
}

/** @param hear Called with each line of the input. */
export function fake(hear: (line: string, self: Fake) => void = () => undefined): Fake {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const { promise, resolve } = Promise.withResolvers<Awaited<Child["exited"]>>();
  let [rest, dismissed, ended] = ["", false, false];
  const self: Fake = {
    child: { pid: undefined, stdin, stdout, stderr, exited: promise, kill: () => self.end(127, "SIGTERM") },
    say: { stdout: (text) => stdout.write(text), stderr: (text) => stderr.write(text) },
    end(code, signal) {
      ended = true;
      resolve({ code, ...(signal !== undefined && { signal }) });
    },
    get dismissed() {
      return dismissed;
    },
  };
  stdin.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (!ended) hear(line, self);
  });
  stdin.on("end", () => {
    dismissed = true;
    resolve({ code: 0 });
  });
  return self;
}

/** Output on the two streams. */
export type Said = Partial<Pick<CommandResult, "stdout" | "stderr">>;

/**
 * A fake `ip -batch`, which runs line after line and reports those that fail.
 *
 * @param answer Returns the output for a line, with `stderr` if the line fails; undefined leaves the line without an answer.
 */
export function fakeIp(answer: (line: string, self: Fake) => Said | undefined): Fake {
  let number = 0;
  return fake((line, self) => {
    number += 1;
    const said = line === "done" ? { stderr: UNKNOWN } : answer(line, self);
    if (said?.stdout !== undefined) self.say.stdout(said.stdout);
    if (said?.stderr !== undefined) self.say.stderr(said.stderr + batchErrorLine(number));
  });
}

/** The message of `ip` for a line that it does not understand. */
export const UNKNOWN = 'Object "done" is unknown, try "ip help".\n';

/**
 * A fake shell that starts programs.
 *
 * @param argv The command that started it; its last word is the mark.
 * @param run Returns the result of a program for its words and its input.
 */
export function fakeShell(
  argv: readonly string[],
  run: (words: string[], input: string, self: Fake) => Promise<CommandResult>,
): Fake {
  const mark = argv.at(-1);
  let [heard, left, hasFailed, asked]: [string[], number, boolean, Promise<unknown>] = [
    [],
    0,
    false,
    Promise.resolve(),
  ];
  const answer = (self: Fake, { code, stdout, stderr }: CommandResult) => {
    self.say.stderr(`${stderr}\n${mark}\n`);
    self.say.stdout(`${stdout}\n${mark} ${code}\n`);
  };
  const shell = fake((line, self) => {
    if (left === 0) {
      left = Number(line);
      asked = asked.then(() => (hasFailed = false));
      return;
    }
    heard.push(line);
    const words = heard.slice(1, Number(heard[0]) + 1);
    const [count, ...input] = heard.slice(words.length + 1);
    const lines = count === "%" ? 1 : Number(count);
    if (words.length < Number(heard[0]) || count === undefined || input.length < lines) return;
    heard = [];
    left -= 1;
    asked = asked.then(async () => {
      if (hasFailed) return;
      const text = count === "%" ? unescapeLine(input[0] ?? "") : input.map((one) => `${one}\n`).join("");
      const result = await run(
        words.map((word) => (word.startsWith("%") ? unescapeLine(word.slice(1)) : word)),
        text,
        self,
      );
      hasFailed = result.code !== 0;
      answer(self, result);
    });
  });
  answer(shell, { code: 0, stdout: "", stderr: "" });
  return shell;
}

/** Unescapes a line as `printf %b` does. */
const unescapeLine = (line: string): string =>
  line.replaceAll(/\\(0000|.)/g, (_, what: string) => (what === "n" ? "\n" : what === "0000" ? "\0" : what));

/** Waits until all output was processed. */
export async function heard(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
}

/** Generates positions at which two texts are cut, and the order of their pieces. */
export const cuts = fc.record({
  stdout: fc.array(fc.nat(), { maxLength: 6 }),
  stderr: fc.array(fc.nat(), { maxLength: 6 }),
  order: fc.infiniteStream(fc.boolean()),
});

type Cuts = typeof cuts extends fc.Arbitrary<infer T> ? T : never;

/** Writes two texts in pieces, one at a time. A piece may end within a character. */
export async function sayInPieces({ say }: Fake, said: Required<Said>, cuts: Cuts): Promise<void> {
  const left = { stdout: pieces(said.stdout, cuts.stdout), stderr: pieces(said.stderr, cuts.stderr) };
  while (left.stdout.length + left.stderr.length > 0) {
    const next = left.stderr.length === 0 || (left.stdout.length > 0 && cuts.order.next().value) ? "stdout" : "stderr";
    const piece = left[next].shift();
    if (piece !== undefined) say[next](piece);
    await turn();
  }
}

function pieces(text: string, at: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...at.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter((piece) => piece.length > 0);
}
