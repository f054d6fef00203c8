import { expect } from "vitest";
import { createLocks } from "../../provider/concurrency.ts";
import { displayCommand } from "../../provider/kernel/command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../../provider/kernel/kernel.ts";
import { NO_KILLED_RUN } from "../../provider/killed-run.ts";
import type { LifecycleContext } from "../../provider/lifecycle-context.ts";

/** Returns the context of a lifecycle over a kernel client, in which nothing has happened yet. */
export const contextOver = (kernel: KernelClient, more: Partial<LifecycleContext> = {}): LifecycleContext => ({
  kernel,
  withLocks: createLocks(),
  withSnapshot: (look) => look(kernel),
  claims: new Map(),
  held: new Set(),
  down: new Set(),
  ended: new Set(),
  unchanged: new Map(),
  killedRun: NO_KILLED_RUN,
  givenUp: new Map(),
  suspects: new Set(),
  warn: () => undefined,
  ...more,
});

/** An expected command, in shell notation, and its answer; without one it succeeds without output. */
export type Exchange = readonly [command: string, answer?: CommandResult];

/** Returns the answer of a command that prints JSON. */
export const tells = (value: unknown): CommandResult => ({ code: 0, stdout: JSON.stringify(value), stderr: "" });

/** Returns the answer of a command that fails. */
export const fails = (stderr: string, code = 2): CommandResult => ({ code, stdout: "", stderr });

/** The query after the create of a bridge on the lab host, whether firewalls filter switched packets; the answer is no. */
export const UNFILTERED: Exchange = [
  "sysctl --values net.bridge.bridge-nf-call-iptables",
  { code: 0, stdout: "0\n", stderr: "" },
];

/** Returns the query for the settings that the kernel writes together with a switch; by default there are none. */
export function besides(key: string, files: Readonly<Record<string, string>> = {}, namespace?: string): Exchange[] {
  const patterns =
    key === "net.ipv4.ip_forward" || key === "net.ipv4.conf.all.forwarding"
      ? "/proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/all/accept_redirects"
      : /^net\.ipv6\.conf\.all\.(forwarding|disable_ipv6|disable_policy|ignore_routes_with_linkdown)$/.test(key)
        ? `/proc/sys/net/ipv6/conf/*/${key.split(".").at(-1)}`
        : undefined;
  if (patterns === undefined) return [];
  const stdout = Object.entries(files).map(([path, value]) => `/proc/sys/net/${path}:${value}\n`);
  const inside = namespace === undefined ? "" : `ip netns exec ${namespace} `;
  return [[`${inside}grep -s '' ${patterns}`, { code: 0, stdout: stdout.join(""), stderr: "" }]];
}

/** Runs work over a kernel that answers from a script, and expects exactly these commands in this order. */
export async function scripted<T>(script: readonly Exchange[], work: (kernel: KernelClient) => Promise<T>): Promise<T> {
  const left = [...script];
  const strays: string[] = [];
  const kernel = oneByOne(async (command) => {
    const [expected, answer] = left[0] ?? [];
    if (displayCommand(command) !== expected) {
      strays.push(displayCommand(command));
      throw new Error(`not in the script: ${displayCommand(command)}`);
    }
    left.shift();
    return answer ?? { code: 0, stdout: "", stderr: "" };
  });
  try {
    return await work(kernel);
  } finally {
    expect({ left, strays }).toEqual({ left: [], strays: [] });
  }
}

/** A kernel on which no command may run. */
export const untouched = oneByOne(async (command) => {
  throw new Error(`nothing was to be run, and there came: ${displayCommand(command)}`);
});
