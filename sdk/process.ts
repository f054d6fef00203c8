import * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { hostsIn } from "./hosts.ts";
import { endsOf, recordInterface } from "./interface.ts";
import { hostOf, type Place, placeName } from "./place.ts";
import { KernelResource } from "./resource.ts";
import { addressesUnder } from "./route-dependencies.ts";

/** A signal to a process. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGKILL";

/** Conditions under which a program counts as started. All that are given must hold; at least one must be given. */
export interface ReadyArgs {
  /** A TCP port on which a program of the namespace listens. */
  tcp?: pulumi.Input<number>;
  /** A UDP port at which a program of the namespace receives packets. */
  udp?: pulumi.Input<number>;
  /** A command that succeeds in the namespace. It is repeated until it does. */
  command?: pulumi.Input<pulumi.Input<string>[]>;
  /** A text in a line that the program writes to its log after its start. */
  log?: pulumi.Input<string>;
  /**
   * How long to wait, in milliseconds, from 1000 to 600000.
   *
   * @default 30000
   */
  timeout?: pulumi.Input<number>;
}

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
  /**
   * The files of the program, such as its configuration: `{ "frr.conf": text }`. A preview shows each change of a text. The files are
   * in a folder of the process in /run/pulumi-netns on the lab host, which is its working directory, so that the command names them
   * without a path. They are written before the program starts, and deleted with the resource. A text that begins with `#!` is an
   * executable file, and a text that is a secret is in a file that only root can read.
   */
  files?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * How a running program takes over a change of `files` or `triggers`: `restart`; `reload`, which sends it SIGHUP; another signal, such
   * as `SIGUSR1`; or a command, such as `["nginx", "-s", "reload"]`, which runs in the program's namespace, environment and working directory. All other changes restart the program.
   *
   * @default restart
   */
  onChange?: pulumi.Input<"restart" | "reload" | StopSignal | pulumi.Input<string>[]>;
  /** Values whose change has the effect that `onChange` describes, for example a hash of a file that the program reads. */
  triggers?: pulumi.Input<pulumi.Input<string | number | boolean>[]>;
  /**
   * The names of the interfaces that the program makes, such as `wg0`. The process counts as started when they exist. An
   * {@link Address}, a {@link Route} or a {@link Sysctl} that is declared after the process and names such an interface is created
   * after the process, and again when the process is restarted.
   */
  interfaces?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The conditions under which the program counts as started, in addition to `settle`. Resources that depend on the process wait for
   * it. If a condition does not hold in time, the program is stopped and the `up` fails with the last lines of its log. The conditions are
   * also awaited after a reload and when they change; if they do not hold then, the `up` fails, and the program keeps running and loads its former files again.
   */
  ready?: pulumi.Input<ReadyArgs>;
  /** The environment variables. The process also gets a `PATH`, and inherits nothing from the environment of Pulumi. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The working directory. It cannot be combined with `files`.
   *
   * @default the folder of the files; without files, /
   */
  cwd?: pulumi.Input<string>;
  /**
   * The file to which standard output and standard error are appended. The default file is deleted with the resource; a file that is
   * given here is kept. A file that does not exist is created so that only its owner can read it (mode 0600).
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
 * Environment variables and files may be secrets: they are encrypted in the state, shown as `[secret]` in a preview, and absent from the
 * process list.
 *
 * Equivalent to: `ip netns exec red setsid --fork dnsmasq --no-daemon`
 *
 * @example
 * new Process("names", {
 *   namespace: red,
 *   files: { "dnsmasq.conf": "no-resolv\naddress=/web.lab/10.0.0.80\n" },
 *   command: ["dnsmasq", "--no-daemon", "--conf-file=dnsmasq.conf"],
 *   ready: { tcp: 53 },
 * });
 */
export class Process extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly command: pulumi.Output<string[]>;
  declare readonly files: pulumi.Output<Record<string, string> | undefined>;
  declare readonly onChange: pulumi.Output<"restart" | StopSignal | string[] | undefined>;
  declare readonly triggers: pulumi.Output<(string | number | boolean)[] | undefined>;
  declare readonly interfaces: pulumi.Output<string[] | undefined>;
  declare readonly ready: pulumi.Output<
    | {
        tcp?: number | undefined;
        udp?: number | undefined;
        command?: string[] | undefined;
        log?: string | undefined;
        timeout: number;
      }
    | undefined
  >;
  declare readonly env: pulumi.Output<Record<string, string> | undefined>;
  declare readonly cwd: pulumi.Output<string>;
  declare readonly log: pulumi.Output<string>;
  declare readonly stopSignal: pulumi.Output<StopSignal>;
  declare readonly settle: pulumi.Output<number>;

  constructor(name: string, given: ProcessArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { namespace: place, ...args } = givenArgs("Process", name, given);
    const inputs = { ...args, namespace: placeName(place) };
    const addresses = addressesUnder({ link: undefined, place, via: undefined }).map(({ resource }) => resource);
    super("Process", name, inputs, opts, { host: hostOf(place), replacedWith: [...addresses, ...hostsIn(place)] });
    for (const made of Array.isArray(args.interfaces) ? args.interfaces : []) {
      const link = { name: pulumi.output(made), namespace: this.namespace };
      const ends = endsOf({ name: made, namespace: place });
      recordInterface(link, { resource: this, side: typeof made === "string" ? made : "", name: made, place, ends });
    }
  }
}
