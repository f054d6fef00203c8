import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { exclusiveClaims } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { runQuery } from "../kernel/query.ts";
import { networkFile } from "../kernel/tools/process-members.ts";
import { runProgram } from "../kernel/tools/run.ts";
import { type Kind, type Observed, placeId } from "../kind.ts";
import type { Step } from "../plan.ts";
import { args, field } from "../schema.ts";
import { integer, namespaceName } from "../values.ts";
import { absolutePath, environment, input, optionalWords, triggers, words } from "./program-args.ts";

const EXAMPLE = `["tc", "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "20ms"]`;

const schema = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  create: field(words(EXAMPLE)),
  update: optionalWords(EXAMPLE),
  delete: optionalWords(EXAMPLE),
  stdin: v.optional(field(input())),
  triggers: v.optional(field(triggers())),
  env: v.optional(field(environment())),
  cwd: v.optional(field(absolutePath("/srv")), "/"),
  timeout: v.optional(field(integer("a time in milliseconds", 1000, 3_600_000, 60_000)), 60_000),
});

type CommandArgs = v.InferOutput<typeof schema>;

interface ObservedCommand extends Observed<CommandArgs> {
  /** The output of the command that ran last. The step that runs a command sets it. */
  readonly output: { stdout: string };
}

export const command: Kind<CommandArgs, ObservedCommand> = {
  type: "Command",
  schema,
  ownership: "state",
  // Nothing in the kernel tells that a command has run, so a command is identified by its resource.
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (_args, mark) => exclusiveClaims(`command ${mark}`),

  async observe(kernel, { stdout = "", ...own }: CommandArgs & { readonly stdout?: string }, mark) {
    const isThere = await placeExists(kernel, own.namespace);
    return isThere ? { state: own, mark, output: { stdout } } : undefined;
  },

  plan({ seen, was, desired }) {
    if (desired === undefined) {
      const last = seen?.state;
      if (last?.delete === undefined) return [];
      return [{ run: runProgram({ ...optionsOf(last), command: last.delete, remedy: DELETE_REMEDY }) }];
    }
    if (was === undefined) return [runStep(desired, desired.create, seen)];
    return isDeepStrictEqual(effectOf(was), effectOf(desired))
      ? []
      : [runStep(desired, desired.update ?? desired.create, seen)];
  },

  extraState: ({ output: { stdout } }) => ({ stdout }),
};

/** The delete of a resource that has left the program is that of the state, which a change of the program does not reach. */
const DELETE_REMEDY =
  "The delete is that of the last up: change delete or timeout, and nothing else, in the program, to which the Command is added again if it is gone; run `pulumi up`, and then delete it. " +
  "Or forget it, without a command: `pulumi state delete URN`, as `pulumi stack --show-urns` lists them";

const runStep = (args: CommandArgs, words: readonly string[], seen: ObservedCommand | undefined): Step => ({
  run: runProgram({ ...optionsOf(args), command: words }),
  onResult: ({ stdout }) => {
    // As in a shell's $(…), so that an address in the output can be an argument of another resource.
    if (seen !== undefined) seen.output.stdout = stdout.replace(/\n+$/, "");
  },
});

/** Returns the arguments whose change runs the command again: not those for other occasions, nor how long it may run. */
const effectOf = ({ create, stdin, triggers, env = {}, cwd }: CommandArgs): unknown => [
  create,
  stdin,
  triggers,
  Object.entries(env).sort(),
  cwd,
];

const optionsOf = ({ namespace, env = {}, cwd, stdin, timeout }: CommandArgs) => ({
  namespace,
  env,
  cwd,
  stdin,
  timeout,
});

/** Returns whether a place exists. A command in a namespace that was deleted has no effect any more. */
async function placeExists(kernel: KernelClient, namespace: string | undefined): Promise<boolean> {
  if (namespace === undefined) return true;
  const file = networkFile(namespace);
  const args = ["-c", '[ ! -e "$1" ] || echo there', "pulumi-netns", file];
  return (await runQuery(kernel, { tool: "sh", args, display: `ls ${file}`, query: true })) !== "";
}
