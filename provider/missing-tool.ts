import type { CommandResult } from "./kernel/kernel.ts";
import { UserError } from "./message.ts";

/** A program that a lab host needs and that is not installed there. */
export class MissingToolError extends UserError {
  constructor(tool: string) {
    super(notInstalled(tool), installHelp(tool));
  }
}

/** Returns the program that a command could not start, from its result; undefined if it was started. */
export function missingTool({ code, stderr, lost }: CommandResult): string | undefined {
  // The text of a lost connection is that of ssh. Of a program's own output, this line is only a part.
  if (lost !== undefined) return undefined;
  const patterns = code === NOT_FOUND ? [IN_SHELL, ...NOT_STARTED] : NOT_STARTED;
  const [, tool] = patterns.map((pattern) => pattern.exec(stderr.trim())).find((match) => match !== null) ?? [];
  return tool?.replace(/^.*\//, "");
}

/** The exit code of a shell for a program that does not exist, and its message. */
const NOT_FOUND = 127;
const IN_SHELL = /^(?:\S+: )+(?:line )?(?:\d+: )?(?:exec: )?([\w./-]+): (?:command )?not found$/;

/** The messages of `ip netns exec`, nsenter, env and Node about a program that does not exist. */
const NOT_STARTED = [
  /^exec of "([^"\n]+)" failed: No such file or directory$/,
  /^(?:nsenter: failed to execute|env:) ['‘]?([\w./-]+)['’]?: No such file or directory$/,
  /^(?:Command failed with ENOENT: .*\n)?spawn (\S+) ENOENT$/,
];

/** Returns the first line of an error about a program that is not installed. */
export const notInstalled = (tool: string): string => `${tool} is not installed`;

/** Returns how to install a program on the lab host that lacks it. */
export function installHelp(tool: string): string {
  const [name, { fedora = undefined } = {}] = PACKAGES[tool] ?? [];
  if (name === undefined) return `install ${tool} there with the system's package manager`;
  return `install the package ${name} there${fedora === undefined ? "" : `; in Fedora, ${fedora}`}`;
}

/** The package of each tool, by its name in Debian, and in Fedora if it differs. */
const PACKAGES: Readonly<Record<string, readonly [string, { readonly fedora: string }?]>> = {
  ...ofPackage(["iproute2", { fedora: "iproute" }], "ip", "bridge", "ss"),
  ...ofPackage(["iproute2", { fedora: "iproute-tc" }], "tc"),
  ...ofPackage(["nftables"], "nft"),
  ...ofPackage(["procps", { fedora: "procps-ng" }], "sysctl", "pgrep", "ps"),
  ...ofPackage(["wireguard-tools"], "wg"),
  ...ofPackage(["iputils-ping", { fedora: "iputils" }], "ping"),
  ...ofPackage(["tcpdump"], "tcpdump"),
  ...ofPackage(["conntrack", { fedora: "conntrack-tools" }], "conntrack"),
  ...ofPackage(["util-linux"], "nsenter", "unshare", "setsid", "mount", "flock"),
  ...ofPackage(["coreutils"], "cat", "tee", "mkdir", "rm", "mktemp", "timeout", "readlink", "env", "tail", "stat"),
  ...ofPackage(["libc-bin", { fedora: "glibc-common" }], "getent"),
};

function ofPackage<T>(name: T, ...tools: readonly string[]): Record<string, T> {
  return Object.fromEntries(tools.map((tool) => [tool, name]));
}
