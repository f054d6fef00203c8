/** One command for the kernel's own tools. It is data from end to end: no part of it is ever code for a shell. */
export interface Command {
  readonly tool: "ip" | "nft" | "sysctl" | "sh" | "cat" | "tee" | "mkdir" | "rm";
  /** The network namespace to act in; absent for the lab host's own. */
  readonly namespace?: string | undefined;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** What it amounts to, for an error or a plan to show in its place. */
  readonly shown?: string;
}

/** What a command answered, whether or not it did its work. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended the command: it may have done its work, or not. */
  readonly signal?: string;
}

/** The one door to the kernel. It never rejects because a command failed: that is an {@link Outcome} like any other. */
export interface Kernel {
  run(command: Command): Promise<Outcome>;
  /**
   * Does the first of these commands of one namespace, and those after it that can go with it, until one fails: an outcome
   * for each that was tried. Left out by a door that has no quicker way than {@link run}.
   */
  series?(commands: readonly Command[]): Promise<readonly Outcome[]>;
}

/** The program and arguments of a command, as a person on the lab host would give them. */
export const argv = ({ tool, namespace, args }: Command): [string, ...string[]] => inNamespace(namespace, tool, args);

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
export function show(command: Command): string {
  if (command.shown !== undefined) return command.shown;
  const line = words(argv(command));
  return command.stdin === undefined ? line : `${line} <<'EOF'\n${command.stdin.trimEnd()}\nEOF`;
}

/** Words as a shell would take them. */
export const words = (list: readonly string[]): string => list.map(quote).join(" ");

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
