import { dirname } from "node:path";
import type { Command } from "./kernel/command.ts";

/**
 * Returns what to do after a file system had no room for a file, or a limit no room for a namespace. Both have the same error
 * message. Undefined if there is no advice.
 */
export function noSpaceAdvice({ tool, subject }: Command, said: string): string | undefined {
  const line = said.split("\n").find((text) => /no space left on device|disk quota exceeded/i.test(text));
  if (line === undefined) return undefined;
  if (/create a new network namespace/i.test(line)) return limit("a namespace", "user.max_net_namespaces");
  // `ip netns exec` gives each program mounts of its own.
  if (/^unshare failed/i.test(line)) return limit("a program in a namespace", "user.max_mnt_namespaces");
  const path = /['"‘ ](\/[^'"’:]+)/.exec(line)?.[1] ?? (tool === "sh" ? subject : undefined);
  if (path === undefined) return undefined;
  const folder = dirname(path);
  return `the file system of ${folder} is full, as \`df ${folder}\` or, for the number of files, \`df -i ${folder}\` shows. Delete files on it, or enlarge it`;
}

const limit = (object: string, key: string): string =>
  `a limit of this machine leaves no room for ${object}. Raise it: sysctl -w ${key}=100000`;
