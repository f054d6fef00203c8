import { linux } from "../../../provider/kernel/client/linux.ts";
import type { KernelClient } from "../../../provider/kernel/kernel.ts";
import { type Sandbox, sandbox } from "../../../tools/sandbox.ts";
import { type Facts, OUTSIDE } from "./facts.ts";
import { observe } from "./observe.ts";

/** A lab host on which lives run in sequence. */
export interface Ground extends AsyncDisposable {
  readonly host: Sandbox;
  /** The facts before and after each life. */
  readonly before: Facts;
  /** Returns a kernel client for a new process. */
  kernel(): KernelClient;
}

export async function openGround(): Promise<Ground> {
  const host = await sandbox();
  await host.run("ip", "netns", "add", OUTSIDE);
  await host.run("ip", "-n", OUTSIDE, "link", "set", "dev", "lo", "up");
  return {
    host,
    before: await observe(host),
    kernel: () => linux(host.enter, host.root),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}
