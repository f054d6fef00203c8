import type { LastingSandbox } from "../sandbox/lasting.ts";
import * as testing from "../testing/sandbox.ts";

export type { Answer } from "../testing/sandbox.ts";

/** A sandbox that can return the JSON output of `ip`. */
export interface Sandbox extends testing.Sandbox {
  /** Runs `ip -json` in the sandbox. */
  ip(...args: string[]): Promise<any[]>;
  /** The path of the sandbox's files on this machine; undefined if the sandbox is on another machine. */
  readonly root: string | undefined;
}

/** Opens a sandbox, as {@link openSandboxesWith} has set; by default one of the testing library. */
export const sandbox = (options: { root?: boolean } = {}): Promise<Sandbox> => open(options);

let open: typeof sandbox = async (options) => withRoot(await testing.sandbox(options));

/** Sets how this process opens sandboxes. */
export function openSandboxesWith(other: typeof sandbox): void {
  open = other;
}

/** Returns the sandbox of a project, which lasts longer than this process. */
export const sandboxOf = ({ pid, enter }: LastingSandbox): Sandbox =>
  withRoot(testing.sandboxAt(pid, enter, () => Promise.resolve()));

const withRoot = (host: testing.Sandbox): Sandbox => withJson(host, `/proc/${host.pid}/root`);

/** Returns a sandbox of the testing library with the JSON output of `ip`, and the path of its files. */
export function withJson(host: testing.Sandbox, root: string | undefined): Sandbox {
  return {
    ...host,
    root,
    ip: async (...args) => JSON.parse((await host.run("ip", "-json", ...args)) || "[]") as unknown[],
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** The timeout for asynchronous work of the kernel: it removes a deleted namespace's links with a short delay. */
export const SOON = { timeout: 30_000 };

/** Returns everything that a lab could leave behind, as text to compare. */
export const traces = ({ run }: Sandbox): Promise<string> => run("sh", "-c", TRACES);

/** One shell, because each program that is started in a sandbox costs as much as the command itself. */
const TRACES = [
  "ls /run/netns",
  "ip -oneline -details link show",
  "ip -brief address show",
  "ip route show table all",
  "nft list ruleset",
  "sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding",
].join(" && echo -- && ");
