import type { LabHost } from "../inspect/lab-host.ts";
import { MissingToolError } from "../provider/missing-tool.ts";
import { setgroupsFilter } from "./setgroups-filter.ts";

/** The options of a capture. */
export interface TcpdumpOptions {
  /** The pcap file; `-` for standard output; absent for lines of text. */
  readonly write?: string;
  /** The number of packets. */
  readonly count?: number;
}

/**
 * Returns the words that run tcpdump on an interface. On a lab host with only one user, many builds of tcpdump fail without a filter of
 * the system call `setgroups`: `hasFilter` is false if such a filter is needed and cannot be installed.
 *
 * @param name The name of the lab host; undefined for this machine.
 * @throws MissingToolError if tcpdump is not installed on the lab host.
 */
export async function tcpdumpWords(
  host: LabHost,
  name: string | undefined,
  link: string,
  options: TcpdumpOptions,
): Promise<{ readonly words: string[]; readonly hasFilter: boolean }> {
  const { stdout } = await host.run(undefined, "sh", "-c", PROBE);
  const seen = stdout.trim().split("\n");
  if (!seen.includes("tcpdump")) throw new MissingToolError("tcpdump").at(name);
  const [machine = ""] = seen;
  const filter = seen.includes("deny") ? setgroupsFilter({ machine, hasPerl: seen.includes("perl") }) : [];
  // Many builds of tcpdump drop root privileges, and the other user may not be able to write the file.
  const asRoot = filter === undefined ? [] : ["-Z", "root"];
  return {
    words: [...(filter ?? []), "tcpdump", ...asRoot, ...captureWords(link, options)],
    hasFilter: filter !== undefined,
  };
}

/** Prints the architecture of a lab host, `deny` if no process there can change its user or groups, and the programs that it has. */
const PROBE = `
uname -m
cat /proc/self/setgroups
for tool in tcpdump perl; do command -v "$tool" >/dev/null && echo "$tool"; done`;

/** Returns the arguments of tcpdump for a capture on a link. */
export const captureWords = (link: string, { write, count }: TcpdumpOptions): string[] => [
  ...["-i", link],
  ...(count === undefined ? [] : ["-c", String(count)]),
  // Flush each line or packet immediately, because a user is watching.
  ...(write === undefined ? ["-n", "-l"] : ["-U", "-w", write]),
];
