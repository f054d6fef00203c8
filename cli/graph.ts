import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { type Command, Option } from "commander";
import { execa } from "execa";
import { readStack, type StackPlace } from "../inspect/stack.ts";
import { mermaid } from "../picture/mermaid.ts";
import { planned } from "../picture/plan.ts";
import { svg } from "../picture/svg.ts";
import { type Topology, topologyOf } from "../picture/topology.ts";

/** Registers `graph`: the picture of a stack. */
export function graph(program: Command): void {
  program
    .command("graph")
    .description("draw the topology of a stack")
    .option("-C, --cwd <folder>", "the folder of the Pulumi project", ".")
    .option("-s, --stack <name>", "the stack, if not the one that is selected")
    .option("--preview", "mark what the next up will add, change and remove")
    .option("-o, --output <file>", "write to a file, in the format that its name ends in")
    .addOption(new Option("-f, --format <format>", "what to draw").choices(Object.keys(FORMATS)))
    .action(async ({ cwd, stack, preview, output, format }: Options) => {
      const draw = FORMATS[format ?? formatOf(output)];
      const view = await readStack({ cwd, stack });
      const resources = preview ? planned(view, await previewOf({ cwd, stack })) : view.resources;
      const named = view.resources.length === 0 ? "an empty stack" : `${view.project} / ${view.stack}`;
      const text = await draw(topologyOf(resources), preview ? `${named}, as the next up will change it` : named);
      if (output === undefined) process.stdout.write(text);
      else await writeFile(output, text);
    });
}

interface Options extends StackPlace {
  readonly preview?: true;
  readonly output?: string;
  readonly format?: Format;
}

type Format = "svg" | "mermaid";

const FORMATS: Readonly<Record<Format, (topology: Topology, title: string) => string | Promise<string>>> = {
  svg,
  mermaid: (topology) => mermaid(topology),
};

const ENDINGS: Readonly<Record<string, Format>> = { ".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid" };

function formatOf(file: string | undefined): Format {
  if (file === undefined) return "svg";
  const found = ENDINGS[extname(file).toLowerCase()];
  if (found !== undefined) return found;
  throw new Error(
    `${file}: a picture's name ends in ${Object.keys(ENDINGS).join(", ")}, or give --format, e.g. --format svg`,
  );
}

async function previewOf({ cwd, stack }: StackPlace): Promise<string> {
  const chosen = stack === undefined ? [] : ["--stack", stack];
  const args = ["preview", "--json", "--non-interactive", ...chosen];
  const { exitCode, stdout, stderr, shortMessage } = await execa("pulumi", args, {
    cwd,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0)
    throw new Error(
      [stderr.trim(), stdout.trim()].find((said) => said !== "") ?? shortMessage ?? "pulumi preview failed",
    );
  return stdout;
}
