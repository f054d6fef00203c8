import { access, statfs } from "node:fs/promises";
import type { CommandResult } from "../kernel.ts";

/**
 * Where `ip` keeps a file for each namespace that has a name. It says /var/run itself, which is a symbolic link, and one
 * that seen from outside of the lab host would lead back to here.
 */
export const NAMESPACE_FOLDER = "/run/netns";

/**
 * What `ip` would answer for a namespace that is not there, without a process to ask it. Undefined when the namespace may
 * be there, which only a process can tell.
 *
 * @param root Where the lab host's files are, if they can be reached.
 */
export async function missingNamespaceResult(
  root: string | undefined,
  namespace = "",
): Promise<CommandResult | undefined> {
  if (root === undefined || namespace.includes("/")) return undefined;
  if (await mayExist(`${root}${NAMESPACE_FOLDER}/${namespace}`)) return undefined;
  // Without the folder `ip` has made no namespace yet, or keeps them elsewhere.
  if (!(await mayExist(`${root}${NAMESPACE_FOLDER}`))) return undefined;
  return { code: 255, stdout: "", stderr: `Cannot open network namespace "${namespace}": No such file or directory\n` };
}

/**
 * Whether a namespace of this lab host has a name. `ip` mounts it on a file, and without the mount the file stays: `ip` lists
 * its name then, and can do nothing with it.
 */
export const namespaceExists = (namespace: string): Promise<boolean> =>
  statfs(`${NAMESPACE_FOLDER}/${namespace}`).then(
    ({ type }) => type === NSFS_MAGIC,
    () => false,
  );

/** The type of a file system that namespaces are files of. */
const NSFS_MAGIC = 0x6e736673;

/** Whether a file is there, or cannot be said not to be. */
const mayExist = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && "code" in error && error.code === "ENOENT"),
  );
