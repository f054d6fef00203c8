import { join } from "node:path";
import { type Answer, type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { example, openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";

/** A lab host with an example's lab on it, and the command to work on it with. */
export interface Bench extends AsyncDisposable {
  readonly host: Sandbox;
  readonly stack: Stack;
  /** The words that run `pulumi-netns` on the stack, inside the sandbox. */
  words(command: string, ...args: string[]): [string, ...string[]];
  /** Runs `pulumi-netns` on the stack; a failure is an answer like any other. */
  netns(command: string, ...args: string[]): Promise<Answer>;
}

/** Makes an example's lab in a sandbox: of this machine's root user, and after something was put there, if need be. */
export async function openBench(
  project: string,
  { root = false, before }: { root?: boolean; before?: (host: Sandbox) => Promise<void> } = {},
): Promise<Bench> {
  const host = await sandbox({ root });
  await before?.(host);
  const stack = await openStack(host, example(project));
  await stack.up();
  const words: Bench["words"] = (command, ...args) => [
    ...(stack.env as [string, ...string[]]),
    ...COMMAND,
    command,
    ...["--cwd", example(project), "--stack", "dev"],
    ...args,
  ];
  return {
    host,
    stack,
    words,
    netns: (...args) => host.try(...words(...args)),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** `pulumi-netns` as it is compiled, with a `pulumi` to be found. */
export const COMMAND = [
  `PATH=${join(REPOSITORY, "node_modules/.bin")}:${process.env["PATH"]}`,
  process.execPath,
  join(REPOSITORY, "dist/cli/main.js"),
];
