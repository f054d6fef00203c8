import { linux } from "../../../provider/kernel/client/linux.ts";
import type { KernelClient } from "../../../provider/kernel/kernel.ts";
import { type Sandbox, sandbox } from "../../../tools/sandbox.ts";
import { openNearLabHosts } from "../near-lab-hosts.ts";
import { type Facts, OUTSIDE } from "./fact-names.ts";
import { plugHardware } from "./hardware.ts";
import { LAB_HOSTS } from "./lab.ts";
import { type Machines, observe } from "./observe.ts";

/** A lab host, or several, on which lives run in sequence. */
export interface Ground extends AsyncDisposable {
  readonly host: Sandbox;
  readonly machines: Machines;
  /** The facts before and after each life. */
  readonly before: Facts;
  /** Returns a kernel client for a new process. */
  kernel(): KernelClient;
}

/** A lab host on which a test runs commands. */
export type Machine = Pick<Sandbox, "run" | "try">;

/** @param isFar Whether it has the lab hosts of the model, besides this machine. */
export async function openGround(isFar = false): Promise<Ground> {
  const host = await sandbox();
  await host.run("ip", "netns", "add", OUTSIDE);
  await host.run("ip", "-n", OUTSIDE, "link", "set", "dev", "lo", "up");
  const far = isFar ? await openNearLabHosts(host, Object.keys(LAB_HOSTS)) : undefined;
  const machines: Machines = new Map<string | undefined, Machine>([[undefined, host], ...(far?.machines ?? [])]);
  for (const [name, [, second]] of Object.entries(isFar ? LAB_HOSTS : {}))
    await machines.get(name)?.run("ip", "address", "add", `${second}/24`, "dev", "eth0");
  await plugHardware(host);
  return {
    ...{ host, machines },
    before: await observe(machines),
    kernel: () => linux(host.enter, host.root),
    async [Symbol.asyncDispose]() {
      await far?.[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** Runs a command as a user types it on this machine. One that begins with `ssh` runs on the lab host that it names. */
export function runTyped(machines: Machines, [program = "", ...words]: readonly string[]): ReturnType<Machine["try"]> {
  const [lab, first = "", ...rest] = program === "ssh" ? words : [undefined, program, ...words];
  const machine = machines.get(lab);
  if (machine === undefined) throw new Error(`no lab host ${lab}`);
  return machine.try(first, ...rest.flatMap((word) => word ?? []));
}
