import { Argument, type Command } from "commander";
import { print } from "./output.ts";

/** `pulumi-netns completion`: prints what makes a shell complete the commands and options. */
export function completion(program: Command): void {
  program
    .command("completion")
    .summary("print what makes a shell complete commands and options")
    .description("Prints a script that makes a shell complete the commands and options of pulumi-netns.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", EXAMPLES)
    .action((shell: string) => print(SCRIPTS[shell]?.(wordsOf(program)) ?? ""));
}

const EXAMPLES = `
Examples:
  $ source <(pulumi-netns completion bash)        # in ~/.bashrc
  $ source <(pulumi-netns completion zsh)         # in ~/.zshrc, after compinit
  $ pulumi-netns completion fish | source         # in ~/.config/fish/config.fish`;

/** A command and the words that may follow it. */
interface Words {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
  /** What its first argument may be, where that is one of a few words. */
  readonly choices: readonly string[];
}

const wordsOf = (program: Command): Words[] =>
  program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.flatMap(({ short, long }) => [short, long]), "--help"].filter(
      (option) => option !== undefined,
    ),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }));

const SCRIPTS: Readonly<Record<string, (words: readonly Words[]) => string>> = {
  bash: (words) => `_pulumi_netns() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases(words)}
    *) words="${all(words)}" ;;
  esac
  [ "$COMP_CWORD" -gt 1 ] || words="${all(words)}"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _pulumi_netns pulumi-netns`,

  zsh: (words) => `_pulumi_netns() {
  local words_here
  case "$words[2]" in
${cases(words).replaceAll("words=", "words_here=")}
    *) words_here="${all(words)}" ;;
  esac
  (( CURRENT > 2 )) || words_here="${all(words)}"
  compadd -- \${=words_here}
  (( CURRENT > 2 )) && _files
}
compdef _pulumi_netns pulumi-netns`,

  fish: (words) =>
    words
      .flatMap(({ name, summary, options, choices }) => [
        `complete -c pulumi-netns -n __fish_use_subcommand -f -a ${name} -d '${summary.replaceAll("'", "\\'")}'`,
        ...options
          .filter((option) => option.startsWith("--"))
          .map((option) => `complete -c pulumi-netns -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
        ...(choices.length === 0
          ? []
          : [`complete -c pulumi-netns -n '__fish_seen_subcommand_from ${name}' -f -a '${choices.join(" ")}'`]),
      ])
      .join("\n"),
};

const cases = (words: readonly Words[]): string =>
  words.map(({ name, options, choices }) => `    ${name}) words="${[...choices, ...options].join(" ")}" ;;`).join("\n");

const all = (words: readonly Words[]): string => [...words.map(({ name }) => name), "--help", "--version"].join(" ");
