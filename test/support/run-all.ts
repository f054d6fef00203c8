import type { Sandbox } from "../../tools/sandbox.ts";

/** Runs commands one after the other in a sandbox. A space separates the words of a command. */
export async function runAll({ run }: Pick<Sandbox, "run">, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const [program = "", ...args] = command.split(" ");
    await run(program, ...args);
  }
}
