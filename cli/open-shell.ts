import { basename } from "node:path";
import type { LabHost } from "../inspect/lab-host.ts";
import type { Place } from "../inspect/place.ts";
import { runInteractive } from "./run-command.ts";

/**
 * Opens the user's shell ($SHELL) in a place, with a prompt that shows a title, and returns its exit code. The files that the shell reads
 * for its prompt are on the lab host while it runs.
 *
 * @param more Environment variables to add on this machine; they may be secret, so they stand in no list of processes.
 */
export async function openShell(
  host: LabHost,
  place: Place,
  title: string,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { stdout } = await host.run(undefined, "sh", "-c", PREPARE);
  const [folder = "", own = "", zdotdir = ""] = stdout.split("\n");
  try {
    const { files = {}, env, args } = (SHELLS[basename(own)] ?? plain)({ folder, zdotdir });
    for (const [name, text] of Object.entries(files))
      await host.run(undefined, "sh", "-c", 'printf %s "$2" >"$1"', "sh", `${folder}/${name}`, text);
    // The prompt refers to the title by a variable, so that the shell does not interpret characters in it.
    const variables = Object.entries({ ...env, PULUMI_NETNS_PLACE: title }).map((pair) => pair.join("="));
    const command = host.command(place, ["env", ...variables, own, ...args], { reads: true });
    return await runInteractive(command, { env: more });
  } finally {
    await host.run(undefined, "rm", "-r", folder);
  }
}

/** Makes a folder, and prints its path, the user's shell, and the folder of the user's own files of zsh. */
const PREPARE =
  'mktemp -d "${TMPDIR:-/tmp}/pulumi-netns-shell-XXXXXX" && printf "%s\\n" "${SHELL:-/bin/sh}" "${ZDOTDIR-}"';

interface ShellFolder {
  /** The folder for the files. */
  readonly folder: string;
  /** The folder of the user's own files of zsh; empty for the default. */
  readonly zdotdir: string;
}

/** The way in which a shell gets its prompt. */
interface Prompted {
  /** Files of the folder that the shell reads at startup: each sources the user's own first; the last one then sets the prompt. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const SHELLS: Readonly<Record<string, (made: ShellFolder) => Prompted>> = {
  bash: ({ folder }) => ({
    files: { bashrc: "[ -f ~/.bashrc ] && . ~/.bashrc\nPS1='${PULUMI_NETNS_PLACE}:\\w\\$ '\n" },
    env: {},
    args: ["--rcfile", `${folder}/bashrc`],
  }),
  // The user's files are read as usual, with their own ZDOTDIR, which .zshenv may set.
  zsh: ({ folder, zdotdir }) => ({
    files: { ".zshenv": ZSHENV, ".zshrc": ZSHRC },
    env: { ZDOTDIR: folder, PULUMI_NETNS_ZDOTDIR: zdotdir },
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
