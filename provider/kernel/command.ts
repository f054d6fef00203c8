import type { Family } from "../cidr.ts";

/** One command for the kernel's own tools. It is data from end to end: no part of it is ever code for a shell. */
export type Command = IpCommand | ToolCommand;

interface CommandContext {
  /** The network namespace to act in; absent for the lab host's own. */
  readonly namespace?: string | undefined;
  /** Whether it only queries, and changes nothing. */
  readonly query?: true;
  /** The interface or setting that it is about, which advice on a failure names. */
  readonly subject?: string | undefined;
}

/** A command of `ip`, in its parts. */
export interface IpCommand extends CommandContext {
  readonly tool: "ip";
  /** The family, where it does not follow from the words. */
  readonly family?: Family | undefined;
  readonly object: "address" | "link" | "netns" | "route";
  readonly verb: string;
  readonly words: readonly string[];
}

/** A command of another tool. */
export interface ToolCommand extends CommandContext {
  readonly tool: "nft" | "sysctl" | "sh" | "cat" | "tee" | "mkdir" | "rm";
  readonly args: readonly string[];
  readonly stdin?: string;
  /** The line that an error or a plan displays in its place. */
  readonly display?: string;
}

/** A command of `ip` that one process can run among others, so that it needs no process of its own. */
export function isBatchable(command: Command): command is IpCommand {
  return (
    command.tool === "ip" &&
    BATCHABLE[command.object].includes(command.verb) &&
    command.words.every((word) => PLAIN_WORD.test(word))
  );
}

/** Commands that leave no trace in the process that runs them. A `link show` does: after it, `address show` shows no addresses. */
const BATCHABLE: Readonly<Record<IpCommand["object"], readonly string[]>> = {
  address: ["show", "add", "delete"],
  link: ["add", "set", "delete", "property"],
  netns: ["add", "delete"],
  route: ["show", "add", "replace", "delete"],
};

/** A word that a line of a batch can have: there are quotes and no escapes, and a `#` begins a comment. */
const PLAIN_WORD = /^[^\s"'\\#]+$/;

/** Whether two changes can be made by one process: it is in one namespace, and knows one family by default. */
export const canShareProcess = (one: Command, other: Command): boolean =>
  isBatchable(one) &&
  isBatchable(other) &&
  one.namespace !== undefined &&
  one.namespace === other.namespace &&
  batchFamily(one) === batchFamily(other) &&
  !one.query &&
  !other.query;

/** The family that a batch must be started with; undefined for any. IPv4 is the default of `ip`. */
export const batchFamily = ({ family }: IpCommand): "inet6" | undefined => (family === "inet6" ? family : undefined);

/** The program and arguments of a command, as a person on the lab host would give them. */
export const argv = (command: Command): [string, ...string[]] =>
  inNamespace(command.namespace, command.tool, argsOf(command));

/** The arguments of a command's tool. */
export const argsOf = (command: Command): readonly string[] => (command.tool === "ip" ? ipArgs(command) : command.args);

/** What a command reads from its standard input. */
export const inputOf = (command: Command): string | undefined => (command.tool === "ip" ? undefined : command.stdin);

function ipArgs({ query, family, object, verb, words }: IpCommand): string[] {
  return [
    ...(query ? ["-json", "-details"] : []),
    ...(family === undefined ? [] : [family === "inet6" ? "-6" : "-4"]),
    ...[object, verb, ...words],
  ];
}

/** A program and its arguments, as they are given to be run in a namespace, or on the lab host. */
export function inNamespace(
  namespace: string | undefined,
  program: string,
  args: readonly string[],
): [string, ...string[]] {
  if (namespace === undefined) return [program, ...args];
  return program === "ip" ? ["ip", "-n", namespace, ...args] : ["ip", "netns", "exec", namespace, program, ...args];
}

/** A command as the line that a person would type. */
export function displayCommand(command: Command): string {
  if (command.tool === "ip") return shellWords(argv(command));
  if (command.display !== undefined) return command.display;
  const line = shellWords(argv(command));
  return command.stdin === undefined ? line : `${line} <<'EOF'\n${command.stdin.trimEnd()}\nEOF`;
}

/** Words as a shell would take them. */
export const shellWords = (list: readonly string[]): string => list.map(shellQuote).join(" ");

function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
