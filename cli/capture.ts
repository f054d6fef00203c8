import { type Command, InvalidArgumentError } from "commander";
import { findLink, pathOf } from "../inspect/stack-links.ts";
import { UserError, withHelp } from "../provider/message.ts";
import { requirePlace } from "./namespaces.ts";
import { runInteractive } from "./run-command.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";
import { type TcpdumpOptions, tcpdumpWords } from "./tcpdump.ts";

type CaptureOptions = StackOptions & TcpdumpOptions;

/** `pulumi-netns capture`: shows the packets of a link, or writes them to a file for Wireshark. */
export function capture(program: Command): void {
  withStackOptions(program.command("capture"))
    .summary("show the packets of a link, or write them to a pcap file")
    .description(
      "Runs tcpdump on an interface of the stack until Ctrl-C. Prints one line for each packet, or writes a pcap file with " +
        "--write.",
    )
    .argument(
      "<link>",
      "the name of a resource (for a veth pair with its end: red-wire.a or red-wire.b; red-wire means the end a), or of " +
        "an interface, with its namespace if the name is not unique: red/eth0",
    )
    .argument("[filter...]", "a tcpdump filter, e.g. icmp and host 192.168.15.2")
    .option("-w, --write <file>", "write a pcap file; - for standard output")
    .option("-c, --count <packets>", "stop after this number of packets", packets)
    .addHelpText("after", EXAMPLES)
    .action((link: string, filter: string[], options: CaptureOptions) =>
      withStack(options, async ({ view, hosts }) => {
        const { host, namespace, name } = findLink(view, link);
        await requirePlace(hosts, { name: pathOf({ host, namespace }), host, namespace });
        const at = hosts.on(host);
        if (options.write === "-" && process.stdout.isTTY) throw new UserError(...BINARY);
        const { words, hasFilter } = await tcpdumpWords(at, host, name, options);
        const code = await runInteractive(at.command(namespace, [...words, ...filter]));
        if (code !== 0 && !hasFilter) process.stderr.write(`${ONE_USER}\n`);
        process.exitCode = code;
      }),
    );
}

const EXAMPLES = `
Examples:
  $ pulumi-netns capture red-wire icmp
  $ pulumi-netns capture red-wire.b --count 10 --write red.pcap
  $ pulumi-netns capture red-wire -w - | wireshark -k -i -`;

function packets(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Use a number of at least 1, e.g. 10.");
  return count;
}

const ONE_USER = withHelp(
  "tcpdump of Debian and Fedora switches to another user first, and this sandbox has only one",
  "install perl, with which capture prevents the switch, or capture in a lab that was created by root",
);

const BINARY = [
  "refusing to write pcap data to a terminal",
  "pipe it to a program: … -w - | wireshark -k -i -, or write it to a file: -w red.pcap",
] as const;
