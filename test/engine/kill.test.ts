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
  await project.program(lab({ link: "eth0", mtu: 1500, address: "10.0.0.2/24", stp: false }));
});

interface Lab {
  readonly link: string;
  readonly mtu: number;
  readonly address: string;
  readonly stp: boolean;
}

const lab = ({ link, mtu, address, stp }: Lab) => `
  const red = new Namespace("red");
  const lan = new Bridge("lan", { stp: ${stp} });
  const wire = new Veth("wire", { a: { name: "${link}", namespace: red }, b: { name: "port", master: lan, mtu: ${mtu} } });
  new Address("ip", { interface: wire.a, address: "${address}" });
  new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
`;

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
  ["command", {}],
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

test.each<[Victims]>([["command"], ["provider"], ["provider and engine"]])(
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

test.each<[string, Partial<Lab>]>([
  ["an update", { mtu: 1400, stp: true }],
  ["a replacement", { link: "eth1", address: "10.0.0.3/24" }],
])(
  "%s that loses its provider and engine after any command is finished by the next",
  async (_what, change) => {
    const first: Lab = { link: "eth0", mtu: 1500, address: "10.0.0.2/24", stp: false };
    await using stack = await openStack(host, project.folder, "dev", { PATH: killer.path });
    let fired = true;
    for (let commands = 1; fired; commands += 1) {
      expect(commands).toBeLessThan(30);
      await project.program(lab(first));
      await stack.up();
      await project.program(lab({ ...first, ...change }));
      fired = await killed(stack, "up", commands, "provider and engine");
      await stack.up();
      expect([commands, await stack.refresh()]).toEqual([commands, []]);
      expect((await host.ip("link", "show", "dev", "port"))[0].mtu).toBe({ ...first, ...change }.mtu);
    }
    await stack.destroy();
    expect(await traces(host)).toBe(before);
  },
  900_000,
);
