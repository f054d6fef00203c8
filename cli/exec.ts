import type { Command } from "commander";
import type { StackView } from "../inspect/stack.ts";
import { hostsOf } from "../inspect/stack-hosts.ts";
import { UserError } from "../provider/message.ts";
import { enterWords, findHost, HOST_HELP, missingPlaceMessage, placeExists } from "./namespaces.ts";
import { paint } from "./output.ts";
import { runInteractive, runPrefixed } from "./run-command.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

/** `pulumi-netns exec`: runs a command in a namespace of the stack, or in all of them. */
export function exec(program: Command): void {
  withStackOptions(program.command("exec"))
    .summary("run a command in a namespace, or in all namespaces")
    .description(
      "Runs a command in a namespace of the stack, and exits with its exit code. With --all, runs it in all namespaces at " +
        "once, with the name of the host before each line, and exits with the exit code of the first host, by name, on " +
        "which it failed.",
    )
    .usage("[options] HOST -- COMMAND [ARGUMENT…]\n       pulumi-netns exec [options] --all -- COMMAND [ARGUMENT…]")
    .argument("[words...]", `HOST: ${HOST_HELP}; then the command`)
    .option("-a, --all", "run in all namespaces of the stack, but not on the lab host")
    .showHelpAfterError("(options of the command come after a --, e.g. pulumi-netns exec red -- ping -c1 192.168.15.2)")
    .addHelpText("after", EXAMPLES)
    .action((words: string[], options: StackOptions & { all?: true }) =>
      withStack(options, async ({ view }) => {
        process.exitCode = options.all ? await everywhere(view, words) : await inOne(view, words);
      }),
    );
}

const EXAMPLES = `
Examples:
  $ pulumi-netns exec red -- ping -c1 192.168.15.2
  $ pulumi-netns exec host -- ip -brief address
  $ pulumi-netns exec --all -- ip route`;

/** The exit code for a host that does not exist in the kernel. */
const NOT_THERE = 1;

async function inOne(view: StackView, [host, ...command]: string[]): Promise<number> {
  if (host === undefined)
    throw new UserError("missing arguments: host and command", "for example: pulumi-netns exec red -- ip address");
  const place = findHost(view, host);
  if (command.length === 0) {
    throw new UserError("missing argument: command", `for example: pulumi-netns exec ${host} -- ip address`);
  }
  return runInteractive([...(await enterWords(place)), ...command]);
}

async function everywhere(view: StackView, command: string[]): Promise<number> {
  if (command.length === 0)
    throw new UserError("missing argument: command", "for example: pulumi-netns exec --all -- ip route");
  const hosts = hostsOf(view);
  const width = Math.max(0, ...hosts.map(({ name }) => name.length));
  const codes = await Promise.all(
    hosts.map(async (host) => {
      const label = `${paint("cyan", host.name.padEnd(width))} | `;
      if (await placeExists(host)) return runPrefixed([...(await enterWords(host)), ...command], label);
      process.stderr.write(missingPlaceMessage(host).replaceAll(/^/gm, label).concat("\n"));
      return NOT_THERE;
    }),
  );
  return codes.find((code) => code !== 0) ?? 0;
}
