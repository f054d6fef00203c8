import { type Command, inNamespace, shellWords } from "../command.ts";
import { type KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/** Reads a file on the lab host; undefined if it does not exist. */
export const readFile = (kernel: KernelClient, path: string): Promise<string | undefined> =>
  runQuery(kernel, { tool: "cat", args: ["--", path], query: true });

/**
 * Reads the files that match shell patterns, as a namespace sees them. The patterns are constants of this package: none comes
 * from a program.
 */
export async function readFiles(
  kernel: KernelClient,
  namespace: string | undefined,
  patterns: readonly string[],
): Promise<{ path: string; text: string }[]> {
  // A snapshot identifies a query by its displayed text, so the text contains the namespace.
  const display = `${shellWords(inNamespace(namespace, "grep", ["-s", ""]))} ${patterns.join(" ")}`;
  const args = ["-c", READ_SCRIPT, "pulumi-netns", ...patterns];
  const listed = await runQuery(kernel, { tool: "sh", namespace, args, display, query: true });
  return (listed ?? "").split("\n").flatMap((line) => {
    const [path, text] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
    return path === "" ? [] : [{ path, text }];
  });
}

// Unquoted, so that the shell expands the patterns.
const READ_SCRIPT = "grep -Hs '' $*; :";

/** Writes a file in place, so that a process that has it open or mounted sees the new text. Its folder must exist. */
export const writeFile = (path: string, text: string): Command => ({ tool: "tee", args: ["--", path], stdin: text });

/** Removes a file; for a symbolic link, the link itself. */
export const removeFile = (path: string): Command => ({ tool: "rm", args: ["-f", "--", path] });

/** Creates a folder and its parents, if they do not exist. */
export const createFolder = (path: string): Command => ({ tool: "mkdir", args: ["-p", "--", path] });

/**
 * Removes files, and then the folders that are empty, in the given order. It is one command, since after a crash between two
 * commands no file would be left to find the folders by.
 */
export const removeFilesAndFolders = (files: readonly string[], folders: readonly string[]): Command => ({
  tool: "sh",
  args: ["-c", REMOVE_SCRIPT, "pulumi-netns", ...files, ...folders],
  display: [
    ...(files.length > 0 ? [shellWords(["rm", "-f", "--", ...files])] : []),
    shellWords(["rmdir", "--ignore-fail-on-non-empty", "--", ...folders]),
  ].join(" && "),
});

const REMOVE_SCRIPT = `
for path; do
  if [ -d "$path" ] && [ ! -L "$path" ]; then
    # Another delete may remove the folder at the same time.
    rmdir --ignore-fail-on-non-empty -- "$path" || [ ! -d "$path" ]
  else
    rm -f -- "$path"
  fi || exit
done`;
