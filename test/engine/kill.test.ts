import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, sandbox, traces } from "../../tools/sandbox.ts";
import { openStack, type Stack } from "../../tools/stack.ts";
import { type Killer, openKiller, type Victims } from "../support/killer.ts";
import { openProject, type Project } from "../support/project.ts";

let host: Sandbox;
let killer: Killer;
let project: Project;
let before: string;

beforeAll(async () => {
  host = await sandbox();
  before = await traces(host);
  killer = await openKiller();
  project = await openProject(host, "kill");
  await project.program(`
    const red = new Namespace("red");
    const lan = new Bridge("lan");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
    new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
  `);
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await killer[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

/** Runs a command of a stack that is killed after so many changes; whether it came to that. */
async function killed(stack: Stack, verb: "up" | "destroy", commands: number, victims: Victims): Promise<boolean> {
  await killer.arm(commands, victims);
  const { code } = await stack.try(verb, "--yes", "--skip-preview");
  const fired = await killer.fired();
  await killer.arm(Number.MAX_SAFE_INTEGER, victims);
  expect(code !== 0).toBe(fired);
  if (fired && victims.includes("engine")) await stack.cancel();
  return fired;
}

test.each<[Victims, Record<string, string>]>([
  ["provider", {}],
  ["provider and engine", {}],
  ["provider and engine", { PULUMI_SKIP_CHECKPOINTS: "true" }],
])(
  "an up that loses its %s after any command, with %j, is finished by the next",
  async (victims, more) => {
    let fired = true;
    for (let commands = 1; fired; commands += 1) {
      expect(commands).toBeLessThan(30);
      await using stack = await openStack(host, project.folder, "dev", { PATH: killer.path, ...more });
      fired = await killed(stack, "up", commands, victims);
      await stack.up();
      await host.run("ip", "netns", "exec", "red", "ip", "route", "get", "192.0.2.1");
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      await stack.destroy();
      expect(await traces(host)).toBe(before);
    }
  },
  900_000,
);

test.each<[Victims]>([["provider"], ["provider and engine"]])(
  "a destroy that loses its %s after any command is finished by the next",
  async (victims) => {
    let fired = true;
    for (let commands = 1; fired; commands += 1) {
      expect(commands).toBeLessThan(30);
      await using stack = await openStack(host, project.folder, "dev", { PATH: killer.path });
      await killer.arm(Number.MAX_SAFE_INTEGER, victims);
      await stack.up();
      fired = await killed(stack, "destroy", commands, victims);
      await stack.destroy();
      expect(await traces(host)).toBe(before);
    }
  },
  900_000,
);
