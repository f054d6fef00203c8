import type { Sandbox } from "../../tools/sandbox.ts";

/**
 * Pings an address from a namespace. The ping waits, because a router forwards IPv6 only after duplicate address detection of its
 * link-local addresses has ended, a second or two after it was created.
 */
export const pingFrom = (host: Sandbox, from: string, to: string): Promise<string> =>
  host.run("ip", "netns", "exec", from, "ping", "-c1", "-w20", to);
