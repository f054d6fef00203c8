import type { Command } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/** Sets a key, in a namespace or on the lab host: `sysctl --write KEY=VALUE`. */
export const setSysctl = (namespace: string | undefined, key: string, value: string): Command => ({
  tool: "sysctl",
  namespace,
  args: ["--write", `${key}=${value}`],
  subject: key,
});

/** Reads the value of a key, as `sysctl` prints it; undefined if the key or the namespace does not exist. */
export const readSysctl = (
  kernel: KernelClient,
  namespace: string | undefined,
  key: string,
): Promise<string | undefined> =>
  runQuery(kernel, { tool: "sysctl", namespace, args: ["--values", key], query: true, subject: key });

/** Reads the values of keys; without those of keys that do not exist, and none if the namespace does not exist. */
export async function readSysctls(
  kernel: KernelClient,
  namespace: string | undefined,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const listing = await runQuery(kernel, { tool: "sysctl", namespace, args: ["--ignore", ...keys], query: true });
  return new Map([...(listing ?? "").matchAll(/^(\S+) = (.*)$/gm)].map(([, key = "", value = ""]) => [key, value]));
}
