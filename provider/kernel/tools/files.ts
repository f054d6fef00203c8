import { type Command, inNamespace, words } from "../command.ts";
import { type Kernel } from "../kernel.ts";
import { ask } from "../query.ts";

/** The text of a file on the lab host; undefined when there is none. */
export const readFile = (kernel: Kernel, path: string): Promise<string | undefined> =>
  ask(kernel, { tool: "cat", args: ["--", path], query: true });

/**
 * The texts of the files that match patterns of a shell, as a namespace sees them. The patterns are part of this package: none
 * comes from a program.
 */
export async function readFiles(
  kernel: Kernel,
  namespace: string | undefined,
  patterns: readonly string[],
): Promise<{ path: string; text: string }[]> {
  // Looks are told apart by what is shown of them, so the namespace is part of it.
  const shown = `${words(inNamespace(namespace, "grep", ["-s", ""]))} ${patterns.join(" ")}`;
  const args = ["-c", READ, "pulumi-netns", ...patterns];
  const listed = await ask(kernel, { tool: "sh", namespace, args, shown, query: true });
  return (listed ?? "").split("\n").flatMap((line) => {
    const [path, text] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
    return path === "" ? [] : [{ path, text }];
  });
}

// Unquoted, so that the shell expands the patterns.
const READ = "grep -Hs '' $*; :";

/** Writes a file in place: whoever has it open, or mounted, sees the new text. Its folder must be there. */
export const writeFile = (path: string, text: string): Command => ({ tool: "tee", args: ["--", path], stdin: text });

/** Removes a file; of a symbolic link, the link. */
export const removeFile = (path: string): Command => ({ tool: "rm", args: ["-f", "--", path] });

/** Makes a folder, and those above it, where they are not there. */
export const makeFolder = (path: string): Command => ({ tool: "mkdir", args: ["-p", "--", path] });

/**
 * Removes files, and then the folders that have nothing left in them, in the given order. It is one command, since after a
 * crash between two nothing would tell of the folders.
 */
export const clearAway = (files: readonly string[], folders: readonly string[]): Command => ({
  tool: "sh",
  args: ["-c", CLEAR, "pulumi-netns", ...files, ...folders],
  shown: [
    ...(files.length > 0 ? [words(["rm", "-f", "--", ...files])] : []),
    words(["rmdir", "--ignore-fail-on-non-empty", "--", ...folders]),
  ].join(" && "),
});

const CLEAR = `
for path; do
  if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir --ignore-fail-on-non-empty -- "$path"; else rm -f -- "$path"; fi || exit
done`;
