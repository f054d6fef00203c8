import type { LastingSandbox } from "../sandbox/lasting.ts";
import * as testing from "../testing/sandbox.ts";

export type { Answer } from "../testing/sandbox.ts";

/** A sandbox that can return the JSON output of `ip`. */
export interface Sandbox extends testing.Sandbox {
  /** Runs `ip -json` in the sandbox. */
  ip(...args: string[]): Promise<any[]>;
}

/** Opens a sandbox of the testing library. */
export async function sandbox(options: { root?: boolean } = {}): Promise<Sandbox> {
  return withJson(await testing.sandbox(options));
}

/** Returns the sandbox of a project, which lasts longer than this process. */
export const sandboxOf = ({ pid, enter }: LastingSandbox): Sandbox =>
  withJson(testing.sandboxAt(pid, enter, () => Promise.resolve()));

function withJson(host: testing.Sandbox): Sandbox {
  return {
    ...host,
    ip: async (...args) => JSON.parse((await host.run("ip", "-json", ...args)) || "[]") as unknown[],
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** The timeout for asynchronous work of the kernel: it removes a deleted namespace's links with a short delay. */
export const SOON = { timeout: 10_000 };

/** Returns everything that a lab could leave behind, as text to compare. */
export async function traces({ run }: Sandbox): Promise<string> {
  const parts = [
    run("ls", "/run/netns"),
    run("ip", "-oneline", "-details", "link", "show"),
    run("ip", "-brief", "address", "show"),
    run("ip", "route", "show", "table", "all"),
    run("nft", "list", "ruleset"),
    run("sysctl", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"),
  ];
  return (await Promise.all(parts)).join("\n--\n");
}
