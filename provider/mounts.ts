import type { KernelClient } from "./kernel/kernel.ts";
import { readFile } from "./kernel/tools/files.ts";
import { withHelp } from "./message.ts";

/**
 * Warns of files of a namespace that replace files of the lab host, where the lab host has none: `ip netns exec` mounts one over
 * the other, and starts the program all the same when that fails. Undefined when each can be mounted.
 */
export async function unmountable(
  kernel: KernelClient,
  namespace: string,
  paths: readonly string[],
): Promise<string | undefined> {
  const texts = await Promise.all(paths.map((path) => readFile(kernel, path)));
  const absent = paths.filter((_, index) => texts[index] === undefined);
  if (absent.length === 0) return undefined;
  return withHelp(
    `programs in namespace ${namespace} do not see ${absent.map((path) => `its ${path}`).join(" and ")}: it is mounted ` +
      "over the lab host's file, which does not exist or is a dangling symbolic link",
    `create ${absent.join(" and ")} on the lab host, or start the service that writes it, such as systemd-resolved`,
  );
}
