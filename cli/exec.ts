import type { Command } from "commander";
import { hostsOf, type StackHost } from "../inspect/stack-hosts.ts";
import { UserError } from "../provider/message.ts";
import { atMostPerHost } from "./at-most-per-host.ts";
import { findHost, HOST_HELP, missingPlaceMessage, placeExists, requirePlace } from "./namespaces.ts";
import { paint } from "./output.ts";
import { runInteractive, runPrefixed } from "./run-command.ts";
import { type StackLab, type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

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
    .option("-a, --all", "run in all namespaces of the stack, but not on the lab hosts themselves")
    .showHelpAfterError("(options of the command come after a --, e.g. pulumi-netns exec red -- ping -c1 192.168.15.2)")
    .addHelpText("after", EXAMPLES)
    .action((words: string[], options: StackOptions & { all?: true }) => {
      requireWords(words, options.all === true);
      return withStack(options, async (lab) => {
        process.exitCode = options.all ? await everywhere(lab, words) : await inOne(lab, words);
      });
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns exec red -- ping -c1 192.168.15.2
  $ pulumi-netns exec host -- ip -brief address
  $ pulumi-netns exec lab2/red -- ip route
  $ pulumi-netns exec --all -- ip route`;

/** The exit code for a host that does not exist in the kernel. */
const NOT_THERE = 1;

/** Throws if the host or the command is missing. */
function requireWords([host, ...command]: readonly string[], all: boolean): void {
  if (host === undefined)
    throw all
      ? new UserError("missing argument: command", "for example: pulumi-netns exec --all -- ip route")
      : new UserError("missing arguments: host and command", "for example: pulumi-netns exec red -- ip address");
  if (!all && command.length === 0)
    throw new UserError("missing argument: command", `for example: pulumi-netns exec ${host} -- ip address`);
}

async function inOne({ view, hosts }: StackLab, [host = "", ...command]: string[]): Promise<number> {
  const place = findHost(view, host);
  await requirePlace(hosts, place);
  return runInteractive(hosts.on(place.host).command(place.namespace, command, { reads: true }));
}

async function everywhere({ view, hosts }: StackLab, command: string[]): Promise<number> {
  const places = hostsOf(view);
  const width = Math.max(0, ...places.map(({ name }) => name.length));
  const run = async (place: StackHost) => {
    const label = `${paint("cyan", place.name.padEnd(width))} | `;
    const failed = (message: string) => {
      process.stderr.write(message.replaceAll(/^/gm, label).concat("\n"));
      return NOT_THERE;
    };
    try {
      if (!(await placeExists(hosts, place))) return failed(missingPlaceMessage(place));
    } catch (error) {
      // A lab host that cannot be reached must not keep the command from the others.
      if (error instanceof UserError) return failed(error.message);
      throw error;
    }
    return runPrefixed(hosts.on(place.host).command(place.namespace, command), label);
  };
  const codes = await atMostPerHost(places, run);
  return codes.find((code) => code !== 0) ?? 0;
}
