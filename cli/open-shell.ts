import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { runInteractive } from "./run-command.ts";

/**
 * Opens the user's shell ($SHELL) in a place, with a prompt that shows the place, and returns its exit code.
 *
 * @param way The words to put before a command that runs in the place.
 * @param more Environment variables to add.
 */
export async function openShell(
  way: readonly string[],
  place: string,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const own = process.env["SHELL"] ?? "/bin/sh";
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-shell-"));
  try {
    const { files = {}, env, args } = (SHELLS[basename(own)] ?? plain)(folder);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    // The prompt refers to the place by a variable, so that the shell does not interpret characters in its name.
    return await runInteractive([...way, own, ...args], { env: { ...more, ...env, PULUMI_NETNS_PLACE: place } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The way in which a shell gets its prompt. */
interface Prompted {
  /** Files of the folder that the shell reads at startup: each sources the user's own first; the last one then sets the prompt. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const SHELLS: Readonly<Record<string, (folder: string) => Prompted>> = {
  bash: (folder) => ({
    files: { bashrc: "[ -f ~/.bashrc ] && . ~/.bashrc\nPS1='${PULUMI_NETNS_PLACE}:\\w\\$ '\n" },
    env: {},
    args: ["--rcfile", join(folder, "bashrc")],
  }),
  // The user's files are read as usual, with their own ZDOTDIR, which .zshenv may set.
  zsh: (folder) => ({
    files: { ".zshenv": ZSHENV, ".zshrc": ZSHRC },
    env: { ZDOTDIR: folder, PULUMI_NETNS_ZDOTDIR: process.env["ZDOTDIR"] ?? "" },
    args: [],
  }),
  fish: () => ({ env: {}, args: ["--init-command", FISH] }),
};

const ZSHENV = `PULUMI_NETNS_FOLDER=$ZDOTDIR
ZDOTDIR=\${PULUMI_NETNS_ZDOTDIR:-$HOME}
[[ -f $ZDOTDIR/.zshenv ]] && . $ZDOTDIR/.zshenv
PULUMI_NETNS_ZDOTDIR=$ZDOTDIR
ZDOTDIR=$PULUMI_NETNS_FOLDER
`;

const ZSHRC = `ZDOTDIR=$PULUMI_NETNS_ZDOTDIR
unset PULUMI_NETNS_FOLDER PULUMI_NETNS_ZDOTDIR
[[ -f $ZDOTDIR/.zshrc ]] && . $ZDOTDIR/.zshrc
setopt prompt_subst
PROMPT='\${PULUMI_NETNS_PLACE}:%~%# '
`;

/** fish has read the user's own prompt by then; the place is put before it. */
const FISH =
  "functions --copy fish_prompt pulumi_netns_prompt; " +
  "function fish_prompt; printf '%s ' $PULUMI_NETNS_PLACE; pulumi_netns_prompt; end";

/** Other shells support at least this variable. */
const plain = (): Prompted => ({ env: { PS1: "${PULUMI_NETNS_PLACE}$ " }, args: [] });
