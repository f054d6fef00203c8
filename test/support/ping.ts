import { vi } from "vitest";
import { SOON } from "../../tools/sandbox.ts";

/**
 * Pings an address from a namespace until there is an answer. A router forwards IPv6 only after duplicate address detection of its
 * link-local addresses has ended, a second or two after it was created. A WireGuard tunnel repeats a lost handshake after 5 s, and the
 * kernel reports a neighbor behind it as unreachable after 3 s, which ends a `ping` before its deadline.
 */
export const pingFrom = (host: Runs, from: string, to: string, ...words: string[]): Promise<string> =>
  vi.waitFor(() => host.run("ip", "netns", "exec", from, "ping", "-c1", "-w5", ...words, to), SOON);

/** Returns true if an address answers one ping from a namespace within a second. A test that expects an answer calls {@link pingFrom}. */
export const pings = async (host: Tries, from: string, to: string, ...words: string[]): Promise<boolean> =>
  (await host.try("ip", "netns", "exec", from, "ping", "-c1", "-W1", ...words, to)).code === 0;

interface Runs {
  run(program: string, ...args: string[]): Promise<string>;
}

interface Tries {
  try(program: string, ...args: string[]): Promise<{ readonly code: number }>;
}
