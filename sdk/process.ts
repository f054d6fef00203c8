import type * as pulumi from "@pulumi/pulumi";
import { hostsIn } from "./hosts.ts";
import { type Place, placeName } from "./place.ts";
import { KernelResource } from "./resource.ts";
import { addressesUnder } from "./route-dependencies.ts";

/** A signal that stops a process. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGKILL";

/** Arguments of a {@link Process}. */
export interface ProcessArgs {
  /**
   * The namespace in which the process runs.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The program and its arguments, one list item each; no shell is involved. The program should stay in the foreground. A program
   * that daemonizes itself is tracked as well.
   */
  command: pulumi.Input<pulumi.Input<string>[]>;
  /** The environment variables. The process also gets a `PATH`, and inherits nothing from the environment of Pulumi. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The working directory.
   *
   * @default /
   */
  cwd?: pulumi.Input<string>;
  /**
   * The file to which standard output and standard error are appended. The default file is deleted with the resource; a file that is
   * given here is kept.
   *
   * @default a file in /run/pulumi-netns, named after project, stack and resource
   */
  log?: pulumi.Input<string>;
  /**
   * The signal that stops the process: SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 or SIGKILL. A process that is still running
   * after five seconds is killed with SIGKILL.
   *
   * @default SIGTERM
   */
  stopSignal?: pulumi.Input<StopSignal>;
  /**
   * The time that the process must run to count as started, in milliseconds, from 100 to 60000. If it ends earlier, the `up` fails
   * with the last lines of its log.
   *
   * @default 500
   */
  settle?: pulumi.Input<number>;
}

/**
 * A long-running program in the lab, such as a name server or a routing daemon. It keeps running after `pulumi up`. If it
 * dies, a `refresh` detects that and the next `up` starts it again; `pulumi up --refresh` does both.
 *
 * When its definition changes, the process is stopped and the new one is started. If the new one ends at once, the change is an error
 * and the former one is started again. A process starts after the addresses and the {@link Hosts} of its namespace that are declared
 * before it, and is stopped before its namespace is deleted.
 *
 * Environment variables may be secrets: they are encrypted in the state, shown as `[secret]` in a preview, and absent from the
 * process list.
 *
 * Equivalent to: `ip netns exec red setsid --fork dnsmasq --no-daemon`
 *
 * @example
 * new Process("names", { namespace: red, command: ["dnsmasq", "--no-daemon", "--conf-file=/dev/null"] });
 */
export class Process extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly command: pulumi.Output<string[]>;
  declare readonly env: pulumi.Output<Record<string, string> | undefined>;
  declare readonly cwd: pulumi.Output<string>;
  declare readonly log: pulumi.Output<string>;
  declare readonly stopSignal: pulumi.Output<StopSignal>;
  declare readonly settle: pulumi.Output<number>;

  constructor(name: string, { namespace: place, ...args }: ProcessArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs = { ...args, namespace: placeName(place) };
    const addresses = addressesUnder({ link: undefined, place, via: undefined }).map(({ resource }) => resource);
    super("Process", name, inputs, opts, { replacedWith: [...addresses, ...hostsIn(place)] });
  }
}
