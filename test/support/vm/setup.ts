import { inject } from "vitest";
import { openSandboxesWith } from "../../../tools/sandbox.ts";
import type { ReachedMachine } from "./lab-host.ts";
import { machineSandbox } from "./machine-sandbox.ts";

// The sandboxes of these tests are in the virtual machine. The code of the tests is the same as on this machine.
const machine = inject("machine");
if (machine !== undefined) openSandboxesWith((options) => machineSandbox(machine.enter, options));

declare module "vitest" {
  export interface ProvidedContext {
    machine: ReachedMachine | undefined;
  }
}
