import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import type { Sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY } from "../../tools/stack.ts";
import { answer } from "../command.ts";
import { ON_ENDS } from "../ends.ts";
import { changed, type Lab, type Piece, type Resolved, resolve } from "../lab.ts";
import { type BenchHost, spreadProgram } from "../lab-hosts.ts";
import { markFor } from "../mark.ts";
import { watchMemory } from "../memory.ts";
import { childrenTime } from "../processor.ts";
import { yamlProject } from "../yaml.ts";
import { type Column, type ProcessorRow, type Run, timed } from "./column.ts";

/** With checkpoints the engine writes the whole state again at each step, so its time grows quadratically. */
const MOST = { most: 2000, slow: true };
const SKIPPING = "with PULUMI_SKIP_CHECKPOINTS=true";

/** The complete system, with the real engine. */
export const up: Column = {
  name: "up",
  title: "`pulumi up` with this provider",
  floor: "empty",
  ...MOST,
  open: (host, lab) => openPulumi(host, lab, {}),
};

export const upSkip: Column = {
  name: "up-skip",
  title: `\`pulumi up\` with this provider, ${SKIPPING}`,
  floor: "empty-skip",
  open: (host, lab) => openPulumi(host, lab, { skip: true }),
};

export const upEnds: Column = {
  ...up,
  name: "up-ends",
  title: "`pulumi up`, addresses and gateways told on the ends of cables: half the resources",
  ...ON_ENDS,
};

export const upEndsSkip: Column = {
  ...upSkip,
  name: "up-ends-skip",
  title: `${upEnds.title}, ${SKIPPING}`,
  ...ON_ENDS,
};

/** The same lab as a file, by the plugin. */
export const yamlSkip: Column = {
  name: "yaml-skip",
  title: `\`pulumi up\` with this provider and a program in YAML, ${SKIPPING}`,
  floor: "up-skip",
  open: (host, lab) => openPulumi(host, lab, { yaml: true, skip: true }),
};

export const yamlEndsSkip: Column = {
  ...yamlSkip,
  name: "yaml-ends-skip",
  title: `the same in YAML, addresses and gateways told on the ends of cables, ${SKIPPING}`,
  floor: "up-ends-skip",
  ...ON_ENDS,
};

/** The engine alone: the same resources through the same dynamic provider mechanism, with a provider that does nothing. */
export const empty: Column = {
  name: "empty",
  title: "`pulumi up` with a provider that does nothing: the engine floor",
  ...MOST,
  open: (host, lab) => openPulumi(host, lab, { empty: true }),
};

export const emptySkip: Column = {
  name: "empty-skip",
  title: `the engine floor, ${SKIPPING}`,
  open: (host, lab) => openPulumi(host, lab, { empty: true, skip: true }),
};

interface Ways {
  readonly empty?: boolean;
  readonly skip?: boolean;
  readonly yaml?: boolean;
  /** The lab hosts that have the lab, each of them all of it; by default, this machine has it. */
  readonly hosts?: readonly BenchHost[];
}

/** Opens a project of Pulumi in a sandbox. */
export async function openPulumi(
  host: Sandbox,
  lab: Lab,
  { empty = false, skip = false, yaml = false, hosts = [] }: Ways,
): Promise<Run> {
  const own = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
  const file = join(own, "lab.json");
  const write = (pieces: readonly Piece[]) =>
    yaml
      ? writeFile(join(own, "Pulumi.yaml"), yamlProject("bench", pieces, join(REPOSITORY, "bin")))
      : writeFile(
          file,
          JSON.stringify({
            ...{ hosts, pieces: hosts.length === 0 ? pieces : spreadProgram(pieces, hosts) },
            ...{ resolved: resolve(pieces).map(marked), ...(empty && { empty: NOTHING }) },
          }),
        );
  await write(lab.pieces);
  await mkdir(join(own, "state"));
  const stack = await openStack({ ...host, try: (...words) => answer(host, words) }, yaml ? own : PROJECT, "dev", {
    PULUMI_BACKEND_URL: `file://${join(own, "state")}`,
    BENCH_LAB: file,
    PULUMI_SKIP_CHECKPOINTS: String(skip),
  });
  const checkpoint = join(own, "state/.pulumi/stacks/bench/dev.json");
  const memory = watchMemory(yaml ? "pulumi-resource-netns" : "dynamic-provider");
  const processor: Partial<Record<ProcessorRow, number>> = {};
  const verb =
    (row: ProcessorRow, ...words: string[]) =>
    async () => {
      const before = childrenTime();
      const time = await timed(async () => {
        const { code, stdout, stderr } = await stack.try(...words);
        if (code !== 0) throw new Error(`pulumi ${words.join(" ")}: exit ${code}\n${stdout}\n${stderr}`.slice(-4000));
      });
      processor[row] = childrenTime() - before;
      return time;
    };
  const unasked = ["--yes", "--skip-preview", "--suppress-outputs"];
  return {
    create: verb("createCpu", "up", ...unasked),
    noop: verb("noopCpu", "up", ...unasked),
    preview: verb("previewCpu", "preview"),
    refresh: verb("refreshCpu", "refresh", ...unasked),
    async change() {
      await write(changed(lab));
      return verb("changeCpu", "up", ...unasked)();
    },
    destroy: verb("destroyCpu", "destroy", ...unasked),
    state: async () => (await stat(checkpoint)).size,
    processor: () => processor,
    memory: () => Promise.resolve(memory.peak()),
    ...(empty && {
      recorded: async (pieces) => isDeepStrictEqual(await inputsIn(checkpoint), new Map(pieces.map(marked).map(entry))),
    }),
    async [Symbol.asyncDispose]() {
      memory[Symbol.dispose]();
      await stack[Symbol.asyncDispose]();
      await rm(own, { recursive: true });
    },
  };
}

const marked = (piece: Resolved): Resolved => ({
  ...piece,
  inputs: { ...piece.inputs, __mark: markFor(piece) },
});

const entry = ({ name, inputs }: Resolved): [string, object] => [name, inputs];

/** Returns the inputs of a state's resources, without the reference to their provider. */
async function inputsIn(checkpoint: string): Promise<Map<string, object>> {
  const { resources } = v.parse(CHECKPOINT, JSON.parse(await readFile(checkpoint, "utf8"))).checkpoint.latest;
  return new Map(
    resources.flatMap(({ urn, inputs: { __provider, ...inputs } }) =>
      urn.includes("/empty:") ? [[urn.slice(urn.lastIndexOf("::") + 2), inputs]] : [],
    ),
  );
}

const RESOURCE = v.object({ urn: v.string(), inputs: v.optional(v.record(v.string(), v.unknown()), {}) });
const CHECKPOINT = v.object({ checkpoint: v.object({ latest: v.object({ resources: v.array(RESOURCE) }) }) });

const PROJECT = fileURLToPath(new URL("../project", import.meta.url));

/** The code in each resource of the provider that does nothing, instead of this package's code. */
const NOTHING = `exports.handler=()=>require(${JSON.stringify(join(PROJECT, "empty.cjs"))}).provider`;
