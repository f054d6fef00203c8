import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Answer, Sandbox } from "./sandbox.ts";

/** A stack of a Pulumi project, run by the real engine inside a sandbox. */
export interface Stack extends AsyncDisposable {
  /** Sets configuration. */
  config(values: Record<string, string | number | boolean>): Promise<void>;
  /** What each command did or would do, as lines like `create Namespace red`, sorted; nothing for what stays the same. */
  up(...flags: string[]): Promise<string[]>;
  preview(...flags: string[]): Promise<string[]>;
  refresh(...flags: string[]): Promise<string[]>;
  destroy(...flags: string[]): Promise<string[]>;
  /** An output of the program. */
  output(name: string): Promise<string>;
  /** The state, as the backend keeps it. */
  state(): Promise<string>;
  /** Takes away the lock of an engine that was killed. */
  cancel(): Promise<void>;
  /** The words that give another command the stack's backend, put before it. */
  readonly env: readonly string[];
  /** Runs a command with the stack's configuration; a failure is an answer like any other. */
  try(...args: string[]): Promise<Answer>;
}

/** Opens a stack of a project, with a state and a configuration of its own. */
export async function openStack(
  host: Sandbox,
  project: string,
  name = "dev",
  more: Record<string, string> = {},
): Promise<Stack> {
  const own = await mkdtemp(join(tmpdir(), "pulumi-netns-"));
  await mkdir(join(own, "state"));
  const config = join(own, "config.yaml");
  await writeFile(config, "");
  const env = [
    "env",
    `PULUMI_BACKEND_URL=file://${join(own, "state")}`,
    `PULUMI_HOME=${join(own, "home")}`,
    "PULUMI_CONFIG_PASSPHRASE=",
    "PULUMI_SKIP_UPDATE_CHECK=true",
    // The engine writes its state once, at the end: a lab that ends with its sandbox has no use for more.
    "PULUMI_SKIP_CHECKPOINTS=true",
    ...Object.entries(more).map(([key, value]) => `${key}=${value}`),
  ];
  const program = pulumiFor(project);
  const pulumi = (...args: string[]) => {
    const [first = "", ...words] = [...env, program, "--cwd", project, "--non-interactive", "--color", "never"];
    return host.try(first, ...words, ...args);
  };
  const must = async (...args: string[]) => {
    const answer = await pulumi(...args);
    if (answer.code !== 0) throw new Error(`pulumi ${args.join(" ")}: exit ${answer.code}\n${messages(answer)}`);
    return answer.stdout;
  };
  await must("stack", "init", name);
  const here = ["--stack", name, "--config-file", config];
  const operation =
    (verb: string, ...always: string[]) =>
    async (...flags: string[]) =>
      steps(await must(verb, "--json", ...here, ...always, ...flags));

  return {
    async config(values) {
      for (const [key, value] of Object.entries(values)) await must("config", "set", key, String(value), ...here);
    },
    up: operation("up", "--yes", "--skip-preview"),
    preview: operation("preview"),
    refresh: operation("refresh", "--yes", "--skip-preview"),
    destroy: operation("destroy", "--yes", "--skip-preview"),
    output: (output) => must("stack", "output", output, "--stack", name),
    state: () => must("stack", "export", "--stack", name),
    cancel: async () => {
      await must("cancel", "--yes", "--stack", name);
    },
    env,
    try: (...args) => pulumi(...args, ...here),
    [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }),
  };
}

/** The command of the project, or of this package, as npm would find it; else the one on the PATH. */
function pulumiFor(project: string): string {
  const commands = [resolve(project), import.meta.dirname]
    .flatMap(upwards)
    .map((at) => join(at, "node_modules/.bin/pulumi"));
  return commands.find((command) => existsSync(command)) ?? "pulumi";
}

const upwards = (folder: string): string[] =>
  folder === dirname(folder) ? [folder] : [folder, ...upwards(dirname(folder))];

interface Step {
  readonly op: string;
  readonly urn: string;
}

// One event a line from up, refresh and destroy; one document with all steps from preview.
function steps(output: string): string[] {
  const done = output.startsWith("{\n")
    ? ((JSON.parse(output) as { steps?: Step[] }).steps ?? [])
    : output.split("\n").flatMap((line) => {
        const event = JSON.parse(line || "{}") as { resOutputsEvent?: { metadata: Step } };
        return event.resOutputsEvent === undefined ? [] : [event.resOutputsEvent.metadata];
      });
  return done
    .flatMap(({ op, urn }) => (WORTH_TELLING.includes(op) && urn.includes("/netns:") ? [`${op} ${short(urn)}`] : []))
    .sort();
}

const WORTH_TELLING = ["create", "update", "replace", "delete"];

const short = (urn: string): string => urn.replace(/^.*\/netns:/, "").replace("::", " ");

function messages({ stdout, stderr }: Answer): string {
  const told = stdout.split("\n").flatMap((line) => {
    const [, message] =
      /"diagnosticEvent":\{.*?"message":"((?:[^"\\]|\\.)*)".*"severity":"(?:error|warning|info#err)"/.exec(line) ?? [];
    return message === undefined ? [] : [JSON.parse(`"${message}"`) as string];
  });
  return [...(told.length > 0 ? told : [stdout]), stderr].join("\n");
}
