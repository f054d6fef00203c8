import type { Command } from "commander";
import { atLabHost } from "../inspect/at-lab-host.ts";
import { findProcess, restartProcess } from "../inspect/stack-processes.ts";
import { withHelp } from "../provider/message.ts";
import { print } from "./output.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

/** `pulumi-netns restart`: stops a process and starts it again. */
export function restart(program: Command): void {
  withStackOptions(program.command("restart"))
    .summary("stop a process and start it again")
    .description(
      "Stops a process of the stack and starts it again with the command, the files and the environment in the stack's " +
        "state, and waits until it is ready. A process that has died is started.",
    )
    .argument("<process>", "the resource name of a process")
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns restart dnsmasq")
    .action((name: string, options: StackOptions) =>
      withStack(
        options,
        async ({ view, hosts }) => {
          const process = findProcess(view, name);
          await atLabHost(process.host, () => restartProcess(hosts.on(process.host).kernel, process));
          const { interfaces = [] } = process.args;
          print(withHelp(`process ${name} was restarted`, interfaces.length === 0 ? undefined : madeAnew(interfaces)));
        },
        { reveal: true },
      ),
    );
}

const madeAnew = (interfaces: readonly string[]): string =>
  `run \`pulumi up --refresh\`: it made ${interfaces.join(", ")} again, without the addresses and routes of the program`;
