import { type Command, inNamespace, shellWords } from "../command.ts";
import { ENTER_FOLDER, EXPORT_VARIABLES, PROGRAM_PATH, READ_VARIABLES, variableLines } from "./process-members.ts";

/** A command that ends by itself. */
export interface Run {
  readonly namespace: string | undefined;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The standard input; undefined for none. */
  readonly stdin?: string | undefined;
  /** How long the command may run, in milliseconds. */
  readonly timeout: number;
  /** What to do after it failed, in addition to the advice by its output. */
  readonly remedy?: string;
}

/**
 * Runs a command of a program to its end. The command fails with its last lines of output if its exit code is not 0, or if it runs
 * longer than its timeout and is killed. Its environment has a `PATH` and the given variables only.
 */
export const runProgram = ({ namespace, command, env, cwd, stdin, timeout, remedy }: Run): Command => {
  const [program = "", ...args] = command;
  const options = [String(Object.keys(env).length), cwd, String(timeout / 1000), stdin === undefined ? "" : "input"];
  return {
    tool: "sh",
    namespace,
    args: ["-c", CLEAN_SCRIPT, "pulumi-netns", RUN_SCRIPT, ...options, ...command],
    // As arguments, the variables and the input would be visible to all users in the list of processes.
    stdin: `${variableLines(env)}${stdin ?? ""}`,
    waits: true,
    remedy,
    display: shellWords(inNamespace(namespace, program, args)),
  };
};

// The environment of pulumi contains secrets that a lab must not receive.
const CLEAN_SCRIPT = `
script=$1
shift
exec env -i "PATH=${PROGRAM_PATH}" /bin/sh -c "$script" pulumi-netns "$@"`;

// The exit code is that of a program that fails for its own reasons: its output is not an answer of the kernel. The output goes to files without a name: a child that stays in the background would keep a pipe open. The variables are
// exported last, since one of them may be the search path.
const RUN_SCRIPT = `
count=$1 cwd=$2 seconds=$3 input=$4
shift 4
${ENTER_FOLDER}
file=$(mktemp) && exec 3>"$file" 4<"$file" && rm -f -- "$file" || exit
file=$(mktemp) && exec 5>"$file" 6<"$file" && rm -f -- "$file" || exit
(
  timeout=$(command -v timeout) || exit
  set -- -- "$timeout" -k 5 "$seconds" "$@"
  ${READ_VARIABLES}
  [ -n "$input" ] || exec </dev/null
  ${EXPORT_VARIABLES}
  exec "$@" >&3 2>&5 3>&- 4<&- 5>&- 6<&-
)
code=$?
exec 3>&- 5>&-
if [ $code -eq 0 ]; then cat <&4; cat <&6 >&2; exit 0; fi
output=$({ cat <&4; cat <&6; } | tail -n 20)
if [ $code -eq 124 ]; then ending="was still running after $seconds s and was killed"
else ending="ended with exit code $code"; fi
if [ -n "$output" ]; then printf 'the command %s. Its output:\\n%s\\n' "$ending" "$output" >&2
else echo "the command $ending. It printed nothing" >&2; fi
exit 127`;
