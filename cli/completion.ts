import { Argument, type Command } from "commander";
import { readStack, type StackView } from "../inspect/stack.ts";
import { hostsOf, machinesOf } from "../inspect/stack-hosts.ts";
import { linkNamesOf, linksIn } from "../inspect/stack-links.ts";
import { processesIn } from "../inspect/stack-processes.ts";
import { completions, type StackNameKind, type StackNames } from "./completions.ts";
import { findHost } from "./namespaces.ts";
import { print } from "./output.ts";
import { stackPlace } from "./stack-options.ts";

/** `pulumi-netns completion`: prints the completion script of a shell; also adds the hidden command that the script calls. */
export function completion(program: Command): void {
  program
    .command("completion")
    .summary("print a completion script for a shell")
    .description(
      "Prints a shell script that completes the commands and options of pulumi-netns, and the names of the stack's hosts, " +
        "links and processes.",
    )
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", EXAMPLES)
    .action((shell: string) => print(SCRIPTS[shell] ?? ""));

  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: string[]) => {
      for (const { word, description } of await completions(program, words, names))
        print(description === "" ? word : `${word}\t${description.replaceAll(/\s+/g, " ")}`);
    });
}

const EXAMPLES = `
Examples:
  $ source <(pulumi-netns completion bash)        # in ~/.bashrc
  $ source <(pulumi-netns completion zsh)         # in ~/.zshrc, after compinit
  $ pulumi-netns completion fish | source         # in ~/.config/fish/config.fish`;

/** Without a stack there are no names. Errors are ignored, because completion must not print any. */
const names: StackNames = async (what, { cwd = ".", ...given }, previous) => {
  try {
    const view = await readStack(stackPlace({ cwd, ...given }));
    return NAMES[what](view, previous);
  } catch {
    return [];
  }
};

const NAMES: Readonly<Record<StackNameKind, (view: StackView, previous: string) => readonly string[]>> = {
  hosts: (view) => [...hostsOf(view), ...machinesOf(view)].map(({ name }) => name),
  interfaces: (view, host) => linksIn(view, findHost(view, host)),
  links: linkNamesOf,
  processes: (view) => processesIn(view).map(({ name }) => name),
};

// Each script calls the command with the words up to the cursor, and completes files if it gets no candidates. The shells treat
// candidates as data: names are not expanded.
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_pulumi_netns() {
  mapfile -t COMPREPLY < <("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1)
}
complete -o default -F _pulumi_netns pulumi-netns`,

  zsh: `_pulumi_netns() {
  local line
  local -a offers
  for line in "\${(@f)$("\${(Q)words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] || offers+=("\${\${line%%$'\\t'*}//:/\\\\:}\${\${(M)line%%$'\\t'*}:+:\${line#*$'\\t'}}")
  done
  if (( $#offers )); then _describe word offers; else _files; fi
}
compdef _pulumi_netns pulumi-netns`,

  fish: `function __pulumi_netns
  set -l words (commandline -opc)
  set -l offers ($words[1] complete -- $words[2..] (commandline -ct) 2>/dev/null)
  if test (count $offers) -gt 0
    printf '%s\\n' $offers
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c pulumi-netns -f -a '(__pulumi_netns)'`,
};
