import { access } from "node:fs/promises";
import type { CommandResult } from "../kernel.ts";

/**
 * The folder in which `ip` keeps a file for each named namespace. `ip` itself uses /var/run, a symbolic link, which for
 * a lab host that is accessed from outside would lead back to this machine's own /run.
 */
export const NAMESPACE_FOLDER = "/run/netns";

/**
 * Returns the result that `ip` gives for a namespace that does not exist, without starting a process. Undefined if the namespace
 * may exist, which only a process can find out.
 *
 * @param root The path of the lab host's files, if they can be reached.
 */
export async function missingNamespaceResult(
  root: string | undefined,
  namespace = "",
): Promise<CommandResult | undefined> {
  if (root === undefined || namespace.includes("/")) return undefined;
  if (await mayExist(`${root}${NAMESPACE_FOLDER}/${namespace}`)) return undefined;
  // If the folder does not exist, `ip` has created no namespace yet, or keeps them elsewhere.
  if (!(await mayExist(`${root}${NAMESPACE_FOLDER}`))) return undefined;
  return { code: 255, stdout: "", stderr: `Cannot open network namespace "${namespace}": No such file or directory\n` };
}

/** Returns whether a file exists or may exist: false only if it is certainly missing. */
const mayExist = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && "code" in error && error.code === "ENOENT"),
  );
