import type { Kernel } from "./kernel/kernel.ts";
import { readFile } from "./kernel/tools/files.ts";

/**
 * Tells of files that a namespace is to have in the place of the lab host's, where the lab host has none: `ip netns exec` mounts
 * one over the other, and starts the program all the same when it cannot. Undefined when each can be mounted.
 */
export async function unmountable(
  kernel: Kernel,
  namespace: string,
  paths: readonly string[],
): Promise<string | undefined> {
  const texts = await Promise.all(paths.map((path) => readFile(kernel, path)));
  const absent = paths.filter((_, index) => texts[index] === undefined);
  if (absent.length === 0) return undefined;
  return (
    `Programs in the namespace ${namespace} do not see ${absent.map((path) => `its ${path}`).join(" and ")}: it is mounted ` +
    "over the lab host's file, which is not there, or is a symbolic link to a file that is not there.\n" +
    `  what to do: make ${absent.join(" and ")} on the lab host, or start the service that writes it, such as systemd-resolved`
  );
}
