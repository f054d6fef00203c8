import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { type Findings, findMarked, type Marked, type Owner, type Thing } from "../inspect/marked.ts";
import { projectName } from "../inspect/project.ts";
import { askPulumi, readStack } from "../inspect/stack.ts";
import { currentBackend } from "../provider/backend.ts";
import { linux } from "../provider/kernel/linux.ts";
import { carryOut } from "../provider/plan.ts";
import { patiently } from "../provider/turns.ts";
import { type StackOptions, stackPlace, withStackOptions } from "./on-stack.ts";
import { columns, paint, print, printJson } from "./output.ts";
import { requirePower } from "./power.ts";

interface CleanOptions extends StackOptions {
  readonly project?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly json?: true;
}

/** `pulumi-netns clean`: removes what bears a stack's mark, when its state is lost. */
export function clean(program: Command): void {
  withStackOptions(program.command("clean"))
    .summary("remove what a stack has left when its state is lost")
    .description(
      "Finds what bears the mark of a stack, without its state; shows it, asks, and removes it. A sysctl gets back its value " +
        "from before. What bears no mark, or another stack's, is left alone. While the stack's state has resources, or cannot " +
        "be read, it refuses: `pulumi destroy` is the way then.",
    )
    .option("-p, --project <name>", "the project (default: the one of the folder)")
    .option("-y, --yes", "do not ask")
    .option("-f, --force", "also while the stack's state has resources, or cannot be read")
    .option("--json", "print JSON; without --yes nothing is removed")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CleanOptions) => {
      requirePower();
      const owner = await ownerFrom(options);
      if (!options.force) await refuseWhileKnown(owner, options);
      await sweep(owner, options);
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns clean
  $ pulumi-netns clean --project seed --stack dev --json
  $ pulumi-netns clean --project seed --stack dev --yes`;

async function ownerFrom({ project, stack, cwd }: CleanOptions): Promise<Owner> {
  const name = project ?? projectName(cwd);
  if (name === undefined)
    throw new Error("this is no folder of a Pulumi project; say which is meant: --project seed --stack dev");
  const chosen = stack ?? (await askPulumi(resolve(cwd), "stack", "--show-name")).trim();
  // A stack may be given with its organization and project, as `pulumi stack ls` shows it.
  const [organization] = chosen.includes("/") ? chosen.split("/") : [];
  // Outside of the project's folder, the name of the stack alone says whose the objects are.
  const backend =
    projectName(cwd) === name ? currentBackend({ env: process.env, folder: resolve(cwd) }, organization) : undefined;
  return { project: name, stack: chosen.slice(chosen.lastIndexOf("/") + 1), backend: backend?.id };
}

async function refuseWhileKnown({ project, stack }: Owner, options: CleanOptions): Promise<void> {
  // Only from the project's own folder is there a way to its state.
  if (projectName(options.cwd) !== project) return;
  const known = await readStack({ ...stackPlace(options), stack: options.stack ?? stack }).then(
    ({ resources }) => (resources.length === 0 ? undefined : `has ${resources.length} resources`),
    (error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      return /no stack named/.test(said) ? undefined : `cannot be read: ${said}`;
    },
  );
  if (known === undefined) return;
  throw new Error(
    `the state of ${project}/${stack} ${known}\n` +
      "  what to do: `pulumi destroy` removes a stack with its state; to remove what bears its mark all the same, --force",
  );
}

async function sweep(owner: Owner, options: CleanOptions): Promise<void> {
  const kernel = linux();
  const found = await findMarked(owner, kernel);
  if (!options.json) print(report(owner, found));
  const goOn = found.marked.length > 0 && (options.yes ?? (!options.json && (await agreed(found.marked.length))));
  if (goOn) {
    // Somebody may have been at work while the question stood. Only what was shown goes, and only if it is still the stack's.
    const shown = new Set(found.marked.map(key));
    const now = await findMarked(owner, kernel);
    for (const { removal } of now.marked.filter((thing) => shown.has(key(thing)))) {
      await patiently(() => carryOut(kernel, removal));
    }
  }
  if (options.json) printJson({ ...owner, marked: found.marked.map(plain), unclear: found.unclear, removed: goOn });
  else if (goOn) print("Removed.");
}

function report({ project, stack }: Owner, { marked, unclear }: Findings): string {
  const mark = `${project}/${stack}`;
  return [
    marked.length === 0 ? `Nothing here bears the mark of ${mark}.` : `${paint("bold", mark)} has left here:`,
    ...(marked.length === 0 ? [] : [columns(marked.map(row))]),
    ...(unclear.length === 0 ? [] : ["", "Made with pulumi-netns, and nothing says by which stack; left alone:"]),
    ...(unclear.length === 0 ? [] : [columns(unclear.map(row))]),
  ].join("\n");
}

const row = (thing: Thing): string[] => [
  thing.what,
  thing.name,
  thing.what === "namespace" ? "with all that is in it" : thing.namespace === undefined ? "" : `in ${thing.namespace}`,
];

const plain = ({ what, namespace, name }: Marked): Thing => ({ what, namespace, name });

const key = (thing: Marked): string => JSON.stringify(plain(thing));

async function agreed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error("nobody is there to be asked; --yes removes it without a question");
  const asks = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await asks.question(`\nRemove ${count === 1 ? "it" : `these ${count}`}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asks.close();
  }
}
