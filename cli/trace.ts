import type { Command } from "commander";
import { labHost } from "../inspect/lab-host.ts";
import { showTrace } from "../inspect/trace/text.ts";
import { trace as follow } from "../inspect/trace/trace.ts";
import { findTargets, TARGET_HELP } from "./find-targets.ts";
import { enterWords, findHost, HOST_HELP } from "./namespaces.ts";
import { print, printJson } from "./output.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

/** `pulumi-netns trace`: shows the path of a ping and of its reply, and where it is dropped. */
export function trace(program: Command): void {
  withStackOptions(program.command("trace"))
    .summary("show the path of a ping and of its answer, and where it is lost")
    .description(
      "Follows a ping and its answer along the routes that the kernel would use now, hop by hop, through bridges, firewalls " +
        "and NAT, without sending packets. If the ping is lost, prints where, why and the remedy. " +
        `Exits with 0 if it is answered, and with ${NOT_ANSWERED} if it is lost or leaves this machine.`,
    )
    .argument("<from>", HOST_HELP)
    .argument("<to>", TARGET_HELP)
    .option("--json", "print JSON")
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns trace red blue\n  $ pulumi-netns trace red 8.8.8.8 --json")
    .action((from: string, to: string, { json, ...options }: StackOptions & { json?: true }) =>
      withStack(options, async ({ view }) => {
        const host = findHost(view, from);
        await enterWords(host);
        const targets = await findTargets(view, labHost(), to);
        const traces = await Promise.all(targets.map((target) => follow(labHost(), host.namespace, target)));
        if (json) printJson({ project: view.project, stack: view.stack, traces });
        else print(traces.map(showTrace).join("\n\n"));
        if (!traces.every(({ outcome }) => outcome.kind === "answered")) process.exitCode = NOT_ANSWERED;
      }),
    );
}

const NOT_ANSWERED = 3;
