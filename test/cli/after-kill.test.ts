import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { openStack, type Stack } from "../../tools/stack.ts";
import { engineIn } from "../support/engine-processes.ts";
import { type Killer, openKiller } from "../support/killer.ts";
import { openProject, type Project } from "../support/project.ts";
import { COMMAND } from "./bench.ts";

let host: Sandbox;
let killer: Killer;
let project: Project;
let stack: Stack;
let before: string;

beforeEach(async () => {
  host = await sandbox();
  before = await traces(host);
  killer = await openKiller();
  project = await openProject(host, "killed");
  stack = await openStack(host, project.folder, "dev", { PATH: killer.path });
});

afterEach(async () => {
  for (const part of [stack, project, killer, host]) await part[Symbol.asyncDispose]();
});

const netns = (command: string, ...args: string[]) =>
  host.try(...(stack.env as [string]), ...COMMAND, command, ...["--cwd", project.folder, "--stack", "dev"], ...args);

const LAB = `
  for (const name of ["red", "blue"]) new Namespace(name);
  new Bridge("lan");
  new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
`;

/** Runs an up whose engine is killed after so many changes. Nothing of it gets into the state. */
async function killedUp(commands: number): Promise<void> {
  await killer.arm(commands, "provider and engine");
  await stack.try("up", "--yes", "--skip-preview");
  expect(await killer.fired()).toBe(true);
  await killer.arm(Number.MAX_SAFE_INTEGER, "command");
}

const NOT_IN_STATE =
  /^Objects with the stack's mark that are not in its state:\n(?: {2}\w.*\n)+ {2}help: `pulumi up` takes over/m;
const LOCKED =
  /^this stack is locked by a run of `pulumi` \(process \d+, which has ended\)\n {2}help: run `pulumi cancel`/m;

test("after a killed first up, status tells what there is and of the lock, and clean removes it", async () => {
  await project.program(LAB);
  await killedUp(6);
  const left = await host.run("ls", "/run/netns");
  const { code, stdout } = await netns("status");
  expect(code).toBe(3);
  expect(stdout).toMatch(/^This stack has no resources\./);
  expect(stdout).toMatch(NOT_IN_STATE);
  for (const name of left.split("\n"))
    expect(stdout).toMatch(new RegExp(`^ {2}namespace +${name} +with everything in it`, "m"));
  expect(stdout).toMatch(LOCKED);
  const { beside, locks } = JSON.parse((await netns("status", "--json")).stdout);
  expect(beside).toContainEqual({ what: "namespace", namespace: left.split("\n")[0], name: left.split("\n")[0] });
  expect(locks).toEqual([{ pid: expect.any(Number), machine: expect.any(String), running: false }]);

  const cleaned = await netns("clean", "--yes");
  expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringMatching(LOCKED) });
  await expect.poll(() => traces(host), SOON).toBe(before);
  await stack.cancel();
  expect((await netns("status")).stdout).toMatch(/^This stack has no resources\. `pulumi up` creates those.*$/);
});

test("an up takes over what a killed one has left, and status then tells of nothing more", async () => {
  await project.program(LAB);
  await killedUp(6);
  await stack.cancel();
  await stack.up();
  const { code, stdout } = await netns("status");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^4 resources: 4 up$/m);
  expect(stdout).not.toMatch(/not in its state|locked/);
  expect((await netns("clean", "--yes")).stdout).toMatch(
    /^No objects of stack killed\/dev found outside of its state\. `pulumi destroy` deletes the objects in the state\.$/m,
  );
  expect((await netns("status")).code).toBe(0);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("what a killed up has added to a lab outlives a destroy, is told beside the state, and clean removes it alone", async () => {
  await project.program(`new Namespace("red"); new NatRule("out", { type: "masquerade", source: "10.0.0.0/24" });`);
  await stack.up();
  await project.program(
    `new Namespace("red"); new Namespace("blue"); new Bridge("lan");
     new NatRule("out", { type: "masquerade", source: "10.0.0.0/24" });
     new NatRule("more", { type: "masquerade", source: "10.9.0.0/24" });
     const last = new Namespace("last"); new Namespace("never", {}, { dependsOn: last });`,
  );
  await killedUp(11);
  await stack.cancel();
  const { code, stdout } = await netns("status");
  expect(code).toBe(3);
  expect(stdout).toMatch(/^2 resources: 2 up$/m);
  expect(stdout).toMatch(/^ {2}nft rule +pulumi-netns:killed\/dev\S*:more@[0-9a-f]{8}/m);
  expect(stdout).toMatch(/^ {2}link +lan$/m);
  expect(stdout).toMatch(/^ {2}namespace +blue +with everything in it$/m);
  expect(stdout).not.toMatch(/^ {2}(namespace +red|nft table|nft rule .*:out@)/m);

  expect((await netns("clean", "--yes")).stdout).toMatch(
    /^Found objects of stack killed\/dev that are not in its state:$/m,
  );
  expect(await netns("status")).toMatchObject({ code: 0, stdout: expect.not.stringContaining("not in its state") });
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("after a killed up and a destroy, status tells what still stands, and clean removes it", async () => {
  await project.program(LAB);
  await killedUp(6);
  await stack.cancel();
  await stack.destroy();
  expect(await traces(host)).not.toBe(before);
  expect(await netns("status")).toMatchObject({ code: 3, stdout: expect.stringMatching(NOT_IN_STATE) });
  await netns("clean", "--yes");
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("while pulumi is at work, status says so, and clean refuses", async () => {
  await project.program(`
    import { Process } from "pulumi-netns";
    const red = new Namespace("red");
    new Process("slow", { namespace: red, command: ["sleep", "1000"], settle: 15000 });
  `);
  const up = stack.try("up", "--yes", "--skip-preview");
  await expect
    .poll(() => host.try("ip", "netns", "pids", "red"), { timeout: 20_000 })
    .toMatchObject({ stdout: expect.stringMatching(/\d/) });
  const atWork = `\`pulumi\` is running on this stack (process ${engineIn(host).pid})\n  help: wait until it ends`;
  expect((await netns("status")).stdout).toContain(atWork);
  expect(await netns("clean", "--yes")).toMatchObject({ code: 1, stderr: `error: ${atWork}` });
  expect(await up).toMatchObject({ code: 0 });
  expect((await netns("status")).stdout).not.toContain("is running on this stack");
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
