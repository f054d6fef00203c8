import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { namesIn } from "../inspect/known.ts";
import { locksOn } from "../inspect/lock.ts";
import { findMarked } from "../inspect/owned/find.ts";
import type { Findings, Marked } from "../inspect/owned/types.ts";
import { type StackName, stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { readStack } from "../inspect/stack.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { carryOut } from "../provider/plan.ts";
import { patiently } from "../provider/turns.ts";
import { lockText } from "./lock-text.ts";
import { type StackOptions, stackPlace, withStackOptions } from "./on-stack.ts";
import { paint, print, printJson } from "./output.ts";
import { requirePower } from "./power.ts";
import { plainThing, thingsText } from "./things.ts";

interface CleanOptions extends StackOptions {
  readonly project?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly json?: true;
}

/** `pulumi-netns clean`: removes what bears a stack's mark and is in no state. */
export function clean(program: Command): void {
  withStackOptions(program.command("clean"))
    .summary("remove what a stack has left that its state does not have")
    .description(
      "Finds what bears the mark of a stack and is not in its state, as after a killed up or when the state is lost; shows it, " +
        "asks, and removes it. A sysctl gets back its value from before. What bears no mark, or another stack's, is left " +
        "alone. While the state cannot be read, or `pulumi` is at work on the stack, it refuses.",
    )
    .option("-p, --project <name>", "the project (default: the one of the folder)")
    .option("-y, --yes", "do not ask")
    .option("-f, --force", "all that bears the mark, whatever the state has, and also while that cannot be read")
    .option("--json", "print JSON; without --yes nothing is removed")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CleanOptions) => {
      requirePower();
      const project = options.project ?? projectName(options.cwd);
      if (project === undefined) throw new Error(NO_PROJECT);
      const owner = await stackNamed(project, stackPlace(options));
      await sweep(owner, options.force ? new Set() : await knownTo(owner, options), options);
    });
}

const NO_PROJECT = "this is no folder of a Pulumi project; say which is meant: --project seed --stack dev";

const EXAMPLES = `
Examples:
  $ pulumi-netns clean
  $ pulumi-netns clean --project seed --stack dev --json
  $ pulumi-netns clean --project seed --stack dev --yes`;

/** The names of what is to stay, since the stack's state has it. */
async function knownTo({ project, stack, backend }: StackName, options: CleanOptions): Promise<ReadonlySet<string>> {
  const running = locksOn({ project, stack }, backend?.url).find((lock) => lock.running);
  if (running !== undefined) throw new Error(lockText(running));
  // Only from the project's own folder is there a way to its state.
  if (projectName(options.cwd) !== project) return new Set();
  try {
    return namesIn(await readStack({ ...stackPlace(options), stack: options.stack ?? stack, reveal: true }));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/no stack named/.test(said)) return new Set();
    throw new Error(
      `the state of ${project}/${stack} cannot be read: ${said}\n` +
        "  what to do: --force removes all that bears the stack's mark, whatever its state has",
    );
  }
}

async function sweep(owner: StackName, known: ReadonlySet<string>, options: CleanOptions): Promise<void> {
  const kernel = linux();
  const look = () => findMarked({ ...owner, backend: owner.backend?.id }, kernel, known);
  const found = await look();
  if (!options.json) print(report(owner, found, known.size > 0));
  const goOn = found.marked.length > 0 && (options.yes ?? (!options.json && (await agreed(found.marked.length))));
  if (goOn) {
    // Another process may have been at work while the question stood. Only what was shown goes, and only if it is still the
    // stack's.
    const shown = new Set(found.marked.map(key));
    for (const { removal } of (await look()).marked.filter((thing) => shown.has(key(thing)))) {
      await patiently(() => carryOut(kernel, removal));
    }
  }
  const { project, stack } = owner;
  if (options.json)
    printJson({ project, stack, marked: found.marked.map(plainThing), unclear: found.unclear, removed: goOn });
  else if (goOn) print("Removed.");
}

function report({ project, stack, backend }: StackName, { marked, unclear }: Findings, hasState: boolean): string {
  const mark = `${project}/${stack}`;
  const but = hasState ? " and is not in its state. `pulumi destroy` removes what is" : "";
  return [
    marked.length === 0
      ? `Nothing here bears the mark of ${mark}${but}.`
      : `${paint("bold", mark)} has left here${hasState ? ", beside what is in its state" : ""}:`,
    ...(marked.length === 0 ? [] : [thingsText(marked)]),
    ...(unclear.length === 0 ? [] : ["", "Made with pulumi-netns, and nothing says by which stack; left alone:"]),
    ...(unclear.length === 0 ? [] : [thingsText(unclear)]),
    ...locksOn({ project, stack }, backend?.url).map((lock) => `\n${lockText(lock)}`),
  ].join("\n");
}

const key = (thing: Marked): string => JSON.stringify(plainThing(thing));

async function agreed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error("there is no terminal to ask on; --yes removes it without a question");
  const asks = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await asks.question(`\nRemove ${count === 1 ? "it" : `these ${count}`}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asks.close();
  }
}
