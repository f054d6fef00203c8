import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { hostsIn } from "./hosts.ts";
import { attachmentTo, originsIn } from "./interface.ts";
import { hostOf, type Place, placeName } from "./place.ts";
import { KernelResource } from "./resource.ts";
import { addressesUnder } from "./route-dependencies.ts";

/** Arguments of a {@link Command}. */
export interface CommandArgs {
  /**
   * The namespace in which the commands run.
   *
   * @default the lab host
   */
  namespace?: Place;
  /** The command that runs when the resource is created: a program and its arguments, one list item each; no shell is involved. */
  create: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The command that runs when `create`, `stdin`, `triggers`, `env` or `cwd` has changed.
   *
   * @default the command of `create`
   */
  update?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The command that runs when the resource is deleted.
   *
   * @default none
   */
  delete?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The standard input of the commands.
   *
   * @default none
   */
  stdin?: pulumi.Input<string>;
  /** Values whose change runs the command again. */
  triggers?: pulumi.Input<pulumi.Input<string | number | boolean>[]>;
  /** The environment variables. The commands also get a `PATH`, and inherit nothing from the environment of Pulumi. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The working directory.
   *
   * @default /
   */
  cwd?: pulumi.Input<string>;
  /**
   * How long a command may run, in milliseconds, from 1000 to 3600000. A command that runs longer is killed, and the `up` fails.
   *
   * @default 60000
   */
  timeout?: pulumi.Input<number>;
}

/**
 * A command that runs in the lab when the resource is created, changed and deleted, for settings that have no resource of their
 * own. The output of the command that ran last is the resource's output `stdout`. If a command's exit code is not 0, the `up` or
 * `destroy` fails with the end of its output.
 *
 * A command runs after the links, the addresses and the {@link Hosts} of its namespace that are declared before it. When one of these
 * links is replaced, the resource is replaced too: `delete` runs before, and `create` after. The commands should be safe to repeat,
 * since an `up` that was interrupted runs them again. A refresh does not detect changes of their effects.
 *
 * `env` and `stdin` may be secrets, and then appear in no error and no list of processes. If the output contains a secret, set the
 * option `additionalSecretOutputs: ["stdout"]`.
 *
 * Equivalent to: `ip netns exec red tc qdisc replace dev eth0 root netem delay 20ms`
 *
 * @example
 * new Command("delay", {
 *   namespace: red,
 *   create: ["tc", "qdisc", "replace", "dev", "eth0", "root", "netem", "delay", "20ms"],
 *   delete: ["tc", "qdisc", "delete", "dev", "eth0", "root"],
 * });
 */
export class Command extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly create: pulumi.Output<string[]>;
  declare readonly update: pulumi.Output<string[] | undefined>;
  declare readonly delete: pulumi.Output<string[] | undefined>;
  declare readonly stdin: pulumi.Output<string | undefined>;
  declare readonly triggers: pulumi.Output<(string | number | boolean)[] | undefined>;
  declare readonly env: pulumi.Output<Record<string, string> | undefined>;
  declare readonly cwd: pulumi.Output<string>;
  declare readonly timeout: pulumi.Output<number>;
  /** The standard output of the command that ran last, without the line feeds at its end. */
  declare readonly stdout: pulumi.Output<string>;

  constructor(name: string, given: CommandArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { namespace: place, ...args } = givenArgs("Command", name, given);
    const inputs = { ...args, namespace: placeName(place), stdout: undefined };
    const links = originsIn(place);
    const addresses = addressesUnder({ link: undefined, place, via: undefined }).map(({ resource }) => resource);
    super("Command", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: links.map(({ resource }) => resource),
      attachedTo: links.map((link) => attachmentTo(link, "object")),
      replacedWith: [...addresses, ...hostsIn(place)],
    });
  }
}
