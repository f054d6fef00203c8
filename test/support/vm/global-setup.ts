import type { TestProject } from "vitest/node";
import { elsewhere } from "./features.ts";
import { openMachineHost } from "./lab-host.ts";

/** Starts the virtual machine before a run of tests, and stops it after the run. */
export default async function start({ provide }: TestProject): Promise<() => Promise<void>> {
  const { kernel = "" } = elsewhere();
  const { reached, stop } = await openMachineHost(kernel);
  provide("machine", reached);
  return stop;
}
