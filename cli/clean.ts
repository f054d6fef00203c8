import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { namesIn } from "../inspect/known.ts";
import { locksOn } from "../inspect/lock.ts";
import { findOwned } from "../inspect/owned/find.ts";
import type { OwnedThing, OwnedThings } from "../inspect/owned/types.ts";
import { type StackName, stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { readStack } from "../inspect/stack.ts";
import { retry } from "../provider/concurrency.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { UserError } from "../provider/message.ts";
import { applyPlan } from "../provider/plan.ts";
import { lockText } from "./lock-text.ts";
import { paint, print, printJson } from "./output.ts";
import { plainThing, thingsText } from "./owned-text.ts";
import { requireNetAdmin } from "./require-net-admin.ts";
import { type StackOptions, stackPlace, withStackOptions } from "./stack-options.ts";

interface CleanOptions extends StackOptions {
  readonly project?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly json?: true;
}

/** `pulumi-netns clean`: removes objects with a stack's mark that are not in its state. */
export function clean(program: Command): void {
  withStackOptions(program.command("clean"))
    .summary("remove objects of a stack that are not in its state")
    .description(
      "Finds objects that have the mark of a stack and are not in its state, as after a killed up or when the state is lost. " +
        "Lists them, asks for confirmation, and removes them. A sysctl gets its previous value. Objects without the stack's " +
        "mark are not changed. It is an error if the state cannot be read, or if `pulumi` is running on the stack.",
    )
    .option("-p, --project <name>", "the project (default: the one in the folder)")
    .option("-y, --yes", "do not ask for confirmation")
    .option(
      "-f, --force",
      "remove all objects with the mark, also those in the state, and also if the state cannot be read",
    )
    .option("--json", "print JSON; without --yes nothing is removed")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CleanOptions) => {
      requireNetAdmin();
      const project = options.project ?? projectName(options.cwd);
      if (project === undefined) throw new UserError(...NO_PROJECT);
      const owner = await stackNamed(project, stackPlace(options));
      await removeOwned(owner, options.force ? new Set() : await namesInState(owner, options), options);
    });
}

const NO_PROJECT = ["this folder is not in a Pulumi project", "name the stack: --project seed --stack dev"] as const;

const EXAMPLES = `
Examples:
  $ pulumi-netns clean
  $ pulumi-netns clean --project seed --stack dev --json
  $ pulumi-netns clean --project seed --stack dev --yes`;

/** Returns the names of objects to keep, because they are in the stack's state. */
async function namesInState(
  { project, stack, backend }: StackName,
  options: CleanOptions,
): Promise<ReadonlySet<string>> {
  const running = locksOn({ project, stack }, backend?.url).find((lock) => lock.running);
  if (running !== undefined) throw new UserError(lockText(running));
  // The state can be read only from the project's own folder.
  if (projectName(options.cwd) !== project) return new Set();
  try {
    return namesIn(await readStack({ ...stackPlace(options), stack: options.stack ?? stack, reveal: true }));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/no stack named/.test(said)) return new Set();
    throw new UserError(
      `the state of ${project}/${stack} cannot be read: ${said}`,
      "--force removes all objects with the stack's mark, whether or not they are in its state",
    );
  }
}

async function removeOwned(owner: StackName, known: ReadonlySet<string>, options: CleanOptions): Promise<void> {
  const kernel = linux();
  const look = () => findOwned({ ...owner, backend: owner.backend?.id }, kernel, known);
  const found = await look();
  if (!options.json) print(report(owner, found, known.size > 0));
  const goOn = found.marked.length > 0 && (options.yes ?? (!options.json && (await confirmed(found.marked.length))));
  if (goOn) {
    // Another process may have changed objects while the user was asked. Only objects that were shown are removed, and only if they
    // still belong to the stack.
    const shown = new Set(found.marked.map(key));
    for (const { removal } of (await look()).marked.filter((thing) => shown.has(key(thing)))) {
      await retry(() => applyPlan(kernel, removal));
    }
  }
  const { project, stack } = owner;
  if (options.json)
    printJson({ project, stack, marked: found.marked.map(plainThing), unclear: found.unclear, removed: goOn });
  else if (goOn) print("Removed.");
}

function report({ project, stack, backend }: StackName, { marked, unclear }: OwnedThings, hasState: boolean): string {
  const mark = `${project}/${stack}`;
  const but = hasState ? " outside of its state. `pulumi destroy` deletes the objects in the state" : "";
  return [
    marked.length === 0
      ? `No objects of stack ${mark} found${but}.`
      : `Found objects of stack ${paint("bold", mark)}${hasState ? " that are not in its state" : ""}:`,
    ...(marked.length === 0 ? [] : [thingsText(marked)]),
    ...(unclear.length === 0 ? [] : ["", "Created by pulumi-netns for an unknown stack; not removed:"]),
    ...(unclear.length === 0 ? [] : [thingsText(unclear)]),
    ...locksOn({ project, stack }, backend?.url).map((lock) => `\n${lockText(lock)}`),
  ].join("\n");
}

const key = (thing: OwnedThing): string => JSON.stringify(plainThing(thing));

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
