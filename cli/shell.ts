import type { Command } from "commander";
import { findHost, HOST_HELP, requirePlace } from "./namespaces.ts";
import { openShell } from "./open-shell.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

/** `pulumi-netns shell`: an interactive shell in a namespace of the stack. */
export function shell(program: Command): void {
  withStackOptions(program.command("shell"))
    .summary("open a shell in a namespace")
    .description(
      "Opens your shell ($SHELL) in a namespace of the stack, with a prompt that shows the namespace. Exits with the exit " +
        "code of the shell.",
    )
    .argument("<host>", HOST_HELP)
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns shell red\n  $ pulumi-netns shell lab2/red --stack dev")
    .action((given: string, options: StackOptions) =>
      withStack(options, async ({ view, hosts }) => {
        const host = findHost(view, given);
        await requirePlace(hosts, host);
        const title = `${view.project}/${view.stack}:${host.name}`;
        process.exitCode = await openShell(hosts.on(host.host), host.namespace, title);
      }),
    );
}
