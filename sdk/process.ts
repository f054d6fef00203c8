import type * as pulumi from "@pulumi/pulumi";
import { hostsIn } from "./hosts.ts";
import { type Place, placeName } from "./place.ts";
import { KernelResource } from "./resource.ts";
import { addressesUnder } from "./route-dependencies.ts";

/** A signal that may ask a process to end. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGKILL";

/** Arguments of a {@link Process}. */
export interface ProcessArgs {
  /**
   * The namespace that it runs in.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The program and its arguments, each a word of its own: no shell takes them apart. The program should stay in the
   * foreground; one that goes into the background by itself is found there, too.
   */
  command: pulumi.Input<pulumi.Input<string>[]>;
  /** The environment. Beside it there is only a `PATH`: nothing is inherited from what runs Pulumi. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The folder that it runs in.
   *
   * @default /
   */
  cwd?: pulumi.Input<string>;
  /**
   * The file that takes what it says, on standard output and error, at its end. The default file goes with the resource;
   * one that is given here stays.
   *
   * @default a file below /run/pulumi-netns, named after project, stack and resource
   */
  log?: pulumi.Input<string>;
  /**
   * The signal that is to end it. What is still there five seconds later gets SIGKILL. One of SIGTERM, SIGINT, SIGHUP,
   * SIGQUIT, SIGUSR1, SIGUSR2 and SIGKILL.
   *
   * @default SIGTERM
   */
  stopSignal?: pulumi.Input<StopSignal>;
  /**
   * How long it must have run to count as started, in milliseconds, from 100 to 60000. One that ends earlier is an error,
   * with the last lines of its log.
   *
   * @default 500
   */
  settle?: pulumi.Input<number>;
}

/**
 * A program that runs for as long as the lab is there, such as a name server or a routing daemon. It outlives `pulumi up`.
 * One that has died by itself stays dead until a `refresh` sees it, and the next `up` starts it again;
 * `pulumi up --refresh` does both. When its definition changes it is ended, and the new one started; if that ends at once,
 * the change is an error, and the former goes on. It starts after the addresses and the Hosts of its place that were
 * declared before it, and ends before its namespace does.
 *
 * Variables may be secrets: the state has them encrypted, a preview shows `[secret]`, and no list of processes shows them.
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
    super("Process", name, inputs, opts, { restsOn: [...addresses, ...hostsIn(place)] });
  }
}
