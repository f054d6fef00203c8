import { NAMESPACE_FOLDER } from "../client/namespace-files.ts";

/*
 * The processes with a mark: their environment contains it, their children inherit it and, unlike a process id, it is never
 * reused for another process. The shell scripts are constant: all values are arguments.
 */

/** Returns the variable that marks a process. */
export const markVariable = (mark: string): string => `PULUMI_NETNS_MARK=${mark}`;

/** Returns the file of a place's network namespace. */
export const networkFile = (namespace: string | undefined): string =>
  namespace === undefined ? "/proc/self/ns/net" : `${NAMESPACE_FOLDER}/${namespace}`;

/**
 * A shell function that prints the processes with a mark, and those in a session that one of them leads. A program that overwrites
 * its own environment with its title is still in the session that its keeper leads. Processes in another user namespace belong to
 * another lab host, although they are visible from this one.
 */
export const MEMBERS_FUNCTION = `
members() {
  marked=$(grep -lszxF -e "PULUMI_NETNS_MARK=$1" /proc/[0-9]*/environ | tr -dc '0-9\\n')
  [ -n "$marked" ] || return 0
  list=$(echo $marked | tr ' ' ',')
  ps -o pid= -o stat= -p "$list" -s "$list" | while read -r pid stat; do
    case $stat in Z*) continue ;; esac
    [ "/proc/$pid/ns/user" -ef /proc/self/ns/user ] && echo "$pid"
  done
}`;

/** The search path of programs that a lab starts. */
export const PROGRAM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * A part of a script that reads `$count` lines of {@link variableLines} into arguments before the others. A value may end in newlines, which
 * the shell would strip if no other character followed them. None is exported before all are read, since it may have the name of a variable of
 * the script.
 */
export const READ_VARIABLES = `
while [ "$count" -gt 0 ]; do
  IFS= read -r line
  variable=$(printf '%b.' "$line")
  set -- "\${variable%.}" "$@"
  count=$((count - 1))
done`;

/** A part of a script that exports the arguments before `--`, and leaves those after it. */
export const EXPORT_VARIABLES = `
while [ "$1" != -- ]; do
  export "$1"
  shift
done
shift`;

/** A part of a script that enters the folder of a program. An answer of the shell would name the script and its line. */
export const ENTER_FOLDER = `
cd -- "$cwd" 2>/dev/null || { echo "cwd: the folder $cwd does not exist, or cannot be entered" >&2; exit 127; }`;

/** Formats variables as lines for printf's %b. As arguments, they would be visible to all users in the list of processes. */
export const variableLines = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`)
    .join("");
