import { join } from "node:path";
import { type Answer, type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { example, openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";

/** A lab host with the lab of an example, and the commands to work on it. */
export interface Bench extends AsyncDisposable {
  readonly host: Sandbox;
  readonly stack: Stack;
  /** The words that run `pulumi-netns` on the stack, inside the sandbox. */
  words(command: string, ...args: string[]): [string, ...string[]];
  /** Runs `pulumi-netns` on the stack. A failure is returned, not thrown. */
  netns(command: string, ...args: string[]): Promise<Answer>;
}

/** Creates the lab of an example in a sandbox, optionally one of this machine's root user, and with objects created beforehand. */
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

/** The compiled `pulumi-netns`, with `pulumi` on the PATH. */
export const COMMAND = [
  `PATH=${join(REPOSITORY, "node_modules/.bin")}:${process.env["PATH"]}`,
  process.execPath,
  join(REPOSITORY, "dist/cli/main.js"),
];
