import type { KernelClient } from "./kernel/kernel.ts";
import { readFile } from "./kernel/tools/files.ts";
import { withHelp } from "./message.ts";

/**
 * Returns a warning about files of a namespace that should replace files of the lab host which do not exist there. `ip netns exec`
 * mounts one over the other, and starts the program even if that fails. Undefined if each can be mounted.
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
