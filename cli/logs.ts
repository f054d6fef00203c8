import { type Command, InvalidArgumentError } from "commander";
import type { LabHosts } from "../inspect/lab-hosts.ts";
import { allLogs, findLog, type ProcessLog } from "../inspect/left-logs.ts";
import { stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { UserError } from "../provider/message.ts";
import { atMostPerHost } from "./at-most-per-host.ts";
import { paint } from "./output.ts";
import { runInteractive, runPrefixed } from "./run-command.ts";
import { type StackOptions, stackPlace, withStack, withStackOptions } from "./stack-options.ts";

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
        "a name, prints the logs of all processes of the stack, with the name of the process before each line. A process " +
        "that failed to start has a log, too, unless its program gives another file as `log`.",
    )
    .argument("[process]", "the resource name of a process")
    .option("-f, --follow", "keep printing new lines")
    .option("-n, --lines <count>", "print only this number of last lines", count)
    .addHelpText("after", EXAMPLES)
    .action((name: string | undefined, options: LogOptions) =>
      withStack(options, async ({ view, hosts }) => {
        const at = stackPlace(options);
        const place = { view, hosts, owner: () => stackNamed(projectName(at.cwd) ?? view.project, at) };
        process.exitCode =
          name === undefined
            ? await all(hosts, await allLogs(place), options)
            : await one(hosts, await findLog(place, name), options);
      }),
    );
}

const EXAMPLES = `
Examples:
  $ pulumi-netns logs dnsmasq
  $ pulumi-netns logs dnsmasq --follow --lines 0
  $ pulumi-netns logs`;

async function one(hosts: LabHosts, process: ProcessLog, options: LogOptions): Promise<number> {
  const { name, host, log } = process;
  if (!(await hasLog(hosts, process)))
    throw new UserError(
      `process ${name} has no log: ${log} does not exist`,
      "run `pulumi up --refresh` to start it again",
    );
  return runInteractive(hosts.on(host).command(undefined, tail(log, options)));
}

async function all(hosts: LabHosts, processes: readonly ProcessLog[], options: LogOptions): Promise<number> {
  const logs = await Promise.all(processes.map((process) => hasLog(hosts, process)));
  const logged = processes.filter((_, index) => logs[index]);
  if (logged.length === 0) throw new UserError("no process of this stack has a log");
  const width = Math.max(...logged.map(({ name }) => name.length));
  const show = ({ name, host, log }: ProcessLog) =>
    runPrefixed(hosts.on(host).command(undefined, tail(log, options)), `${paint("cyan", name.padEnd(width))} | `);
  if (options.follow) return Math.max(...(await atMostPerHost(logged, show)));
  let code = 0;
  for (const process of logged) code = Math.max(code, await show(process));
  return code;
}

const hasLog = async (hosts: LabHosts, { host, log }: ProcessLog): Promise<boolean> =>
  (await hosts.on(host).run(undefined, "test", "-e", log)).code === 0;

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
