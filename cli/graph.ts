import { writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { askPulumi, chosen } from "../inspect/pulumi.ts";
import { readStack, readStackTwofold, type StackView } from "../inspect/stack.ts";
import { addressesOf } from "../inspect/stack-hosts.ts";
import { html } from "../picture/html.ts";
import { mermaid } from "../picture/mermaid.ts";
import { overlayPreview } from "../picture/preview-overlay.ts";
import { svg } from "../picture/svg.ts";
import type { Topology } from "../picture/topology.ts";
import { topologyOf } from "../picture/topology-of.ts";
import { UserError } from "../provider/message.ts";
import { AS_IN_STATE, liveTopology } from "./live-topology.ts";
import { type StackOptions, stackPlace, withHosts, withStackOptions } from "./stack-options.ts";
import { reportUnreachable } from "./unreachable.ts";

/** `pulumi-netns graph`: draws a picture of a stack. Without `--live` and `--serve` it needs only the stack's state, and no privileges. */
export function graph(program: Command): void {
  withStackOptions(program.command("graph"))
    .summary("draw the topology of a stack")
    .description("Draws a stack's namespaces, links, addresses, routes, NAT rules and sysctls.")
    .addOption(new Option("--preview", "mark what the next up adds, changes and deletes").conflicts("live"))
    .option(
      "--live",
      "mark objects that are missing or different in the kernel, and show addresses and routes that no resource declares; needs the same rights as status",
    )
    .addOption(
      new Option(
        "--serve [port]",
        "serve a page on this machine that follows the kernel, with pings, traces and captures, until Ctrl-C",
      )
        .argParser(portNumber)
        .conflicts(["preview", "live", "output", "format"]),
    )
    .option("-o, --output <file>", "write to a file; its extension selects the format")
    .addOption(new Option("-f, --format <format>", "the output format (default: svg)").choices(Object.keys(FORMATS)))
    .addHelpText("after", EXAMPLES)
    .action(async ({ preview, live, serve, output, format, ...options }: Options) => {
      if (serve !== undefined) {
        // Loaded here, because Node loads its client of HTTP with the server, which delays the start of every command.
        const { serveGraph } = await import("./serve/serve-graph.ts");
        return serveGraph(options, serve === true ? 0 : serve);
      }
      const draw = FORMATS[chosenFormat(format, output)];
      const { view, topology, title, unmarked, before } = await (preview ? next : live ? now : state)(options);
      const named = view.resources.length === 0 ? "an empty stack" : `${view.project} / ${view.stack}`;
      const text = await draw(topology, `${named}${title}`, unmarked, before);
      if (output === undefined) process.stdout.write(text);
      else await writePicture(output, text);
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns graph -o lab.svg
  $ pulumi-netns graph --live -o lab.html
  $ pulumi-netns graph --serve
  $ pulumi-netns graph --preview -o next.svg
  $ pulumi-netns graph --format mermaid`;

interface Options extends StackOptions {
  readonly preview?: true;
  readonly live?: true;
  readonly serve?: true | number;
  readonly output?: string;
  readonly format?: Format;
}

function portNumber(given: string): number {
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("Use a port from 1 to 65535, or 0 for any free port.");
}

type Format = "svg" | "html" | "mermaid";

/** The content of a picture, with the text for objects without a mark. */
interface Subject {
  readonly view: StackView;
  readonly topology: Topology;
  readonly title: string;
  readonly unmarked: string;
  /** The topology before a change. */
  readonly before?: Topology;
}

const FORMATS: Readonly<
  Record<Format, (topology: Topology, title: string, unmarked: string, before?: Topology) => string | Promise<string>>
> = {
  svg: (topology, title, _unmarked, before) => svg(topology, title, before),
  html: (topology, title, unmarked, before) => html(topology, title, unmarked, { before }),
  mermaid,
};

const ENDINGS: Readonly<Record<string, Format>> = {
  ".svg": "svg",
  ".html": "html",
  ".htm": "html",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
};

/** Returns the format that the user gave, or else the one of the file's ending. */
function chosenFormat(format: Format | undefined, file: string | undefined): Format {
  if (file === undefined) return format ?? "svg";
  const found = ENDINGS[extname(file).toLowerCase()];
  if (found !== undefined && format !== undefined && found !== format)
    throw new UserError(
      `--format ${format} does not suit ${file}, whose ending is that of ${found}`,
      `leave out --format, or use another ending, e.g. --output ${basename(file, extname(file))}${endingOf(format)}`,
    );
  if (format !== undefined) return format;
  if (found !== undefined) return found;
  throw new UserError(
    `${file} has no known ending of a picture`,
    `use ${Object.keys(ENDINGS).join(", ")}, or --format, e.g. --format svg`,
  );
}

const endingOf = (format: Format): string =>
  Object.entries(ENDINGS).find(([, itsFormat]) => itsFormat === format)?.[0] ?? "";

async function writePicture(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${file} cannot be written: ${WHY_UNWRITTEN[code] ?? String(error)}`,
      "write to a folder that exists and is yours, e.g. --output lab.svg",
    );
  }
}

const WHY_UNWRITTEN: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
};

async function state(options: StackOptions): Promise<Subject> {
  const view = await readStack(stackPlace(options));
  return { view, topology: topologyOf(view.resources), title: "", unmarked: "as in the stack's state" };
}

async function now(options: StackOptions): Promise<Subject> {
  const { shown: view, revealed } = await readStackTwofold(stackPlace(options));
  const topology = await withHosts(addressesOf(view), async (hosts) => {
    const seen = await liveTopology(hosts, view, revealed);
    reportUnreachable(hosts);
    return seen;
  });
  return { view, topology, title: ", compared with the kernel", unmarked: AS_IN_STATE };
}

async function next(options: StackOptions): Promise<Subject> {
  const view = await readStack(stackPlace(options));
  const { cwd, stack } = stackPlace(options);
  const preview = await askPulumi(cwd, "preview", "--json", "--non-interactive", ...chosen(stack));
  const unmarked = "stays as it is";
  const topology = topologyOf(overlayPreview(view, preview));
  return { view, topology, title: ", as the next up will change it", unmarked, before: topologyOf(view.resources) };
}
