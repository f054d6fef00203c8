import { resolve } from "node:path";
import { type LabHost, labHost } from "../inspect/lab-host.ts";
import { type Sandbox, sandbox } from "./sandbox.ts";
import { openStack, type Stack } from "./stack.ts";

/** Which lab is to be tested. */
export interface LabOptions {
  /** The folder of the Pulumi project, from where the tests are run. */
  readonly project: string;
  /** The stack's configuration; more can be set with {@link Lab.config}. */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** The stack's name. @default "dev" */
  readonly stack?: string;
  /** More environment variables for `pulumi`, such as a `PULUMI_HOME` that has the plugins of other packages. */
  readonly env?: Readonly<Record<string, string>>;
  /** Puts into the sandbox what the lab finds around it, such as a host of the LAN, before anything else happens. */
  readonly around?: (sandbox: Sandbox) => Promise<unknown>;
}

/** A lab in a sandbox: its project's stack, run by the real engine, and the hosts that it makes. */
export interface Lab
  extends Pick<Stack, "config" | "up" | "preview" | "refresh" | "destroy" | "output">,
    AsyncDisposable {
  /** What stands for the lab host. It needs no root, and ends with the lab. */
  readonly sandbox: Sandbox;
  /** A namespace by its name, or the lab host itself: what the matchers look at. */
  host(namespace?: string): Host;
  /**
   * Runs a program in a namespace and gives what it prints.
   *
   * @throws Error with what it said, when it fails.
   */
  exec(namespace: string, program: string, ...args: string[]): Promise<string>;
}

/** A place of a lab: a namespace, or the lab host itself. */
export interface Host {
  /** The namespace's name; undefined for the lab host. */
  readonly namespace: string | undefined;
  /** Where it is. */
  readonly labHost: LabHost;
  /** Runs a program there and gives what it prints. */
  exec(program: string, ...args: string[]): Promise<string>;
}

/**
 * Opens a lab: a sandbox, and a stack of the project with a state of its own in a temporary folder. Nothing is made yet:
 * that is what {@link Lab.up} is for. It needs Linux, `ip`, `nft`, `ping`, `unshare` and `pulumi`, but no root, no login
 * and no network.
 *
 * @throws Error when user namespaces are not allowed, or `pulumi` finds no project.
 *
 * @example
 * await using lab = await openLab({ project: "./examples/seed", config: { stage: 5 } });
 * await lab.up();
 * await expect(lab.host("red")).toReach("192.168.15.2");
 */
export async function openLab({ project, config = {}, stack = "dev", env = {}, around }: LabOptions): Promise<Lab> {
  const box = await sandbox();
  try {
    await around?.(box);
    const pulumi = await openStack(box, resolve(project), stack, env);
    await pulumi.config(config);
    return over(box, pulumi);
  } catch (error) {
    await box[Symbol.asyncDispose]();
    throw error;
  }
}

function over(box: Sandbox, { config, up, preview, refresh, destroy, output, ...stack }: Stack): Lab {
  const labHostInside = labHost(box.enter);
  const host = (namespace?: string): Host => ({
    namespace,
    labHost: labHostInside,
    async exec(program, ...args) {
      const { code, stdout, stderr } = await labHostInside.run(namespace, program, ...args);
      if (code !== 0) {
        const where = namespace === undefined ? "" : ` in ${namespace}`;
        throw new Error(`${[program, ...args].join(" ")}${where}: exit ${code}\n${stdout}\n${stderr}`);
      }
      return stdout;
    },
  });
  return {
    config,
    up,
    preview,
    refresh,
    destroy,
    output,
    sandbox: box,
    host,
    exec: (namespace, program, ...args) => host(namespace).exec(program, ...args),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await box[Symbol.asyncDispose]();
    },
  };
}
