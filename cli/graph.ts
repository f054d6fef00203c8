import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { type Command, Option } from "commander";
import { askPulumi, readStack, type StackPlace } from "../inspect/stack.ts";
import { mermaid } from "../picture/mermaid.ts";
import { planned } from "../picture/plan.ts";
import { svg } from "../picture/svg.ts";
import { type Topology, topologyOf } from "../picture/topology.ts";
import { type StackOptions, stackPlace, withStackOptions } from "./on-stack.ts";

/** `pulumi-netns graph`: the picture of a stack. It needs the stack's state only, and no rights. */
export function graph(program: Command): void {
  withStackOptions(program.command("graph"))
    .summary("draw the topology of a stack")
    .description("Draws a stack's namespaces, bridges, cables, addresses, routes, NAT rules and settings.")
    .option("--preview", "mark what the next up will add, change and remove")
    .option("-o, --output <file>", "write to a file, in the format that its name ends in")
    .addOption(new Option("-f, --format <format>", "what to draw (default: svg)").choices(Object.keys(FORMATS)))
    .addHelpText("after", EXAMPLES)
    .action(async ({ preview, output, format, ...options }: Options) => {
      const draw = FORMATS[format ?? formatOf(output)];
      const place = stackPlace(options);
      const view = await readStack(place);
      const resources = preview ? planned(view, await previewOf(place)) : view.resources;
      const named = view.resources.length === 0 ? "an empty stack" : `${view.project} / ${view.stack}`;
      const text = await draw(topologyOf(resources), preview ? `${named}, as the next up will change it` : named);
      if (output === undefined) process.stdout.write(text);
      else await writeFile(output, text);
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns graph -o lab.svg
  $ pulumi-netns graph --preview -o next.svg
  $ pulumi-netns graph --format mermaid`;

interface Options extends StackOptions {
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

const previewOf = ({ cwd, stack }: StackPlace): Promise<string> =>
  askPulumi(cwd, "preview", "--json", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack]));
