import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { fastPulumi } from "../sandbox/fast-pulumi.ts";
import { type Sandbox, sandbox } from "../tools/sandbox.ts";
import { openStack, REPOSITORY, type Stack } from "../tools/stack.ts";
import { timed } from "./columns/column.ts";
import { answer } from "./command.ts";
import { childrenTime } from "./processor.ts";
import { median } from "./results.ts";

/*
 * Measures the time from an edit of a program to the end of `pulumi up`, with its preview, in several environments side by side. Each edit
 * changes a comment and a NAT rule.
 */

const { sizes, rounds } = new Command("edit")
  .option("--sizes <numbers...>", "the numbers of hosts, about three resources each", ["3", "65"])
  .option("--rounds <number>", "the number of measured edits in each environment", "3")
  .parse()
  .opts<{ sizes: string[]; rounds: string }>();

const { PULUMI_NODEJS_TRANSPILE_ONLY, NODE_COMPILE_CACHE, NODE_OPTIONS } = fastPulumi() as Environment;
const pulumis = { PULUMI_NODEJS_TRANSPILE_ONLY: "false", NODE_COMPILE_CACHE: "", NODE_OPTIONS: "" };

/** The environments, from that of Pulumi itself to the default of `npx pulumi` in this repository. */
const ENVIRONMENTS: Readonly<Record<string, Environment>> = {
  "Pulumi's own": pulumis,
  "without type check": { ...pulumis, PULUMI_NODEJS_TRANSPILE_ONLY },
  "and with compile cache": { ...pulumis, PULUMI_NODEJS_TRANSPILE_ONLY, NODE_COMPILE_CACHE },
  "and with fewer modules and traces": { PULUMI_NODEJS_TRANSPILE_ONLY, NODE_COMPILE_CACHE, NODE_OPTIONS },
};

type Environment = Record<"PULUMI_NODEJS_TRANSPILE_ONLY" | "NODE_COMPILE_CACHE" | "NODE_OPTIONS", string>;

for (const size of sizes) await measure(Number(size));

/** Measures a lab of some hosts in all environments, and prints the medians. */
async function measure(hosts: number): Promise<void> {
  const projects: Project[] = [];
  try {
    for (const [name, environment] of Object.entries(ENVIRONMENTS)) projects.push(await open(name, environment, hosts));
    for (let round = 0; round <= Number(rounds); round += 1)
      for (const project of round % 2 === 0 ? projects : projects.toReversed()) await edit(project, round);
    const [first] = projects;
    for (const { name, resources, processor, times } of projects) {
      const ratios = [processor, times].map((list, index) => {
        const base = median(index === 0 ? first?.processor : first?.times) ?? 0;
        return `${((median(list) ?? 0) / 1000).toFixed(2)} s (×${((median(list) ?? 0) / base).toFixed(2)})`;
      });
      console.log(`${resources} resources, ${name}: processor ${ratios[0]}, time ${ratios[1]}`);
    }
  } finally {
    for (const { close } of projects) await close();
  }
}

interface Project {
  readonly name: string;
  readonly hosts: number;
  readonly folder: string;
  readonly stack: Stack;
  resources: number;
  /** Milliseconds of each round. */
  readonly processor: number[];
  readonly times: number[];
  readonly close: () => Promise<void>;
}

async function open(name: string, environment: Environment, hosts: number): Promise<Project> {
  const host: Sandbox = await sandbox();
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-edit-"));
  await mkdir(join(folder, "node_modules"));
  for (const one of ["@pulumi", "pulumi-netns", "@types"])
    await symlink(join(REPOSITORY, "node_modules", one), join(folder, "node_modules", one));
  const files = {
    "package.json": { name: "edit", main: "index.ts" },
    "Pulumi.yaml": { name: "edit", runtime: "nodejs" },
    "tsconfig.json": { compilerOptions: { strict: true, target: "es2022", module: "nodenext" }, files: ["index.ts"] },
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), JSON.stringify(content));
  const stack = await openStack({ ...host, try: (...words) => answer(host, words) }, folder, "dev", environment);
  const close = async () => {
    await stack[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
  return { name, hosts, folder, stack, resources: 0, processor: [], times: [], close };
}

/** Edits a program, and measures `pulumi up`. The first edit creates the lab, and fills caches. */
async function edit(project: Project, round: number): Promise<void> {
  await writeFile(join(project.folder, "index.ts"), program(project.hosts, round));
  const before = childrenTime();
  let stdout = "";
  const time = await timed(async () => {
    const { code, ...said } = await project.stack.try("up", "--yes", ...(round === 0 ? ["--skip-preview"] : []));
    stdout = said.stdout;
    if (code !== 0) throw new Error(`${project.name}: exit ${code}\n${said.stdout}\n${said.stderr}`);
  });
  if (round === 0) {
    project.resources = Number(/\+ (\d+) created/.exec(stdout)?.[1]);
    return;
  }
  if (!/~ 1 updated/.test(stdout)) throw new Error(`${project.name}: the edit changed other resources\n${stdout}`);
  project.processor.push(childrenTime() - before);
  project.times.push(time);
}

/** Returns a program. Pulumi keeps the result of a type check by the program's text, so each edit has a text that no other run has. */
function program(hosts: number, round: number): string {
  return `
import { Lan, NatRule, Sysctl } from "pulumi-netns";
// Edit ${round} of ${Date.now()}
new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: 1 });
new Lan("lan", { networks: ["10.0.0.0/16"], hosts: Array.from({ length: ${hosts} }, (_, index) => \`h\${index}\`) });
new NatRule("out", { type: "masquerade", source: "10.0.${round}.0/24" });
`;
}
