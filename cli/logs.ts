import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { findProcess, processesIn, type StackProcess } from "../inspect/stack-processes.ts";
import { UserError } from "../provider/message.ts";
import { paint } from "./output.ts";
import { runInteractive, runPrefixed } from "./run-command.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

interface LogOptions extends StackOptions {
  readonly follow?: true;
  readonly lines?: number;
}

/** `pulumi-netns logs`: shows the log of a process, or of all. */
export function logs(program: Command): void {
  withStackOptions(program.command("logs"))
    .summary("show the log of a process, or of all")
    .description(
      "Prints the output that a process has logged, and with --follow also what it logs from now on, until Ctrl-C. Without " +
        "a name, prints the logs of all processes of the stack, with the name of the process before each line.",
    )
    .argument("[process]", "the resource name of a process")
    .option("-f, --follow", "keep printing new lines")
    .option("-n, --lines <count>", "print only this number of last lines", count)
    .addHelpText("after", EXAMPLES)
    .action((name: string | undefined, options: LogOptions) =>
      withStack(options, async ({ view }) => {
        process.exitCode =
          name === undefined ? await all(processesIn(view), options) : await one(findProcess(view, name), options);
      }),
    );
}

const EXAMPLES = `
Examples:
  $ pulumi-netns logs dnsmasq
  $ pulumi-netns logs dnsmasq --follow --lines 0
  $ pulumi-netns logs`;

function one({ name, log }: StackProcess, options: LogOptions): Promise<number> {
  if (!existsSync(log))
    throw new UserError(
      `process ${name} has no log: ${log} does not exist`,
      "run `pulumi up --refresh` to start it again",
    );
  return runInteractive(tail(log, options));
}

async function all(processes: readonly StackProcess[], options: LogOptions): Promise<number> {
  const logged = processes.filter(({ log }) => existsSync(log));
  if (logged.length === 0) throw new UserError("no process of this stack has a log");
  const width = Math.max(...logged.map(({ name }) => name.length));
  const show = ({ name, log }: StackProcess) =>
    runPrefixed(tail(log, options), `${paint("cyan", name.padEnd(width))} | `);
  if (options.follow) return Math.max(...(await Promise.all(logged.map(show))));
  let code = 0;
  for (const process of logged) code = Math.max(code, await show(process));
  return code;
}

const tail = (log: string, { follow, lines }: LogOptions): string[] => [
  ...["tail", "-n", lines === undefined ? "+1" : String(lines)],
  ...(follow ? ["-f"] : []),
  ...["--", log],
];

function count(text: string): number {
  const lines = Number(text);
  if (!Number.isInteger(lines) || lines < 0) throw new InvalidArgumentError("Use a whole number, e.g. 20.");
  return lines;
}
