import { resolve } from "node:path";
import { type LabHost, labHost } from "../inspect/lab-host.ts";
import { placeAt } from "../inspect/place.ts";
import { type Host, hostIn } from "./host.ts";
import { openTestedLabHosts, type TestedLabHost, type TestedLabHosts } from "./lab-hosts.ts";
import { type Sandbox, sandbox } from "./sandbox.ts";
import { openStack, type Stack } from "./stack.ts";

/** Options of {@link openLab} and of `labTest`. */
export interface LabOptions {
  /** The folder of the Pulumi project, relative to the working directory of the tests. */
  readonly project: string;
  /** The stack's configuration. {@link Lab.config} sets more later. */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** The stack's name. @default "dev" */
  readonly stack?: string;
  /** Additional environment variables for `pulumi`, for example a `PULUMI_HOME` that contains plugins of other packages. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The lab hosts of the program (`LabHost`), by their names. Each is a part of the sandbox with a network stack of its own, and is reached
   * without ssh.
   */
  readonly hosts?: readonly (string | TestedLabHost)[];
  /** Prepares the sandbox before the stack is opened, for example with a host of the LAN around the lab. */
  readonly around?: (sandbox: Sandbox) => Promise<unknown>;
}

/** A lab in a sandbox: a stack of the project, run by the real engine, and the hosts that it creates. */
export interface Lab
  extends Pick<Stack, "config" | "up" | "preview" | "refresh" | "destroy" | "output">,
    AsyncDisposable {
  /** The sandbox that serves as the lab host. It needs no root and ends with the lab. */
  readonly sandbox: Sandbox;
  /**
   * Returns a namespace by its name, or the lab host without an argument; `on` names a lab host of {@link LabOptions.hosts}. The matchers
   * check the result.
   */
  host(namespace?: string, options?: { readonly on?: string }): Host;
  /**
   * Runs a program in a namespace and returns its standard output.
   *
   * @throws Error with the output, if the program fails.
   */
  exec(namespace: string, program: string, ...args: string[]): Promise<string>;
}

/**
 * Opens a lab: a sandbox, and a stack of the project whose state is in a temporary folder. {@link Lab.up} then creates the
 * resources. It requires Linux, `ip`, `nft`, `ping`, `unshare` and `pulumi`, but no root, no login and no network.
 *
 * @throws Error if user namespaces are not allowed, or `pulumi` finds no project.
 *
 * @example
 * await using lab = await openLab({ project: "./examples/seed", config: { stage: 5 } });
 * await lab.up();
 * await expect(lab.host("red")).toReach("192.168.15.2");
 */
export async function openLab({
  project,
  config = {},
  stack = "dev",
  env = {},
  hosts,
  around,
}: LabOptions): Promise<Lab> {
  const box = await sandbox();
  try {
    await around?.(box);
    const others = hosts && (await openTestedLabHosts(box, hosts));
    const path: Record<string, string> = others === undefined ? {} : { PATH: others.path };
    const pulumi = await openStack(box, resolve(project), stack, { ...path, ...env });
    await pulumi.config(config);
    return over(box, pulumi, others);
  } catch (error) {
    await box[Symbol.asyncDispose]();
    throw error;
  }
}

/** Opens a lab and brings it up. A lab that does not come up is removed. */
export async function upLab(options: LabOptions): Promise<Lab> {
  const lab = await openLab(options);
  try {
    await lab.up();
    return lab;
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
}

function over(
  box: Sandbox,
  { config, up, preview, refresh, destroy, output, ...stack }: Stack,
  others: TestedLabHosts | undefined,
): Lab {
  const all: LabHost = others?.all ?? labHost(box.enter);
  const host: Lab["host"] = (namespace, { on } = {}) => hostIn(all, placeAt({ host: on, namespace }));
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
      await others?.[Symbol.asyncDispose]();
      await box[Symbol.asyncDispose]();
    },
  };
}
