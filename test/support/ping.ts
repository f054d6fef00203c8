import { vi } from "vitest";
import { SOON } from "../../tools/sandbox.ts";

/**
 * Pings an address from a namespace until there is an answer. A router forwards IPv6 only after duplicate address detection of its
 * link-local addresses has ended, a second or two after it was created. A WireGuard tunnel repeats a lost handshake after 5 s, and the
 * kernel reports a neighbor behind it as unreachable after 3 s, which ends a `ping` before its deadline.
 */
export const pingFrom = (host: Runs, from: string, to: string, ...words: string[]): Promise<string> =>
  vi.waitFor(() => host.run("ip", "netns", "exec", from, "ping", "-c1", "-w5", ...words, to), SOON);

/** Sends one ping from a namespace, which fails if it is not answered within a second; the word `-W3` makes it three. */
export const pingOnce = (host: Runs, from: string, to: string, ...words: string[]): Promise<string> =>
  host.run(...pingCommand(from, to, words));

/** Returns whether an address answers such a ping. One that could not be sent is no loss, and fails. */
export async function pings(host: Tries, from: string, to: string, ...words: string[]): Promise<boolean> {
  const { code, stdout, stderr } = await host.try(...pingCommand(from, to, words));
  if (!stdout.includes(" packet loss")) throw new Error(stderr);
  return code === 0;
}

const pingCommand = (from: string, to: string, words: readonly string[]) =>
  ["ip", "netns", "exec", from, "ping", "-c1", "-W1", ...words, to] as const;

interface Runs {
  run(program: string, ...args: string[]): Promise<string>;
}

interface Tries {
  try(
    program: string,
    ...args: string[]
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}
