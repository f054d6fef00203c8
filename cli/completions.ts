import type { Command, Option } from "commander";

/** A candidate for the word at the cursor, with its description. */
export interface Completion {
  readonly word: string;
  readonly description: string;
}

/** The things of a stack that a command takes by name. */
export type StackNameKind = "hosts" | "interfaces" | "links" | "processes";

/**
 * Returns the names of a stack's hosts, links or processes, or those of the interfaces of a host.
 *
 * @param previous The word before, which is the host of an interface.
 */
export type StackNames = (
  what: StackNameKind,
  options: Readonly<Record<string, string>>,
  previous: string,
) => Promise<readonly string[]>;

/**
 * Returns the candidates for the last of the words that follow the program's name. There are none if a file, or free text, is
 * expected.
 */
export async function completions(
  program: Command,
  words: readonly string[],
  names: StackNames,
): Promise<readonly Completion[]> {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const all = await candidates(program, before, last.startsWith("-"), names);
  return all.filter(({ word }) => word.startsWith(last));
}

async function candidates(program: Command, before: readonly string[], dashed: boolean, names: StackNames) {
  const at = before.findIndex((word) => !word.startsWith("-"));
  if (at === -1 || before[at] === "help") return dashed ? optionsOf(program) : commandsOf(program);
  const command = program.commands.find((one) => one.name() === before[at]);
  if (command === undefined) return [];
  const { given, pending, positionals, isOver } = parsed(command, before.slice(at + 1));
  if (pending !== undefined) return withoutDescription(pending.argChoices ?? []);
  if (dashed && !isOver) return optionsOf(command);
  const { registeredArguments } = command;
  const argument = registeredArguments[positionals.length];
  if (argument === undefined || given["all"] !== undefined) return [];
  const what = STACK_NAMES[argument.name()];
  return withoutDescription(
    what === undefined ? (argument.argChoices ?? []) : await names(what, given, positionals.at(-1) ?? ""),
  );
}

/** The arguments that take names of a stack, by their names in the help. */
const STACK_NAMES: Readonly<Record<string, StackNameKind>> = {
  host: "hosts",
  interface: "interfaces",
  from: "hosts",
  to: "hosts",
  words: "hosts",
  link: "links",
  process: "processes",
};

/** Parses the words of a command: the options with values, the option that expects a value, and the other words. */
function parsed({ options }: Command, words: readonly string[]) {
  const given: Record<string, string> = {};
  let pending: Option | undefined;
  const positionals: string[] = [];
  let isOver = false;
  for (const word of words) {
    if (pending !== undefined) {
      given[pending.attributeName()] = word;
      pending = undefined;
    } else if (isOver || !word.startsWith("-")) positionals.push(word);
    else if (word === "--") isOver = true;
    else {
      const option = options.find(({ short, long }) => short === word || long === word);
      if (option?.required) pending = option;
      else if (option !== undefined) given[option.attributeName()] = "";
    }
  }
  return { given, pending, positionals, isOver };
}

const commandsOf = (program: Command): Completion[] =>
  program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ word: command.name(), description: command.summary() || command.description() }));

const optionsOf = (command: Command): Completion[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ short, long, description }) =>
      [long, short].flatMap((word) => (word === undefined ? [] : [{ word, description: description }])),
    );

const withoutDescription = (words: readonly string[]): Completion[] => words.map((word) => ({ word, description: "" }));
