import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { diagnosticText } from "../inspect/preview-errors.ts";
import { kindOfToken, parseUrn } from "../provider/urn.ts";
import { fastPulumi } from "../sandbox/fast-pulumi.ts";
import type { Answer, Sandbox } from "./sandbox.ts";

/** A stack of a Pulumi project, run by the real engine inside a sandbox. */
export interface Stack extends AsyncDisposable {
  /** Sets configuration values. */
  config(values: Record<string, string | number | boolean>): Promise<void>;
  /** Each command returns its steps as sorted lines such as `create Namespace red`, without unchanged resources. */
  up(...flags: string[]): Promise<string[]>;
  preview(...flags: string[]): Promise<string[]>;
  refresh(...flags: string[]): Promise<string[]>;
  destroy(...flags: string[]): Promise<string[]>;
  /** Returns an output of the program. */
  output(name: string): Promise<string>;
  /** Returns the exported state of the stack. */
  state(): Promise<string>;
  /** Removes the lock of a killed engine. */
  cancel(): Promise<void>;
  /** The command prefix that sets the environment of the stack's backend. */
  readonly env: readonly string[];
  /** Runs a `pulumi` command with the stack's configuration and returns its result, also if it fails. */
  try(...args: string[]): Promise<Answer>;
}

/** Opens a stack of a project, with its own state and configuration in a temporary folder. */
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
  const env = {
    PULUMI_BACKEND_URL: `file://${join(own, "state")}`,
    PULUMI_HOME: join(own, "home"),
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...fastPulumi(),
    // The engine writes its state once, at the end. A lab that ends with its sandbox needs no checkpoints.
    PULUMI_SKIP_CHECKPOINTS: "true",
    // The key of `stack init` is kept. The engine would derive another one for the configuration, in a fifth of a second for each run.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    ...more,
  };
  const stack = await createStack(host, project, { name, env, select: ["--stack", name, "--config-file", config] });
  return { ...stack, [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }) };
}

/**
 * Creates a stack of a project in a backend.
 *
 * @param env The environment of `pulumi`, which selects the backend.
 * @param select The options that select the stack and its configuration.
 */
export async function createStack(
  host: Sandbox,
  project: string,
  { name, env: given, select }: { name: string; env: Readonly<Record<string, string>>; select: readonly string[] },
): Promise<Stack> {
  const env = ["env", ...Object.entries(given).map(([key, value]) => `${key}=${value}`)];
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
  const operation =
    (verb: string, ...always: string[]) =>
    async (...flags: string[]) =>
      steps(await must(verb, "--json", ...select, ...always, ...flags));

  return {
    async config(values) {
      // One run of `pulumi` for all values.
      const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
      if (pairs.length > 0) await must("config", "set-all", ...pairs, ...select);
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
    try: (...args) => pulumi(...args, ...select),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Returns the `pulumi` command in node_modules of the project or of this package, otherwise the one on the PATH. */
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

// up, refresh and destroy print one event per line; preview prints one document with all steps.
function steps(output: string): string[] {
  const done = output.startsWith("{\n")
    ? ((JSON.parse(output) as { steps?: Step[] }).steps ?? [])
    : output.split("\n").flatMap((line) => {
        const event = JSON.parse(line || "{}") as { resOutputsEvent?: { metadata: Step } };
        return event.resOutputsEvent === undefined ? [] : [event.resOutputsEvent.metadata];
      });
  return done
    .flatMap(({ op, urn }) => {
      const { type, name } = parseUrn(urn);
      const kind = kindOfToken(type);
      return WORTH_TELLING.includes(op) && kind !== undefined ? [`${op} ${kind} ${name}`] : [];
    })
    .sort();
}

const WORTH_TELLING = ["create", "update", "replace", "delete"];

/** An event of the engine with a message. */
interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
}

/** Returns the messages of a command that has failed, each with its resource. */
function messages({ stdout, stderr }: Answer): string {
  const told = stdout.split("\n").flatMap((line) => {
    if (!/"diagnosticEvent":.*"severity":"(?:error|warning|info#err)"/.test(line)) return [];
    const { diagnosticEvent: event } = JSON.parse(line) as { diagnosticEvent: Diagnostic };
    return [event.severity === "info#err" ? event.message : `${event.severity}: ${diagnosticText(event)}\n`];
  });
  return [...(told.length > 0 ? told : [stdout]), stderr].join("\n");
}
