import { classifyFailure, KernelError } from "../../provider/errors.ts";
import { batchOptions } from "../../provider/kernel/client/batch-line.ts";
import { type IpSession, ipSession } from "../../provider/kernel/client/ip-session.ts";
import { shellPool } from "../../provider/kernel/client/shell-pool.ts";
import { argv, type Command, type IpCommand, inputOf } from "../../provider/kernel/command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../../provider/kernel/kernel.ts";
import { applyPlan } from "../../provider/plan.ts";
import { fake, fakeShell, heard } from "../provider/kernel/client/fake.ts";

/** An answer of a tool on which this package relies. */
export interface Case {
  /** The commands that prepare the sandbox, each as words separated by blanks. */
  readonly setup?: readonly string[];
  /** Runs one command of the tool, and returns the value that this package reads from its answer. */
  readonly ask: (run: Run) => Promise<unknown>;
  /** The expected value, which may be a matcher. */
  readonly is: unknown;
}

export type Cases = Readonly<Record<string, Case>>;

/** Runs a program, in a sandbox or from a recording. */
export type Run = (argv: readonly string[], stdin?: string) => Promise<CommandResult>;

/** Returns a reader of the outcome of a command, or of words separated by blanks: "done", or why it failed. */
export const outcomeOf =
  (command: Command | string): Case["ask"] =>
  async (run) => {
    if (typeof command === "string") return reasonOf(await run(command.split(" ")));
    return applyPlan(over(run), [{ run: command }]).then(
      () => "done",
      (error: unknown) => (error instanceof KernelError ? error.reason : error),
    );
  };

/** Returns a reader of the help in the error of a command that fails. */
export const adviceOf =
  (command: Command): Case["ask"] =>
  async (run) =>
    new KernelError(command, await over(run).run(command)).message.split("\n  help: ")[1];

/** Returns a reader of the result of a query of the provider. */
export const found =
  (query: (kernel: KernelClient) => Promise<unknown>): Case["ask"] =>
  (run) =>
    query(over(run));

/** Returns a reader of the outcome of each command in an `ip` session on the lab host. */
export const inSession =
  (...commands: readonly IpCommand[]): Case["ask"] =>
  async (run) => {
    const lines: string[] = [];
    const process = fake((line) => lines.push(`${line}\n`));
    const session: IpSession = ipSession(process.child);
    const outcomes = Promise.all(commands.map((command) => session.run(command)));
    await heard();
    const { code, stdout, stderr } = await run(["ip", "-force", ...batchOptions(undefined)], lines.join(""));
    process.say.stdout(stdout);
    process.say.stderr(stderr);
    await heard();
    process.end(code);
    return (await outcomes).map(reasonOf);
  };

/** Returns a reader of the outcome of each change of a batch in a namespace, up to the first that fails. */
export const inBatch =
  (...commands: readonly [IpCommand, ...IpCommand[]]): Case["ask"] =>
  async (run) =>
    (await shells(run).apply(commands)).map(reasonOf);

/** Returns a reader of the outcome of each query of a namespace that shares a process with others. */
export const together =
  (...queries: readonly IpCommand[]): Case["ask"] =>
  async (run) => {
    const { query } = shells(run);
    return (await Promise.all(queries.map(query))).map(reasonOf);
  };

const over = (run: Run): KernelClient => oneByOne((command) => run(argv(command), inputOf(command)));

const shells = (run: Run) => shellPool((words) => fakeShell(words, run).child);

const reasonOf = (outcome: CommandResult) => (outcome.code === 0 ? "done" : classifyFailure(outcome));
