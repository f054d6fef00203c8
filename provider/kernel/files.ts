import { ask } from "./ask.ts";
import type { Command, Kernel } from "./kernel.ts";

/** The text of a file on the lab host; undefined when there is none. */
export const readFile = (kernel: Kernel, path: string): Promise<string | undefined> =>
  ask(kernel, { tool: "cat", args: ["--", path] });

/** Writes a file in place: whoever has it open, or mounted, sees the new text. Its folder must be there. */
export const writeFile = (path: string, text: string): Command => ({ tool: "tee", args: ["--", path], stdin: text });

/** Removes a file; of a symbolic link, the link. */
export const removeFile = (path: string): Command => ({ tool: "rm", args: ["-f", "--", path] });

/** Makes a folder, and those above it, where they are not there. */
export const makeFolder = (path: string): Command => ({ tool: "mkdir", args: ["-p", "--", path] });

/** Removes folders that have nothing in them, in the given order; others stay. */
export const removeEmptyFolders = (...paths: readonly string[]): Command => ({
  tool: "rmdir",
  args: ["--ignore-fail-on-non-empty", "--", ...paths],
});
