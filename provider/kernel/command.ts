import type { Family } from "../cidr.ts";

/** One command for the kernel's own tools. A command is data throughout: no part of it is ever interpreted by a shell. */
export type Command = IpCommand | ToolCommand;

interface CommandContext {
  /** The network namespace to run in; absent for the lab host's own. */
  readonly namespace?: string | undefined;
  /** Whether the command only queries and makes no change. */
  readonly query?: true;
  /** The interface, setting or file that the command concerns; advice on a failure names it. */
  readonly subject?: string | undefined;
}

/** A command of `ip`, as its parts. */
export interface IpCommand extends CommandContext {
  readonly tool: "ip";
  /** The address family, if it does not follow from the words. */
  readonly family?: Family | undefined;
  readonly object: "address" | "link" | "neigh" | "netns" | "nexthop" | "route" | "rule" | "tuntap";
  readonly verb: string;
  readonly words: readonly string[];
}

/** A command of another tool. */
export interface ToolCommand extends CommandContext {
  readonly tool: "bridge" | "tc" | "nft" | "sysctl" | "wg" | "sh" | "cat" | "tee" | "mkdir" | "rm" | "getent";
  readonly args: readonly string[];
  readonly stdin?: string;
  /** The line that an error or a plan displays instead of the command. */
  readonly display?: string;
  /** What to do after the program failed, in addition to the advice by its output. */
  readonly remedy?: string | undefined;
  /** Whether the command may wait for a program, so that other commands must not wait for it. */
  readonly waits?: true;
}

/** Returns whether a command of `ip` can run in a process together with others, so that it needs no process of its own. */
export function isBatchable(command: Command): command is IpCommand {
  return (
    command.tool === "ip" &&
    BATCHABLE[command.object].includes(command.verb) &&
    command.words.every((word) => PLAIN_WORD.test(word))
  );
}

/** Commands that leave no state in the `ip` process. A `link show` does: after it, `address show` shows no addresses. */
const BATCHABLE: Readonly<Record<IpCommand["object"], readonly string[]>> = {
  address: ["show", "add", "delete"],
  link: ["add", "set", "delete", "property"],
  neigh: ["show", "add", "replace", "delete"],
  netns: ["add", "delete"],
  nexthop: ["show", "add", "replace", "delete"],
  route: ["show", "add", "replace", "delete"],
  rule: ["show", "add", "delete"],
  tuntap: ["add"],
};

/** A word that is allowed in a line of a batch, where quotes have a meaning, escapes do not exist, and `#` begins a comment. */
const PLAIN_WORD = /^[^\s"'\\#]+$/;

/** Returns whether one process can make two changes: a process has one namespace and one default family. */
const canShareProcess = (one: Command, other: Command): boolean =>
  isBatchable(one) &&
  isBatchable(other) &&
  one.namespace !== undefined &&
  one.namespace === other.namespace &&
  batchFamily(one) === batchFamily(other) &&
  !one.query &&
  !other.query;

/** Returns how many of the first commands of a list one process can run: at least one. */
export function processShare([first, ...others]: readonly [Command, ...Command[]]): number {
  const end = others.findIndex((other) => !canShareProcess(first, other));
  return 1 + (end === -1 ? others.length : end);
}

/** Returns the family that a batch must be started with; undefined for any. IPv4 is the default of `ip`. */
export const batchFamily = ({ family }: IpCommand): "inet6" | undefined => (family === "inet6" ? family : undefined);

/** Returns the program and arguments of a command, as a user on the lab host would type them. */
export const argv = (command: Command): [string, ...string[]] =>
  inNamespace(command.namespace, command.tool, argsOf(command));

/** Returns the arguments for a command's tool. */
export const argsOf = (command: Command): readonly string[] => (command.tool === "ip" ? ipArgs(command) : command.args);

/** Returns the standard input of a command. */
export const inputOf = (command: Command): string | undefined => (command.tool === "ip" ? undefined : command.stdin);

function ipArgs({ query, family, object, verb, words }: IpCommand): string[] {
  return [
    ...(query ? ["-json", "-details"] : []),
    ...(family === undefined ? [] : [family === "inet6" ? "-6" : "-4"]),
    ...[object, verb, ...words],
  ];
}

/** Returns the words that run a program in a namespace, or on the lab host. */
export function inNamespace(
  namespace: string | undefined,
  program: string,
  args: readonly string[],
): [string, ...string[]] {
  if (namespace === undefined) return [program, ...args];
  return ["ip", "bridge", "tc"].includes(program)
    ? [program, "-n", namespace, ...args]
    : ["ip", "netns", "exec", namespace, program, ...args];
}

/** Returns a command as the line that a user would type. */
export function displayCommand(command: Command): string {
  if (command.tool === "ip") return shellWords(argv(command));
  if (command.display !== undefined) return command.display;
  const line = shellWords(argv(command));
  return command.stdin === undefined ? line : `${line} <<'EOF'\n${command.stdin.trimEnd()}\nEOF`;
}

/** Joins words into a line, quoted for a shell. */
export const shellWords = (list: readonly string[]): string => list.map(shellQuote).join(" ");

function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
