import { afterAll, beforeAll } from "vitest";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import { type Engine, type EngineOptions, openEngine } from "./engine.ts";
import { openSshBed, type SshBed } from "./ssh-bed.ts";

/** The lab hosts of a test file, which the provider reaches by ssh. */
export interface FarHosts {
  readonly bed: SshBed;
  /** Returns the objects of each lab host, as text. */
  traces(): Promise<string[]>;
}

/** Opens lab hosts with an ssh server for all tests of a file. The `ssh` of the test process connects to them. */
export function farHostsForAll(...names: readonly string[]): FarHosts {
  const former = process.env["PATH"];
  let bed: SshBed;

  beforeAll(async () => {
    bed = await openSshBed(...names);
    Object.assign(process.env, bed.env);
  });

  afterAll(async () => {
    process.env["PATH"] = former;
    delete process.env["XDG_RUNTIME_DIR"];
    await bed[Symbol.asyncDispose]();
  });

  return {
    get bed() {
      return bed;
    },
    traces: () => Promise.all(names.map((name) => bed.host(name).traces())),
  };
}

/** Opens the engine of a stack whose objects are all on other machines than this one. */
export function openFarEngine(options: Omit<EngineOptions, "kernel" | "order" | "say">): Engine {
  const here = oneByOne((command) => Promise.reject(new Error(`${command.tool} ran on this machine`)));
  return openEngine({ ...options, kernel: () => here });
}
