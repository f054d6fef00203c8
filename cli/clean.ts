import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { atLabHost } from "../inspect/at-lab-host.ts";
import { namesIn } from "../inspect/known.ts";
import type { LabHosts } from "../inspect/lab-hosts.ts";
import { locksOn } from "../inspect/lock.ts";
import { findOwned } from "../inspect/owned/find.ts";
import type { HostThing, OwnedThing } from "../inspect/owned/types.ts";
import { type StackName, stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { readStack, type StackView } from "../inspect/stack.ts";
import { addressesOf, onHost } from "../inspect/stack-hosts.ts";
import { unlessUnreachable } from "../inspect/unless-unreachable.ts";
import { retry } from "../provider/concurrency.ts";
import { UserError } from "../provider/message.ts";
import { applyPlan } from "../provider/plan.ts";
import { lockText } from "./lock-text.ts";
import { paint, print, printJson } from "./output.ts";
import { plainHostThing, thingsText } from "./owned-text.ts";
import { type StackOptions, stackPlace, withHosts, withStackOptions } from "./stack-options.ts";
import { reportUnreachable } from "./unreachable.ts";

interface CleanOptions extends StackOptions {
  readonly project?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly host?: readonly string[];
  readonly sudo?: true;
  readonly json?: true;
}

/** `pulumi-netns clean`: removes objects with a stack's mark that are not in its state. */
export function clean(program: Command): void {
  withStackOptions(program.command("clean"))
    .summary("remove objects of a stack that are not in its state")
    .description(
      "Finds objects that have the mark of a stack and are not in its state, as after a killed up or when the state is lost. " +
        "Lists them, asks for confirmation, and removes them. A sysctl gets its previous value. Objects without the stack's " +
        "mark are not changed. Looks at all lab hosts of the state, or at this machine without a state. It is an error if the state cannot be read, or if `pulumi` is running on the stack.",
    )
    .option("-p, --project <name>", "the project (default: the one in the folder)")
    .option("-y, --yes", "do not ask for confirmation")
    .option(
      "-f, --force",
      "remove all objects with the mark, also those in the state, and also if the state cannot be read",
    )
    .option(
      "--host <name>",
      "clean this LabHost instead of those in the state; lab2=ada@192.168.1.12 gives its destination of ssh; may be repeated",
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .option("--sudo", "with --host: run commands there through sudo -n")
    .option("--json", "print JSON; without --yes nothing is removed")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CleanOptions) => {
      const project = options.project ?? projectName(options.cwd);
      if (project === undefined) throw new UserError(...NO_PROJECT);
      const owner = await stackNamed(project, stackPlace(options));
      const state = await stateOf(owner, options);
      await withHosts(hostsToClean(state, options), (hosts) => removeOwned(hosts, owner, state, options));
    });
}

const NO_PROJECT = ["this folder is not in a Pulumi project", "name the stack: --project seed --stack dev"] as const;

const EXAMPLES = `
Examples:
  $ pulumi-netns clean
  $ pulumi-netns clean --project seed --stack dev --json
  $ pulumi-netns clean --project seed --stack dev --yes
  $ pulumi-netns clean --project seed --stack dev --host lab1 --host lab2=ada@192.168.1.12 --sudo`;

/** Returns the state of a stack; undefined if it has none, or none that can be read from this folder. */
async function stateOf({ project, stack, backend }: StackName, options: CleanOptions): Promise<StackView | undefined> {
  const running = locksOn({ project, stack }, backend?.url).find((lock) => lock.running);
  if (running !== undefined && !options.force) throw new UserError(lockText(running));
  // The state can be read only from the project's own folder.
  if (projectName(options.cwd) !== project) return undefined;
  try {
    return await readStack({ ...stackPlace(options), stack: options.stack ?? stack, reveal: true });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (options.force || /no stack named/.test(said)) return undefined;
    throw new UserError(
      `the state of ${project}/${stack} cannot be read: ${said}`,
      "--force removes all objects with the stack's mark, whether or not they are in its state",
    );
  }
}

/** Returns the lab hosts to clean: those that the user named, or else those in the state; this machine without a state. */
function hostsToClean(state: StackView | undefined, { host: given = [], sudo: bySudo }: CleanOptions) {
  const inState = addressesOf(state ?? { project: "", stack: "", resources: [] });
  if (given.length === 0) return inState;
  return new Map(
    given.map((text) => {
      const [, name = text, to] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      const known = inState.get(name);
      return [
        name,
        { to: to ?? known?.to ?? name, sudo: bySudo === true || (to === undefined && known?.sudo === true) },
      ];
    }),
  );
}

async function removeOwned(
  hosts: LabHosts,
  owner: StackName,
  state: StackView | undefined,
  options: CleanOptions,
): Promise<void> {
  const isKept = state !== undefined && !options.force;
  const lookOn = (host: string | undefined) =>
    unlessUnreachable({ marked: [], unclear: [] }, async () => {
      const known = isKept ? namesIn(onHost(state, host)) : new Set<string>();
      const { marked, unclear } = await findOwned(
        { ...owner, host, backend: owner.backend?.id },
        hosts.on(host).kernel,
        known,
      );
      return {
        marked: marked.map((thing) => ({ ...thing, host })),
        unclear: unclear.map((thing) => ({ ...thing, host })),
      };
    });
  const look = async (): Promise<Found> => {
    const all = await Promise.all(hosts.names.map(lookOn));
    return { marked: all.flatMap(({ marked }) => marked), unclear: all.flatMap(({ unclear }) => unclear) };
  };
  const found = await look();
  if (!options.json) print(report(owner, found, isKept && namesIn(state).size > 0));
  reportUnreachable(hosts);
  if (hosts.unreachable.size > 0) process.exitCode = 1;
  const goOn = found.marked.length > 0 && (options.yes ?? (!options.json && (await confirmed(found.marked.length))));
  if (goOn) {
    // Another process may have changed objects while the user was asked. Only objects that were shown are removed, and only if they
    // still belong to the stack.
    const shown = new Set(found.marked.map(key));
    for (const { host, removal } of (await look()).marked.filter((thing) => shown.has(key(thing)))) {
      await atLabHost(host, () => retry(() => applyPlan(hosts.on(host).kernel, removal)));
    }
  }
  const { project, stack } = owner;
  if (options.json)
    printJson({ project, stack, marked: found.marked.map(plainHostThing), unclear: found.unclear, removed: goOn });
  else if (goOn) print("Removed.");
}

interface Found {
  readonly marked: readonly (OwnedThing & HostThing)[];
  readonly unclear: readonly HostThing[];
}

function report({ project, stack, backend }: StackName, { marked, unclear }: Found, hasState: boolean): string {
  const mark = `${project}/${stack}`;
  const but = hasState ? " outside of its state. `pulumi destroy` deletes the objects in the state" : "";
  return [
    marked.length === 0
      ? `No objects of stack ${mark} found${but}.`
      : `Found objects of stack ${paint("bold", mark)}${hasState ? " that are not in its state" : ""}:`,
    ...(marked.length === 0 ? [] : [thingsText(marked)]),
    ...(unclear.length === 0
      ? []
      : [`\nCreated by pulumi-netns for an unknown stack; not removed:\n${thingsText(unclear)}`]),
    ...locksOn({ project, stack }, backend?.url).map((lock) => `\n${lockText(lock)}`),
  ].join("\n");
}

const key = (thing: OwnedThing & HostThing): string => JSON.stringify(plainHostThing(thing));

async function confirmed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UserError("stdin is not a terminal", "use --yes to skip the confirmation");
  const asks = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await asks.question(`\nRemove ${count === 1 ? "it" : `these ${count}`}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asks.close();
  }
}
