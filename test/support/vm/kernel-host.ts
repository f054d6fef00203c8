import { inject } from "vitest";
import * as testing from "../../../testing/sandbox.ts";
import { sandboxAt } from "../../../testing/sandbox.ts";
import { type Sandbox, sandbox, withJson } from "../../../tools/sandbox.ts";
import { openStack, type Stack } from "../../../tools/stack.ts";

/** A lab host whose kernel has the features that the test file needs, and Pulumi's engine, which always runs on this machine. */
export interface KernelHost extends AsyncDisposable {
  /** The lab host, to check a lab and cause drift without the code under test. */
  readonly host: Sandbox;
  /** Opens a stack. The first `up` needs `flags`, so that its objects are on the lab host. */
  openStack(project: string): Promise<Stack>;
  /** The flags that set the configuration of a stack. */
  readonly flags: readonly string[];
}

/** Opens a lab host: a sandbox, or the virtual machine of the tests, which the provider then reaches by ssh from a sandbox. */
export async function openKernelHost(): Promise<KernelHost> {
  const machine = inject("machine");
  if (machine === undefined) {
    const host = await sandbox();
    return {
      ...{ host, flags: [], openStack: (project) => openStack(host, project) },
      [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
    };
  }
  const outside = await testing.sandbox();
  return {
    host: withJson(
      sandboxAt(0, [machine.enter], () => Promise.resolve()),
      undefined,
    ),
    openStack: (project) => openStack(outside, project, "dev", machine.env),
    flags: configured({ "pulumi-netns:host": machine.name }),
    [Symbol.asyncDispose]: () => outside[Symbol.asyncDispose](),
  };
}

/** Returns the flags of an `up` that sets configuration values, which is faster than a run of `pulumi config set` for each. */
export const configured = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
