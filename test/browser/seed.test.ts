import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { example, openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";
import { COMMAND } from "../cli/bench.ts";

let host: Sandbox;
let folder: string;
let seed: Stack;
let environment: string[];

beforeAll(async () => {
  host = await sandbox();
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-graph-"));
  for (const file of ["index.ts", "Pulumi.yaml", "package.json", "tsconfig.json"]) {
    await cp(join(example("seed"), file), join(folder, file));
  }
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  await mkdir(join(folder, "backend"));
  const own = { PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`, PULUMI_HOME: join(folder, "home") };
  environment = [
    ...Object.entries(own).map(([key, value]) => `${key}=${value}`),
    "PULUMI_CONFIG_PASSPHRASE=",
    "PULUMI_SKIP_UPDATE_CHECK=true",
  ];
  seed = await openStack(host, folder, "dev", own);
  await seed.config({ stage: 5, nat: true });
  await seed.up();
});

afterAll(async () => {
  await seed[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const graph = (...args: string[]) =>
  host.run("env", ...environment, ...COMMAND, "graph", "-C", folder, "-s", "dev", ...args);

test("graph draws the picture in the README", async () => {
  await graph("-o", join(folder, "seed.svg"));
  expect(await readFile(join(folder, "seed.svg"), "utf8")).toBe(
    await readFile(join(REPOSITORY, "docs/images/seed.svg"), "utf8"),
  );
});

test("graph --preview marks the changes of the next up", async () => {
  await writeFile(join(folder, "Pulumi.dev.yaml"), `config:\n  seed:stage: "4"\n  seed:nat: "true"\n`);
  const picture = await graph("--preview");
  for (const text of ["+ 192.168.1.0/24 via 192.168.15.5", "+ 1 will be added", "− 2 will be removed"]) {
    expect(picture).toContain(text);
  }
});

test("graph --live marks missing and drifted objects, and the page shows the differences", async () => {
  await host.run("ip", "-n", "red", "route", "delete", "default");
  await host.run("ip", "-n", "red", "link", "set", "dev", "veth-red", "mtu", "1400");
  await graph("--live", "-o", join(folder, "seed.html"));
  const page = await readFile(join(folder, "seed.html"), "utf8");
  expect(page).toMatch(/^<!doctype html>/);
  // The page contains the picture.
  for (const text of [
    "! default via 192.168.15.5",
    "≠ veth-red<",
    "! 1 not in the kernel",
    "≠ 1 differs in the kernel",
    "a.mtu 1500 → 1400",
  ]) {
    expect(page).toContain(text);
  }
  expect(await graph("--format", "html")).not.toContain("not in the kernel");
});
