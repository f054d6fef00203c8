import { SHARED_OPTIONS, type SshAddress } from "./ssh.ts";

/** The input of a program on another machine. */
export type RemoteInput =
  /** A terminal. */
  | "terminal"
  /** The input of ssh, which is no terminal. */
  | "stream"
  /** Nothing. The program is ended when the input of ssh ends, because signals do not reach it. */
  | "none";

/**
 * Returns the command that runs one program on another machine, over a connection of its own, with the output and the exit code of that
 * program. The words are data: they are escaped so that no login shell finds anything to interpret in them.
 */
export const sshProgram = (
  { to, sudo }: SshAddress,
  words: readonly string[],
  input: RemoteInput,
): [string, ...string[]] => [
  "ssh",
  ...(input === "terminal" ? ["-tt"] : ["-T"]),
  ...SHARED_OPTIONS,
  "--",
  to,
  `exec ${sudo ? "sudo -n " : ""}sh -c 'PATH=$PATH:/usr/sbin:/sbin; export PATH; ${DECODE}; ${input === "none" ? RUN_UNTIL_INPUT_ENDS : 'exec "$@"'}' sh ${words.map(encoded).join(" ")}`,
];

/** Returns a word in which all but plain characters are octal numbers of `printf %b`. */
const encoded = (word: string): string =>
  `'${[...Buffer.from(word)].map((byte) => (PLAIN.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, "0")}`)).join("")}'`;

const PLAIN = /^[\w@%+=:,./-]$/;

// A command substitution removes the newlines at the end, hence the dot.
const DECODE =
  'count=$#; while [ "$count" -gt 0 ]; do word=$(printf "%b." "$1"); shift; set -- "$@" "${word%.}"; count=$((count - 1)); done';

const RUN_UNTIL_INPUT_ENDS =
  'exec 3<&0; "$@" </dev/null 3<&- & program=$!; { cat <&3; kill "$program"; } >/dev/null 2>&1 & watch=$!; ' +
  'wait "$program"; code=$?; kill "$watch" 2>/dev/null; exit "$code"';
