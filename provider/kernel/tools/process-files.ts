import { type Command, shellWords } from "../command.ts";
import type { ProcessPaths } from "./process.ts";
import { MEMBERS_FUNCTION } from "./process-members.ts";

/** Writes a file below a folder, both of which are created. A script, which begins with `#!`, is executable. No error shows its text. */
export const writeFileBelow = (folder: string, name: string, text: string, isSecret: boolean): Command => ({
  tool: "sh",
  args: ["-c", WRITE_SCRIPT, "pulumi-netns", `${folder}/${name}`, modeOf(text, isSecret)],
  stdin: text,
  // A delete keeps the folder of the folder as long as another process has files.
  subject: folder,
  display: shellWords(["tee", "--", `${folder}/${name}`]),
});

/** Removes a folder of files, a note and a log, and then their folder if it is empty. */
export const removePaths = ({ files, note, log }: Partial<ProcessPaths>, parent: string): Command => {
  const paths = [files, note, log].filter((path) => path !== undefined);
  return {
    tool: "sh",
    args: ["-c", REMOVE_SCRIPT, "pulumi-netns", parent, ...paths],
    display: shellWords(["rm", "-rf", "--", ...paths]),
  };
};

/** Writes the note of the files and triggers that a process has loaded. */
export const writeNote = (path: string, text: string): Command => ({
  tool: "sh",
  args: ["-c", NOTE_SCRIPT, "pulumi-netns", path, text],
  display: `echo ${text} > ${path}`,
});

/** Sends a signal to the program with a mark, and not to the children that it has started. */
export const signalProcess = (mark: string, signal: string): Command => ({
  tool: "sh",
  args: ["-c", `${MEMBERS_FUNCTION}\n${SIGNAL_SCRIPT}`, "pulumi-netns", mark, signal.replace(/^SIG/, "")],
  display: `kill -s ${signal.replace(/^SIG/, "")} PID`,
});

function modeOf(text: string, isSecret: boolean): string {
  if (text.startsWith("#!")) return isSecret ? "700" : "755";
  return isSecret ? "600" : "644";
}

const WRITE_SCRIPT = `
umask 022
mkdir -p -- "$(dirname -- "$1")" || exit
umask 077
[ ! -d "$1" ] || rm -r -- "$1" || exit
cat >"$1" && chmod "$2" -- "$1"`;

// Another delete may remove the parent at the same time.
const REMOVE_SCRIPT = `
parent=$1
shift
rm -rf -- "$@" && {
  [ ! -d "$parent" ] || rmdir --ignore-fail-on-non-empty -- "$parent" || [ ! -d "$parent" ]
}`;

const NOTE_SCRIPT = `mkdir -p -- "$(dirname -- "$1")" && printf '%s\\n' "$2" >"$1"`;

// The keeper of a program leads the session and is the program's parent. A program that daemonized itself has no keeper.
const SIGNAL_SCRIPT = `
pids=$(members "$1")
[ -n "$pids" ] || { echo "no process has the mark $1" >&2; exit 1; }
program=$(ps -o pid= -o ppid= -o sid= -p "$(echo $pids | tr ' ' ',')" | while read -r pid parent session; do
  [ "$parent" != "$session" ] || echo "$pid"
done)
kill -s "$2" \${program:-$pids}`;
