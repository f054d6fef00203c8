import { oneByOne } from "../../provider/kernel/kernel.ts";
import { LabHost, type LabHostArgs } from "../../sdk/index.ts";
import type { Program } from "./engine/program.ts";
import { openEngine, type Run } from "./engine.ts";

/** Returns the preview of a program. It reaches no lab host. */
export function preview(
  program: () => unknown,
  config: Readonly<Record<string, string>> = {},
  stack = "dev",
): Promise<Run> {
  const kernel = () => oneByOne((command) => Promise.reject(new Error(`${command.tool} ran`)));
  const run: Program = () => void program();
  return openEngine({ project: "links", stack, kernel, config }).preview(run);
}

/** Returns a lab host with the address 192.0.2.1 for `lab1`, and so on. */
export const lab = (name: string, args: LabHostArgs = {}): LabHost =>
  new LabHost(name, { address: name.replace("lab", "192.0.2."), ...args });
