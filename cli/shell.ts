import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { enter, HOST_HELP, hostNamed } from "./hosts.ts";
import { onStack, type StackOptions, withStackOptions } from "./on-stack.ts";
import { attached } from "./run.ts";

/** `pulumi-netns shell`: an interactive shell in a namespace of the stack. */
export function shell(program: Command): void {
  withStackOptions(program.command("shell"))
    .summary("open a shell in a namespace")
    .description(
      "Opens a shell in a namespace of the stack: yours, as $SHELL names it, with a prompt that says where it is. Its exit " +
        "code is that of the command.",
    )
    .argument("<host>", HOST_HELP)
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns shell red\n  $ pulumi-netns shell red --stack dev")
    .action((given: string, options: StackOptions) =>
      onStack(options, async ({ view }) => {
        const host = hostNamed(view, given);
        const way = await enter(host);
        process.exitCode = await inShell(way, `${view.project}/${view.stack}:${host.name}`);
      }),
    );
}

async function inShell(way: readonly string[], place: string): Promise<number> {
  const own = process.env["SHELL"] ?? "/bin/sh";
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-shell-"));
  try {
    const { rc, env, args } = (SHELLS[basename(own)] ?? plain)(folder);
    if (rc !== undefined) await writeFile(rc.file, rc.text);
    // The prompt refers to the place by a variable, so that no character in a name means anything to a shell.
    return await attached([...way, own, ...args], { env: { ...env, PULUMI_NETNS_PLACE: place } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** How a shell is given a prompt. */
interface Prompted {
  /** A file that the shell reads when it starts: first the user's own, and then the prompt. */
  readonly rc?: { readonly file: string; readonly text: string };
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const SHELLS: Readonly<Record<string, (folder: string) => Prompted>> = {
  bash: (folder) => {
    const file = join(folder, "bashrc");
    const text = "[ -f ~/.bashrc ] && . ~/.bashrc\nPS1='${PULUMI_NETNS_PLACE}:\\w\\$ '\n";
    return { rc: { file, text }, env: {}, args: ["--rcfile", file] };
  },
  zsh: (folder) => {
    const file = join(folder, ".zshrc");
    const text = "[ -f ~/.zshrc ] && . ~/.zshrc\nsetopt prompt_subst\nPROMPT='${PULUMI_NETNS_PLACE}:%~%# '\n";
    return { rc: { file, text }, env: { ZDOTDIR: folder }, args: [] };
  },
  fish: () => ({ env: {}, args: ["--init-command", FISH] }),
};

/** fish has read the user's own prompt by then; a place goes before it. */
const FISH =
  "functions --copy fish_prompt pulumi_netns_prompt; " +
  "function fish_prompt; printf '%s ' $PULUMI_NETNS_PLACE; pulumi_netns_prompt; end";

/** Other shells know at least this variable. */
const plain = (): Prompted => ({ env: { PS1: "${PULUMI_NETNS_PLACE}$ " }, args: [] });
