import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import type { Answer, Sandbox } from "../tools/sandbox.ts";

/** Runs a command in a sandbox with the long timeout of a benchmark; a failure is returned like any other result. */
export async function answer({ enter }: Sandbox, words: readonly string[]): Promise<Answer> {
  const [program = "", ...args] = [...enter, ...words];
  const { exitCode, stdout, stderr, shortMessage } = await execa(program, args, {
    reject: false,
    stdin: "ignore",
    timeout: LONGEST,
    env: toolEnvironment(),
  });
  return { code: exitCode ?? 127, stdout, stderr: exitCode === undefined ? (shortMessage ?? "") : stderr };
}

/** Runs a command in a sandbox, and throws if it fails. */
export async function must(host: Sandbox, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await answer(host, words);
  if (code !== 0) throw new Error(`${words.join(" ")}: exit ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  return stdout;
}

/** In milliseconds: half an hour. */
const LONGEST = 1_800_000;
