import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { type Engine, type EngineOptions, openEngine } from "./engine.ts";
import { openProject, type Project } from "./project.ts";
import { openSshBed, type SshBed } from "./ssh-bed.ts";

/** The lab hosts of a test file, which the provider reaches by ssh. */
export interface FarHosts {
  readonly bed: SshBed;
  /** Returns the objects of each lab host, as text. */
  traces(): Promise<string[]>;
}

/**
 * Opens lab hosts with an ssh server for all tests of a file. The `ssh` of the test process, and of those that it starts, connects to them.
 */
export function farHostsForAll(...names: readonly string[]): FarHosts {
  const former = process.env["PATH"];
  let bed: SshBed;

  beforeAll(async () => {
    bed = await openSshBed(...names);
    Object.assign(process.env, bed.env);
  });

  afterAll(async () => {
    process.env["PATH"] = former;
    delete process.env["XDG_RUNTIME_DIR"];
    await bed[Symbol.asyncDispose]();
  });

  return {
    get bed() {
      return bed;
    },
    traces: () => Promise.all(names.map((name) => bed.host(name).traces())),
  };
}

/** A project of Pulumi's engine with its lab hosts. */
export interface FarProject extends FarHosts {
  readonly project: Project;
  /** Returns the words that run `pulumi-netns` on the stack, in the management sandbox and with the ssh of the bed. */
  words(command: string, ...args: readonly string[]): [string, ...string[]];
}

/** Opens lab hosts with an ssh server, and a project of Pulumi's engine, for all tests of a file. */
export function farProjectForAll(name: string, ...hosts: readonly string[]): FarProject {
  const far = farHostsForAll(...hosts);
  let project: Project;

  beforeAll(async () => {
    project = await openProject(far.bed.management, name);
  });

  afterAll(() => project[Symbol.asyncDispose]());

  return {
    get bed() {
      return far.bed;
    },
    get project() {
      return project;
    },
    words: (command, ...args) => [
      ...(project.stack.env as [string, ...string[]]),
      `PATH=${join(REPOSITORY, "node_modules/.bin")}:${process.env["PATH"]}`,
      ...[process.execPath, join(REPOSITORY, "dist/cli/main.js")],
      ...[command, "--cwd", project.folder, "--stack", "dev", ...args],
    ],
    traces: far.traces,
  };
}

/** Opens the engine of a stack whose objects are all on other machines than this one. */
export function openFarEngine(options: Omit<EngineOptions, "kernel" | "order" | "say">): Engine {
  const here = oneByOne((command) => Promise.reject(new Error(`${command.tool} ran on this machine`)));
  return openEngine({ ...options, kernel: () => here });
}

/** A program with a LAN that spans the lab hosts lab1 and lab2 of a bed, and a host on each. */
export const LAN_ON_TWO_HOSTS = `
import { LabHost, Lan } from "pulumi-netns";
const [lab1, lab2] = [
  new LabHost("lab1", { address: "10.77.0.11" }),
  new LabHost("lab2", { address: "10.77.0.12" }),
];
new Lan("office", {
  networks: ["10.1.0.0/24"],
  gateways: [],
  spans: [lab1, lab2],
  hosts: [
    { name: "red", addresses: ["10.1.0.1"] },
    { name: "blue", addresses: ["10.1.0.2"], host: lab2 },
  ],
});
`;
