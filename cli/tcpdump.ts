import { hasOneUser, setgroupsFilter } from "./setgroups-filter.ts";

/** The options of a capture. */
export interface TcpdumpOptions {
  /** The pcap file; `-` for standard output; absent for lines of text. */
  readonly write?: string;
  /** The number of packets. */
  readonly count?: number;
}

/**
 * Returns the command that runs tcpdump on an interface. In a sandbox with only one user, many builds of tcpdump fail without a filter of
 * the system call `setgroups`: `hasFilter` is false if such a filter is needed and cannot be installed.
 */
export function tcpdumpWords(
  link: string,
  options: TcpdumpOptions,
): { readonly words: string[]; readonly hasFilter: boolean } {
  const spared = hasOneUser() ? setgroupsFilter() : [];
  // Many builds of tcpdump drop root privileges, and the other user may not be able to write the file.
  const asRoot = spared === undefined ? [] : ["-Z", "root"];
  const words = [...(spared ?? []), "tcpdump", ...asRoot, ...captureWords(link, options)];
  return { words, hasFilter: spared !== undefined };
}

/** Returns the arguments of tcpdump for a capture on a link. */
export const captureWords = (link: string, { write, count }: TcpdumpOptions): string[] => [
  ...["-i", link],
  ...(count === undefined ? [] : ["-c", String(count)]),
  // Flush each line or packet immediately, because a user is watching.
  ...(write === undefined ? ["-n", "-l"] : ["-U", "-w", write]),
];

/** The error of a capture without tcpdump. */
export const NO_TCPDUMP = [
  "`tcpdump` is not installed",
  "install it with the system's package manager, e.g. apt-get install tcpdump",
] as const;
